"""What can be done with one run: approve, drop, cancel, pause, resume, or take changes out of its plan."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from core.admin import admin
from core.apply.excluding import NotExcluded, exclude
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.following import Following, require_engine
from core.cli.naming import manciple
from core.cli.output import say, say_json
from core.cli.planned import read_planned
from core.cli.verdict import end
from core.planning.wording import counted
from core.store import Store, changes, orders
from core.store.runs import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; at most one of these."""

    approve: bool = False
    drop: bool = False
    cancel: bool = False
    pause: bool = False
    resume: bool = False
    exclude: str | None = None
    """Numbers of changes as `runs RUN` lists them: `3`, `2,5-9`."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of what is asked for."""
        names = ("approve", "drop", "cancel", "pause", "resume", "exclude")
        return tuple(name for name in names if getattr(self, name))


def carry_out(store: Store, run: Run, wanted: Wanted, *, as_json: bool) -> int:
    """Do it, and say what came of it.

    :raises CommandFailed: when it cannot be done now.
    """
    if wanted.exclude is not None:
        return _exclude(store, run, wanted.exclude, as_json=as_json)
    require_engine(store)
    (name,) = wanted.chosen
    if name == "approve":
        return _approve(store, run, as_json=as_json)
    kinds: dict[str, orders.Kind] = {"drop": "drop", "cancel": "cancel", "pause": "pause", "resume": "resume"}
    answer = Following(store).ask(kinds[name], run)
    say_json({"run": run.id, "answer": answer}) if as_json else say(answer)
    return DONE


def _approve(store: Store, run: Run, *, as_json: bool) -> int:
    ended = Following(store).approve(run)
    return end(store, read_planned(store, ended.id), as_json=as_json)


def _exclude(store: Store, run: Run, text: str, *, as_json: bool) -> int:
    wanted = positions(text, "--exclude")
    with store.read() as connection:
        numbers = [row.id for row in changes.window(connection, run.id, 0, 0, 1 << 31) if row.position + 1 in wanted]
    try:
        out = asyncio.run(exclude(store, run.id, numbers, admin()))
    except NotExcluded as error:
        raise CommandFailed(str(error)) from None
    if as_json:
        say_json({"run": run.id, "excluded": out})
    else:
        rest = manciple(f"runs {run.id} --approve")
        say(f"Took {counted(out, 'change')} out of run {run.id}. To apply the rest: {rest}")
    return DONE


def positions(text: str, what: str) -> frozenset[int]:
    """The numbers in `3` or `2,5-9`; `what` they are given for, for the error.

    :raises CommandFailed: when it is neither.
    """
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) - int(first) > 1_000_000:
            raise CommandFailed(f"{what} {text}: write numbers, as in 3 or 2,5-9", USAGE)
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def refuse_contradictions(wanted: Wanted, run: int | None, others: Sequence[str]) -> None:
    """Refuse what does not go together.

    :raises CommandFailed: saying what to leave out.
    """
    chosen = [f"--{name}" for name in wanted.chosen]
    if len(chosen) > 1:
        raise CommandFailed(f"{' and '.join(chosen)} do not go together: give one of them", USAGE)
    if chosen and run is None:
        raise CommandFailed(
            f"{chosen[0]} is about one run: give its number, as in `{manciple(f'runs 41 {chosen[0]}')}`", USAGE
        )
    if run is not None and others:
        raise CommandFailed(f"RUN and {others[0]} do not go together: a run has one target", USAGE)
