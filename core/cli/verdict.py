"""How a `sync` ended: what an admin is told, and the exit code that scripts go by."""

from core.cli.change_table import change_table
from core.cli.exits import DONE, FAILED, NEEDS_ADMIN, UNREACHABLE, CommandFailed
from core.cli.naming import manciple
from core.cli.opening import living_engines
from core.cli.output import say, say_all, say_json
from core.cli.planned import SHOWN, Planned
from core.planning.wording import counted
from core.store import Store


def end(store: Store, planned: Planned, *, as_json: bool) -> int:
    """Say how a run ended.

    :raises CommandFailed: with what is left, and who can do something about it.
    """
    if as_json:
        say_json(planned.document)
    else:
        say_end(planned)
    if error := broken(store, planned):
        raise error
    return verdict(planned)


def broken(store: Store, planned: Planned) -> CommandFailed | None:
    """The error of a run that did not come to a plan, or not to its end; `None` where it did."""
    run = planned.run
    if run.state in ("done", "waiting"):
        return None
    if run.state != "failed":
        return CommandFailed(f"run {run.id} was {run.state}: {run.error}")
    # An engine that was told to stop breaks its run off; everything else is the target's doing.
    is_stopped = all(engine.draining for engine in living_engines(store))
    return CommandFailed(f"run {run.id} failed: {run.error}", FAILED if is_stopped else UNREACHABLE)


def say_end(planned: Planned) -> None:
    """Say how many changes ended how, and list the first of those that are not done."""
    if not planned.changes:
        return
    states = planned.states
    say()
    say(f"Run {planned.run.id}: " + ", ".join(f"{number} {state}" for state, number in sorted(states.items())))
    others = [(listed, change) for listed, change in planned.changes if listed.state != "done"]
    if others:
        say_all(change_table(others[:SHOWN]))


def verdict(planned: Planned) -> int:
    """0 where everything is as the rules want it.

    :raises CommandFailed: with what is left, and who can do something about it.
    """
    run, states = planned.run, planned.states
    if run.state == "done" and (failed := states["failed"] + states["dropped"]):
        raise CommandFailed(f"{counted(failed, 'change')} failed: `{manciple(f'runs {run.id}')}` has the reasons")
    if states["stale"]:
        raise CommandFailed(
            f"left out what no longer fitted, {counted(states['stale'], 'change')}: "
            f"make a new plan with `{manciple(f'sync {run.target}')}`",
            NEEDS_ADMIN,
        )
    if planned.conflicts:
        left = counted(len(planned.conflicts), "conflict")
        raise CommandFailed(f"an admin is needed for {left}: see `{manciple(f'runs {run.id}')}`", NEEDS_ADMIN)
    return DONE
