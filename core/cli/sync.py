"""`manciple sync`: plan, show, ask, apply."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from core.cli import plan_file
from core.cli.agreeing import agreed, by_number
from core.cli.exits import DONE, NEEDS_ADMIN, USAGE, CommandFailed
from core.cli.following import Following, require_engine
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import say, say_all, say_json, tell
from core.cli.planned import Planned, hold_lines, plan_lines, read_planned
from core.cli.verdict import broken, end, verdict
from core.config import TargetSettings
from core.planning.changes import Plan
from core.planning.document import plan_hash
from core.planning.wording import counted
from core.store import Store, runs, sources
from core.store.runs import Run

PRINTED = Path("-")
"""Instead of a file: the plan is printed."""


@dataclass(frozen=True, slots=True)
class _Session:
    """What every step of one `sync` needs."""

    store: Store
    following: Following
    target: TargetSettings
    as_json: bool
    about: frozenset[str] = frozenset()
    """Subjects of conflicts that this is about, where it is not about everything."""

    @property
    def name(self) -> str:
        return self.target.name

    def planned(self, run: int) -> Planned:
        return read_planned(self.store, run, self.about)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sync",
        short_help="Plan, show, ask, apply.",
        epilog=example(
            "manciple sync wiki",
            "manciple sync wiki --plan plan.json",
            "manciple sync wiki --user ada@example.com --plan -",
            "manciple sync wiki --apply plan.json",
        ),
    )(sync)


def sync(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The name of a [[target]].")],
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Save the plan to FILE, or print it (-); apply nothing."),
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", metavar="FILE", help="Apply the plan in FILE, as far as it still fits.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    user: Annotated[str | None, typer.Option("--user", metavar="NAME", help="Only this user, by userName.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Compare a target with the rules, show what would change and why, and apply it once that is approved.

    The engine does the work; this command asks it to, and follows it. Ends with 3 where conflicts need an admin, where
    nobody could be asked, or where a part of the plan no longer fitted and was left out.
    """
    _refuse_contradictions(plan, apply, yes, user)
    settings = read_config(config)
    wanted = target_named(settings, target)
    given = plan_file.read(apply, wanted.name) if apply is not None else None
    with open_store(settings) as store:
        require_engine(store)
        session = _Session(store, Following(store), wanted, as_json, _subjects(store, wanted, given, user))
        waiting = _tell_of_others(session)
        if given is not None:
            return _apply_file(session, given)
        return _plan(session, user, plan, yes, waiting)


def _refuse_contradictions(plan: Path | None, apply: Path | None, yes: bool, user: str | None) -> None:
    if plan is not None and apply is not None:
        raise CommandFailed("--plan and --apply do not go together: first save, then apply", USAGE)
    if plan is not None and yes:
        raise CommandFailed("--plan applies nothing, so there is nothing to say --yes to: leave one of them out", USAGE)
    if apply is not None and user is not None:
        raise CommandFailed("--apply applies the whole file: leave --user out, or save a plan with --user", USAGE)
    if plan is not None and not plan.absolute().parent.is_dir():
        raise CommandFailed(f"the folder of {plan} is not there: make it first", USAGE)


def _subjects(store: Store, target: TargetSettings, given: Plan | None, user: str | None) -> frozenset[str]:
    """The subjects of conflicts that a file or one user is about.

    :raises CommandFailed: when there is no such user.
    """
    if given is not None:
        return frozenset(conflict.subject for conflict in given.conflicts)
    if user is None:
        return frozenset()
    with store.read() as connection:
        ident = sources.user_named(connection, target.provider, user)
        found = sources.users(connection, target.provider, [ident] if ident is not None else [])
    if not found:
        raise CommandFailed(f"provider {target.provider} has no user {user!r}: give the userName that it sent", USAGE)
    return frozenset({f"user:{found[0].id}", *(f"group:{group}" for group in found[0].groups)})


