"""`manciple conflicts`: what waits for an admin's decision, what it is about, and the answer to it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.admin import admin
from core.apply.resolving import NotAnswered, end_of, take_back
from core.cli.conflict_answers import Asked, answer_conflicts, answer_lines
from core.cli.conflict_view import opened_one
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.naming import manciple
from core.cli.opening import open_store, read_config, target_named
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.run_orders import positions
from core.cli.table import table
from core.cli.times import iso, iso_or_none, local
from core.config.formats import NotAccepted, duration
from core.planning.document import conflict_document
from core.planning.resolutions import offered
from core.planning.wording import counted
from core.store import answers, conflicts
from core.store.answers import Given
from core.store.clock import now_ms
from core.store.conflicts import Listed

_Number = Annotated[
    int,
    typer.Argument(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="As `conflicts` lists it.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        short_help="List, show and answer conflicts.",
        epilog=example(
            "manciple conflicts",
            "manciple conflicts show 12",
            "manciple conflicts resolve 12 --answer L --value ada",
            "manciple conflicts resolve --kind C16 --answer N",
        ),
        invoke_without_command=True,
        callback=list_conflicts,
    )
    group.command("show", short_help="Show one with its answers.", epilog=example("manciple conflicts show 12"))(show)
    group.command(
        "resolve",
        short_help="Answer one, several, or all of a kind.",
        epilog=example(
            "manciple conflicts resolve 12 --answer N --value ada.lovelace",
            "manciple conflicts resolve 3,7-9 --answer X --yes",
            "manciple conflicts resolve 12 --answer H --owner eve --until 3d",
        ),
    )(resolve)
    group.command(
        "take-back", short_help="Take an answer back, or end a hold.", epilog=example("manciple conflicts take-back 12")
    )(back)
    app.add_typer(group, name="conflicts")


def list_conflicts(
    context: typer.Context,
    target: Annotated[str | None, typer.Option("--target", metavar="NAME", help="Only those of this target.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="CODE", help="Only those of this kind: C16.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="How many to list, the oldest first.")
    ] = 100,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List what waits for a decision: by kind how many, then each."""
    if context.invoked_subcommand is not None:
        return DONE
    settings = read_config(config)
    if target is not None:
        target_named(settings, target)
    with open_store(settings) as store, store.read() as connection:
        found = [
            row for row in conflicts.open_conflicts(connection, target, LARGEST_NUMBER) if kind in (None, row.kind)
        ]
    if as_json:
        say_json({"items": [_document(row) for row in found[:limit]], "number": len(found)})
    else:
        say_all(_list_lines(found, limit))
    return DONE


