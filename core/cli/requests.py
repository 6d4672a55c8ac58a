"""`manciple requests`: the log of exchanges, searched and followed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from core.cli.exchange_view import exchange_document, exchange_lines, header_line, listed_document, listed_line
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.har import write_har
from core.cli.opening import open_store, read_config
from core.cli.options import LARGEST_NUMBER, AsJson, ConfigPath, example
from core.cli.output import columns, flush, say, say_all, say_json, say_json_line, tell
from core.cli.recording import AT_MOST, Recorder
from core.config.settings import Settings
from core.credentials import ACCEPTED
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line says."""

    query: Sequence[str]
    limit: int | None
    follow: bool
    ident: int | None
    as_json: bool
    as_lines: bool
    record: Path | None
    har: Path | None
    force: bool
    replay: int | None
    to: str | None
    token: str | None


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
        "manciple requests is:error since:1d --har failures.har",
        "manciple requests --replay 4711 --to http://127.0.0.1:8440/scim/entra/v2 --token env:SCIM_TOKEN",
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
            help=f"How many to list, the newest.  [default: {_LISTED}, with --record and --har {AT_MOST}]",
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
    har: Annotated[
        Path | None, typer.Option("--har", metavar="FILE", help="Write them as an HTTP Archive, secrets masked.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --record or --har replace FILE.")] = False,
    replay: Annotated[
        int | None,
        typer.Option(
            "--replay", metavar="N", min=1, max=LARGEST_NUMBER, help="Send this inbound exchange again, to a sandbox."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="URL", help="Where --replay sends it: this machine, or a sandbox."),
    ] = None,
    token: Annotated[
        str | None, typer.Option("--token", metavar="REFERENCE", help=f"The token --replay sends: {ACCEPTED}.")
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """List what identity providers sent and what was sent to targets, the newest last.

    A word is looked for in subject, path and outcome; field:value looks in one field; a - before a term turns it round.
    """
    asked = _Asked(query or (), limit, follow, ident, as_json, as_lines, record, har, force, replay, to, token)
    _check(asked)
    condition = _condition(asked.query)
    settings = read_config(config)
    with open_store(settings) as store:
        return _do(store, settings, condition, asked)


def _check(asked: _Asked) -> None:
    """Refuse options that contradict each other.

    :raises CommandFailed: with what to leave out.
    """
    alone = {"--id": asked.ident, "--replay": asked.replay, "--record": asked.record, "--har": asked.har}
    given = [name for name, value in alone.items() if value is not None]
    if asked.as_json and ((asked.follow and asked.record is None) or asked.as_lines):
        raise CommandFailed("--json prints one document: use --jsonl alone, which also goes with --follow", USAGE)
    if len(given) > 1:
        raise CommandFailed(f"{given[0]} and {given[1]} do different things: give one of them", USAGE)
    if given and given[0] in ("--id", "--replay") and (asked.follow or asked.query):
        raise CommandFailed(f"{given[0]} is about one exchange: leave QUERY and --follow out", USAGE)
    if asked.har is not None and asked.follow:
        raise CommandFailed("--har writes what there is: leave --follow out", USAGE)
    if asked.force and asked.record is None and asked.har is None:
        raise CommandFailed("--force goes with --record FILE or --har FILE", USAGE)
    if (asked.replay is None) != (asked.to is None) or (asked.token is not None and asked.replay is None):
        raise CommandFailed("--replay N and --to URL go together, and --token with them", USAGE)


def _do(store: Store, settings: Settings, condition: Condition, asked: _Asked) -> int:
    if asked.ident is not None:
        return _show(store, asked.ident, asked.as_json or asked.as_lines)
    if asked.replay is not None and asked.to is not None:
        # Imported here: the HTTP library takes long to import, and nobody else who searches a log needs it.
        from core.cli.replaying import replay_one

        return replay_one(store, settings, asked.replay, asked.to, asked.token, as_json=asked.as_json)
    if asked.har is not None:
        limit, force, as_json = asked.limit, asked.force, asked.as_json
        write_har(store, settings, condition, asked.har, limit, force=force, as_json=as_json)
        return DONE
    if asked.record is not None:
        recorder = Recorder(store, settings, asked.record, force=asked.force)
        if asked.follow:
            recorder.require_one_provider(asked.query)
        limit = asked.limit or AT_MOST
        return _record(store, condition, limit, recorder, follow=asked.follow, as_json=asked.as_json)
    form = _Form(asked.as_json, asked.as_lines, asked.follow)
    seen = _list(store, condition, asked.limit or _LISTED, form)
    if asked.follow:
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
                last = min(exchanges.newest(connection), seen + _PART)
                ids = exchanges.matching(connection, condition.sql(), seen + 1, last, _PART, newest=False)
                new = exchanges.listed(connection, ids) if ids else []
            take(new)
            is_all, seen = last - seen < _PART, max(seen, last)
            if is_all:
                await watch.wait()


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
