"""`manciple requests`: the log of exchanges, searched and followed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection
from typer.core import TyperCommand

from core.cli.exchange_view import exchange_document, exchange_lines, header_line, listed_document, listed_line
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.opening import open_store, read_config
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import columns, flush, say, say_all, say_json, say_json_line, tell
from core.cli.recording import AT_MOST, Recorder
from core.filtering import FIELDS, Condition, FilterError, parse
from core.store import Store, changes, exchanges
from core.store.clock import now_ms
from core.store.exchanges import Listed

_LISTED = 50
"""Exchanges that are listed unless told otherwise."""
_PART = 500
"""Exchanges read at a time while following."""
_CAUSED = 100
"""Changes and outbound exchanges shown of those that one exchange led to."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How exchanges are printed."""

    as_json: bool
    as_lines: bool
    follow: bool

    @property
    def has_header(self) -> bool:
        """What follows a log into another program has lines of exchanges alone."""
        return not self.as_lines and (not self.follow or columns() is not None)


class _Search(TyperCommand):
    """A command whose terms may begin with a hyphen: `-h` asks for help, but the h in `-path:/Users` does not."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what was given; the help option is declared without its letter, which terms would be searched for."""
        return super().parse_args(ctx, ["--help" if arg == "-h" else arg for arg in args])


def register(app: typer.Typer) -> None:
    """Add the command."""
    fields = "\n".join(f"  {field.example:<34}{field.help}" for field in FIELDS)
    examples = example(
        "manciple requests status:4xx party:entra since:1h",
        "manciple requests --follow is:error -party:entra",
        "manciple requests --id 4711",
        "manciple requests party:entra since:1h --record entra.jsonl",
    )
    app.command(
        "requests",
        cls=_Search,
        short_help="Search and follow the log of requests.",
        epilog=f"\b\nQUERY:\n{fields}\n\n{examples}",
        context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    )(requests)


def requests(
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUERY", help="What to look for; all terms must hold.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            max=AT_MOST,
            help=f"How many to list, the newest.  [default: {_LISTED}, with --record {AT_MOST}]",
        ),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    ident: Annotated[
        int | None, typer.Option("--id", metavar="N", min=1, max=LARGEST_NUMBER, help="Show this exchange in full.")
    ] = None,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Print one JSON document per line.")] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record", metavar="FILE", help="Write them as a conversation for tests, without personal values."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --record replace FILE.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List what identity providers sent and what was sent to targets, the newest last.

    A word is looked for in subject, path and outcome; field:value looks in one field; a - before a term turns it round.
    """
    if as_json and ((follow and record is None) or as_lines):
        raise CommandFailed("--json prints one document: use --jsonl alone, which also goes with --follow", USAGE)
    if ident is not None and (follow or query or record):
        raise CommandFailed("--id shows one exchange: leave QUERY, --follow and --record out", USAGE)
    if force and record is None:
        raise CommandFailed("--force goes with --record FILE", USAGE)
    condition = _condition(query or ())
    settings = read_config(config)
    with open_store(settings) as store:
        if ident is not None:
            return _show(store, ident, as_json or as_lines)
        if record is not None:
            recorder = Recorder(store, settings, record, force=force)
            if follow:
                recorder.require_one_provider(query or ())
            return _record(store, condition, limit or AT_MOST, recorder, follow=follow, as_json=as_json)
        form = _Form(as_json, as_lines, follow)
        seen = _list(store, condition, limit or _LISTED, form)
        if follow:
            asyncio.run(_follow(store, condition, seen, lambda rows: _print(rows, form)))
    return DONE


def _condition(query: Sequence[str]) -> Condition:
    if mistaken := next((term for term in query if term.startswith("--")), None):
        raise CommandFailed(f"requests has no option {mistaken}: see `manciple requests --help`", USAGE)
    try:
        return parse(" ".join(query), now_ms())
    except FilterError as error:
        raise CommandFailed(f"QUERY, {error}", USAGE) from None


def _record(store: Store, condition: Condition, limit: int, recorder: Recorder, *, follow: bool, as_json: bool) -> int:
    """Record the newest that match; with `follow` only what comes from now on, shown as it comes, until Ctrl-C."""
    found, newest = _newest(store, condition, limit)

    def take(rows: list[Listed]) -> None:
        recorder.add(rows)
        if not as_json:
            _print(rows, _Form(as_json=False, as_lines=False, follow=True))

    if follow:
        tell("recording what comes: end with Ctrl-C")
        with suppress(KeyboardInterrupt):
            asyncio.run(_follow(store, condition, newest, take))
    else:
        recorder.add(found)
    recorder.write(as_json=as_json)
    return DONE


def _newest(store: Store, condition: Condition, limit: int) -> tuple[list[Listed], int]:
    """The newest that match, and the highest id that was looked at."""
    with store.read() as connection:
        newest = exchanges.newest(connection)
        ids = exchanges.matching(connection, condition.sql(), 0, newest, limit)
        return exchanges.listed(connection, ids), newest


def _list(store: Store, condition: Condition, limit: int, form: _Form) -> int:
    """Print the newest that match; returns the highest id that was looked at."""
    found, newest = _newest(store, condition, limit)
    if form.as_json:
        say_json({"items": [listed_document(row) for row in found]})
        return newest
    if not found and not form.follow:
        tell("no exchange matches")
    elif form.has_header:
        say(header_line(columns()))
    _print(found, form)
    return newest


async def _follow(store: Store, condition: Condition, seen: int, take: Callable[[list[Listed]], None]) -> None:
    with store.watch() as watch:
        while True:
            with store.read() as connection:
                new = _after(connection, seen)
            take([row for row in new if condition.matches(row)])
            seen = max((row.id for row in new), default=seen)
            if len(new) < _PART:
                await watch.wait()


def _after(connection: Connection, seen: int) -> list[Listed]:
    return exchanges.window(connection, seen + 1, 0, _PART)


def _print(found: Sequence[Listed], form: _Form) -> None:
    for row in found:
        if form.as_lines:
            say_json_line(listed_document(row))
        else:
            say(listed_line(row, columns()))
    flush()


def _show(store: Store, ident: int, as_json: bool) -> int:
    with store.read() as connection:
        found = exchanges.opened(connection, ident)
        caused = changes.caused_by(connection, ident, _CAUSED)
        outbound = exchanges.caused_by(connection, ident, _CAUSED)
    if found is None:
        raise CommandFailed(f"there is no exchange {ident}: the log keeps the newest only, see [log]", USAGE)
    if as_json:
        say_json(exchange_document(ident, found, caused, outbound))
    else:
        say_all(exchange_lines(ident, found, caused, outbound))
    return DONE