def show(number: _Number, config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Show what a conflict is about, what was seen on both sides, what can be answered, and what was."""
    with open_store(read_config(config)) as store, store.read() as connection:
        row, conflict = opened_one(connection, number)
        given = answers.of_conflicts(connection, [number])
    if as_json:
        document = conflict_document(conflict) | _document(row)
        document["resolutions"] = [
            {name: getattr(each, name) for name in ("key", "title", "consequence", "needs", "proposed")}
            for each in offered(conflict)
        ]
        say_json({"conflict": document, "answers": [_answer_document(each) for each in given]})
        return DONE
    say(f"Conflict {number} of {row.target}  {conflict.kind}  {conflict.title}")
    say(f"  {conflict.explanation}")
    say_all(_state_lines(row))
    say()
    say_all(f"  {name}: {value}" for name, value in conflict.evidence.items())
    if row.state != "closed":
        say()
        say("Answers, the default first:")
        say_all(answer_lines(conflict))
    if given:
        say()
        say_all(_given_lines(given))
    if row.state in ("open", "held", "skipped"):
        say()
        say(f"To answer: {manciple(f'conflicts resolve {number} --answer KEY')}")
    return DONE


def resolve(
    numbers: Annotated[
        str | None, typer.Argument(metavar="[N,N-N]", help="As `conflicts` lists them.", show_default=False)
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="CODE", help="All open ones of this kind: C16.")] = None,
    target: Annotated[str | None, typer.Option("--target", metavar="NAME", help="Of these, those of a target.")] = None,
    answer: Annotated[str, typer.Option("--answer", metavar="KEY", help="One of its answers: L, N, X, …")] = "",
    value: Annotated[
        str | None,
        typer.Option("--value", metavar="NAME", help="The name that the answer needs; else what it proposes."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why, for those who come later.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="With H: who sees to it.")] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="3d", help="With H: how long, or until which day; it is open again then."),
    ] = None,
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="N", help="How many removals and deactivations you expect of it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Show what an answer would lead to, ask, and give it. What it leads to is done by the next push or
    synchronisation; what would be taken away must be confirmed by its number.
    """
    if (numbers is None) == (kind is None):
        raise CommandFailed("say which: numbers, as in 3,7-9, or --kind CODE", USAGE)
    if not answer:
        raise CommandFailed("say which answer: --answer KEY, one of those that `conflicts show NUMBER` lists", USAGE)
    asked = Asked(answer.upper(), value, note, owner, _until(until), confirm, yes, as_json)
    settings = read_config(config)
    with open_store(settings) as store:
        with store.read() as connection:
            wanted = _chosen(connection, numbers, kind, target)
        return answer_conflicts(settings, store, wanted, asked)


def back(number: _Number, config: ConfigPath = None) -> int:
    """Take the last answer to a conflict back, so far as it was not carried out, or end its hold."""
    with open_store(read_config(config)) as store:
        try:
            said = store.writer.write_now(lambda tx: take_back(tx, number, admin()))
        except NotAnswered as error:
            raise CommandFailed(str(error)) from None
    say(said)
    return DONE


def _chosen(connection: Connection, numbers: str | None, kind: str | None, target: str | None) -> list[int]:
    if numbers is not None:
        return sorted(positions(numbers, "conflicts"))
    rows = conflicts.open_conflicts(connection, target, LARGEST_NUMBER)
    found = [row.id for row in rows if row.kind == kind and row.state == "open"]
    if not found:
        raise CommandFailed(f"no open conflict is of kind {kind}: see `{manciple('conflicts')}`", USAGE)
    return found


def _until(text: str | None) -> int | None:
    """A day, or how long from now: `2027-01-31`, `3d`, `12h`."""
    if text is None:
        return None
    with suppress(NotAccepted):
        return now_ms() + 1000 * duration(text)
    try:
        return end_of(text)
    except NotAnswered as error:
        raise CommandFailed(f"--until {text}: {error}", USAGE) from None


def _list_lines(found: Sequence[Listed], limit: int) -> Iterator[str]:
    if not found:
        yield "Nothing waits for a decision."
        return
    numbers = Counter((row.target, row.kind) for row in found)
    yield f"{counted(len(found), 'conflict')}: " + ", ".join(
        f"{number} {kind} at {target}" for (target, kind), number in sorted(numbers.items())
    )
    yield ""
    headings = ("#", "TARGET", "KIND", "STATE", "SINCE", "OWNER", "WHAT")
    rows = [
        (str(row.id), row.target, row.kind, row.state, local(row.opened_at), row.owner or "-", row.title)
        for row in found[:limit]
    ]
    yield from table(headings, rows, right=("#",), columns=columns())
    if len(found) > limit:
        yield f"… and {len(found) - limit:,} more: --limit {len(found)}"


def _state_lines(row: Listed) -> Iterator[str]:
    until = f" until {local(row.until)}" if row.until is not None else ""
    yield f"  {row.state}{f' by {row.owner}' if row.owner else ''}{until}, since {local(row.opened_at)}"
    if row.note:
        yield f"  note: {row.note}"


def _given_lines(given: Sequence[Given]) -> Iterator[str]:
    yield "What was answered:"
    for each in given:
        by = f"rule {each.rule} of {each.by}" if each.rule is not None else each.by
        ending = f" ({each.ending})" if each.ending else ""
        value = f" {each.value}" if each.value else ""
        yield f"  {local(each.at)}  {each.key}{value}, by {by}: {each.state}{ending}"


def _document(row: Listed) -> dict[str, object]:
    return {
        "id": row.id,
        "target": row.target,
        "kind": row.kind,
        "subject": row.subject,
        "title": row.title,
        "state": row.state,
        "opened": iso(row.opened_at),
        "closed": iso_or_none(row.closed_at),
        "claimed_by": row.claimed_by,
        "owner": row.owner,
        "note": row.note,
        "until": iso_or_none(row.until),
    }


def _answer_document(given: Given) -> dict[str, object]:
    return {
        "id": given.id,
        "key": given.key,
        "value": given.value,
        "by": given.by,
        "rule": given.rule,
        "note": given.note,
        "at": iso(given.at),
        "state": given.state,
        "ending": given.ending,
    }
