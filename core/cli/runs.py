"""`manciple runs`: the history of synchronisations, and one of them with every change and its reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.cli.change_table import change_table, has_words
from core.cli.conflict_view import Numbered, conflict_documents, conflict_lines, open_at
from core.cli.documents import change_documents, changes_of, holds_of, run_document, stale_of
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.planned import hold_lines
from core.cli.run_orders import Wanted, carry_out, refuse_contradictions
from core.cli.table import table
from core.cli.times import local, local_or_dash, span
from core.planning.wording import counted
from core.store import runs as stored_runs
from core.store.clock import now_ms
from core.store.runs import Run

_NUMBERS = ("RUN", "PLANNED", "DONE", "FAILED", "STALE", "CONFLICTS")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "runs",
        short_help="List runs, or show one.",
        epilog=example(
            "manciple runs --target wiki --limit 50", "manciple runs 7 --find 'ada failed'", "manciple runs 7 --approve"
        ),
    )(runs)


def runs(
    run: Annotated[
        int | None,
        typer.Argument(metavar="RUN", min=1, max=LARGEST_NUMBER, help="The number of one run.", show_default=False),
    ] = None,
    target: Annotated[str | None, typer.Option("--target", metavar="NAME", help="Only runs of this target.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="How many runs to list, the newest first.")
    ] = 20,
    approve: Annotated[bool, typer.Option("--approve", help="Apply the plan of RUN, which waits.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Give up the plan of RUN, which waits.")] = False,
    exclude: Annotated[
        str | None, typer.Option("--exclude", metavar="N,N-N", help="Take these changes out of the plan of RUN.")
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="Stop RUN after the calls that are under way.")] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Let RUN wait before its next change.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Let RUN go on.")] = False,
    find: Annotated[
        str | None, typer.Option("--find", metavar="WORDS", help="Of RUN show only the changes with all these words.")
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List the newest runs, or show one run with all its changes, and the conflicts that its target has open now.

    With one of the options about RUN, does that instead.
    """
    wanted = Wanted(approve, drop, cancel, pause, resume, exclude)
    refuse_contradictions(wanted, run, ["--target"] if target is not None else [])
    if find is not None and (run is None or wanted.chosen):
        raise CommandFailed("--find shows changes of one run: manciple runs RUN --find WORDS", USAGE)
    if run is None:
        return _list(config, target, limit, as_json)
    return _do(config, run, wanted, as_json) if wanted.chosen else _show(config, run, find, as_json)


def _do(config: Path | None, number: int, wanted: Wanted, as_json: bool) -> int:
    with open_store(read_config(config)) as store:
        with store.read() as connection:
            run = _found(connection, number)
        return carry_out(store, run, wanted, as_json=as_json)


def _found(connection: Connection, number: int) -> Run:
    run = stored_runs.find(connection, number)
    if run is None:
        raise CommandFailed(f"there is no run {number}: see `{manciple('runs')}`", USAGE)
    return run


def _list(config: Path | None, target: str | None, limit: int, as_json: bool) -> int:
    settings = read_config(config)
    with open_store(settings) as store, store.read() as connection:
        found = [(run, stale_of(connection, run)) for run in stored_runs.newest(connection, limit, target)]
        holds = [holds_of(connection, run) if as_json else () for run, _ in found]
    if not found and target is not None:
        target_named(settings, target)
    if as_json:
        say_json({"items": [run_document(*each, holding) for each, holding in zip(found, holds, strict=True)]})
    elif found:
        headings = ("RUN", "TARGET", "TRIGGER", "SCOPE", "STATE", "STARTED", "TOOK", *_NUMBERS[1:])
        rows = [_row(run, stale) for run, stale in found]
        say_all(table(headings, rows, right=_NUMBERS, spare=("TRIGGER", "TOOK"), columns=columns()))
    else:
        say("No runs yet.")
    return DONE


def _row(run: Run, stale: int) -> tuple[str, ...]:
    return (
        str(run.id),
        run.target,
        run.trigger,
        run.scope,
        run.state,
        local(run.started_at),
        span((run.finished_at or now_ms()) - run.started_at),
        str(run.planned),
        str(run.done),
        str(run.failed - stale),
        str(stale),
        str(run.conflicts),
    )


def _show(config: Path | None, number: int, words: str | None, as_json: bool) -> int:
    with open_store(read_config(config)) as store, store.read() as connection:
        run = _found(connection, number)
        found, holds = changes_of(connection, run), holds_of(connection, run)
        conflicts = [(row.id, conflict) for row, conflict in open_at(connection, run.target)]
    states: Counter[str] = Counter(listed.state for listed, _ in found)
    found = found if words is None else [each for each in found if has_words(*each, words)]
    if as_json:
        document = {"run": run_document(run, states["stale"], holds), "items": change_documents(found)}
        say_json(document | {"conflicts": conflict_documents(conflicts)})
        return DONE
    _say_run(run, states)
    if run.holds and run.state == "waiting":
        say()
        say_all(hold_lines(run))
    if found:
        say()
        say_all(change_table(found))
    elif words is not None:
        say(f"None of its {counted(sum(states.values()), 'change')} has all the words '{words}'.")
    if conflicts:
        say()
        say_all(_conflicts(run.target, conflicts))
    return DONE


def _say_run(run: Run, states: Counter[str]) -> None:
    by = f" by {run.asked_by}" if run.asked_by else ""
    say(f"Run {run.id} of {run.target}: {run.scope}, begun by {run.trigger}{by}")
    approved = f", approved by {run.approved_by}" if run.approved_by else ""
    say(f"  state     {run.state}{approved}{f': {run.error}' if run.error else ''}")
    say(f"  started   {local(run.started_at)}")
    say(f"  finished  {local_or_dash(run.finished_at)}")
    say(f"  read      {run.read}")
    say(f"  changes   {', '.join(f'{number} {state}' for state, number in sorted(states.items())) or 'none'}")
    say(f"  conflicts {run.conflicts}")
    if run.verified or run.differing:
        say(f"  read back {run.verified} as they should be, {run.differing} not")
    if run.undoes:
        say(f"  undoes    run {run.undoes}")
    for note in run.sentences:
        say(f"  note      {note}")


def _conflicts(target: str, found: Sequence[Numbered]) -> Iterator[str]:
    yield f"{counted(len(found), 'open conflict')} of {target}. To answer one: {manciple('conflicts show NUMBER')}"
    yield from conflict_lines(found, with_evidence=True)
