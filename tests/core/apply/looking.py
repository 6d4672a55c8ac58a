"""What there is to see afterwards, in words: steps of runs, effects at the target, conflicts, keys that wait."""

from core.apply.approving import approve
from core.apply.ending import Ended
from core.apply.pushing import Push, due
from core.apply.running import Comparison, compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.sandbox.confluence import Confluence
from core.store import Store, changes, conflicts, pending, runs
from core.store.pending import Key
from core.store.runs import Run
from tests.core.apply.company import TARGET

NOW = Comparison("schedule", hold=False)
HELD = Comparison("order", hold=True, asked_by="ada@console")


async def compared(site: Site, comparison: Comparison = NOW, stop: Stop | None = None) -> Ended:
    return await compare(site, comparison, stop or Stop(), 4)


async def approved(site: Site, run: int) -> Ended:
    """The plan that waits in `run`, approved by `bob@console`."""
    return await approve(site, run_of(site.store, run), "bob@console", Stop(), 4)


async def pushed(site: Site, stop: Stop | None = None, at_once: int = 4) -> Ended:
    """One run over all keys that are due, and those that become due meanwhile."""

    async def more() -> list[Key]:
        return due(site)

    return await Push(site, stop or Stop(), at_once).work(due(site), more)


def run_of(store: Store, number: int) -> Run:
    with store.read() as connection:
        run = runs.find(connection, number)
    assert run is not None
    return run


def states(store: Store) -> list[str]:
    """The states of all runs, oldest first."""
    with store.read() as connection:
        return [run.state for run in reversed(runs.newest(connection, 1000))]


def steps(store: Store, run: int) -> list[str]:
    """The changes of a run: `add-member ada Crew done`."""
    with store.read() as connection:
        return [
            " ".join(filter(None, (stored.change.kind, stored.change.account, stored.change.group, stored.state)))
            for stored in changes.of_run(connection, run)
        ]


def errors(store: Store, run: int) -> dict[str, str]:
    """Why changes of a run ended other than well: `add-member ada Crew` → the reason."""
    with store.read() as connection:
        opened = [changes.opened(connection, stored.id) for stored in changes.of_run(connection, run)]
    return {
        " ".join(filter(None, (change.kind, change.account, change.group))): listed.error
        for listed, change in filter(None, opened)
        if listed.error
    }


def effects(confluence: Confluence) -> list[str]:
    """What was really changed, without the default group that Confluence adds by itself."""
    return [
        f"{effect.kind} {effect.subject} {effect.detail}".rstrip()
        for effect in confluence.effects
        if effect.kind != "join-default-group"
    ]


def held(store: Store) -> set[tuple[str, str]]:
    """Kind and subject of the open conflicts."""
    with store.read() as connection:
        return {(each.kind, each.subject) for each in conflicts.open_conflicts(connection, TARGET)}


def waiting(store: Store) -> dict[str, int]:
    """Failed attempts of every pending key, due or not, by its id."""
    with store.read() as connection:
        return {key.id: key.attempts for key in pending.claim(connection, TARGET, 1 << 60, 1 << 30)}


def due_now(site: Site) -> set[str]:
    """Ids of the keys that may be worked on now."""
    return {key.id for key in due(site)}