def _tell_of_others(session: _Session) -> frozenset[int]:
    """Say which runs the target has already; returns those that wait for approval."""
    with session.store.read() as connection:
        found = runs.in_states(connection, (*runs.UNDER_WAY, "waiting"), session.name)
    for run in found:
        if run.state == "waiting":
            tell(f"Run {run.id} of {session.name} waits for approval, with {counted(run.planned, 'change')}.")
        else:
            tell(f"Run {run.id} is under way for {session.name} ({run.state}); this comes after it.")
    return frozenset(run.id for run in found if run.state == "waiting")


def _plan(session: _Session, user: str | None, path: Path | None, yes: bool, waiting: frozenset[int]) -> int:
    subject = session.name if user is None else f"{session.name} user {user}"
    run = session.following.plan(session.name, subject)
    planned = session.planned(run.id)
    if broken(session.store, planned):
        return end(session.store, planned, as_json=session.as_json)
    if not session.as_json and path != PRINTED:
        say_all(plan_lines(planned, is_saved=path is not None))
    if path is not None:
        return _save(session, planned, path, waiting)
    if run.state != "waiting":
        return end(session.store, planned, as_json=session.as_json)
    if run.holds and yes:
        raise CommandFailed(by_number(run), NEEDS_ADMIN)
    if yes or agreed(planned, as_json=session.as_json):
        return end(session.store, session.planned(session.following.approve(run).id), as_json=session.as_json)
    return _not_applied(session, planned, waiting)


def _save(session: _Session, planned: Planned, path: Path, waiting: frozenset[int]) -> int:
    changes = tuple(change for _, change in planned.changes)
    conflicts = tuple(conflict for _, conflict in planned.conflicts)
    plan = Plan(changes, conflicts, planned.run.sentences, planned.holds)
    if path != PRINTED:
        plan_file.write(path, session.name, plan)
    _drop(session, planned.run, waiting)
    if path == PRINTED:
        say_json(plan_file.document(session.name, plan))
    elif session.as_json:
        say_json(session.planned(planned.run.id).document)
    else:
        say()
        apply = manciple(f"sync {session.name} --apply {shlex.quote(str(path))}")
        say(f"Saved to {path}. To apply it: {apply}")
    return verdict(planned)


def _apply_file(session: _Session, plan: Plan) -> int:
    if not plan.changes:
        raise CommandFailed("the plan in this file has no changes: there is nothing to apply", USAGE)
    _refuse_applied(session, plan_hash(plan))
    number = plan_file.insert(session.store, session.name, plan)
    planned = session.planned(number)
    if planned.run.holds:
        if not session.as_json:
            say_all(hold_lines(planned.run))
        if not agreed(planned, as_json=session.as_json):
            raise CommandFailed(by_number(planned.run), NEEDS_ADMIN)
    return end(session.store, session.planned(session.following.approve(planned.run).id), as_json=session.as_json)


def _refuse_applied(session: _Session, digest: str) -> None:
    """Refuse a plan that was applied already: what it was reviewed for is done."""
    with session.store.read() as connection:
        done = [run for run in runs.in_states(connection, ("done",), session.name) if run.plan_hash == digest]
    if done:
        anew = manciple(f"sync {session.name}")
        raise CommandFailed(f"run {done[-1].id} has applied this plan already: make a new one with `{anew}`", USAGE)


def _not_applied(session: _Session, planned: Planned, waiting: frozenset[int]) -> int:
    if not session.as_json and sys.stdin.isatty():
        _drop(session, planned.run, waiting)
        say("Nothing was changed.")
        return DONE
    if session.as_json:
        say_json(planned.document)
    if planned.run.holds:
        raise CommandFailed(by_number(planned.run), NEEDS_ADMIN)
    raise CommandFailed(
        f"run {planned.run.id} waits for approval, and there is nobody to ask: approve it in the console, "
        f"or add --yes to apply without asking, or save the plan with --plan and apply it with --apply",
        NEEDS_ADMIN,
    )


def _drop(session: _Session, run: Run, waiting: frozenset[int]) -> None:
    """Give up the plan that this command asked for; one that waited before is somebody else's."""
    if run.state == "waiting" and run.id not in waiting:
        session.following.drop(run)
