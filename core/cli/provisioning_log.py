"""`manciple provisioning-log`: Entra's own log beside ours, and what only one side saw."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.exits import DONE, UNREACHABLE, USAGE, CommandFailed
from core.cli.opening import open_store, provider_named, read_config
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json, tell
from core.cli.progress import Progress
from core.cli.table import table
from core.cli.times import iso, local
from core.config import ProviderSettings, Settings
from core.config.formats import NotAccepted, duration
from core.store.clock import now_ms

if TYPE_CHECKING:
    from core.graph.beside import Beside


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "provisioning-log",
        short_help="Entra's log beside ours: what only one side saw.",
        epilog=example("manciple provisioning-log entra --since 2h", "manciple provisioning-log entra --all --json"),
    )(provisioning_log)


def provisioning_log(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="The name of a [[provider]].")],
    since: Annotated[str, typer.Option("--since", metavar="24h", help="How far back: a number and m, h or d.")] = "24h",
    everything: Annotated[bool, typer.Option("--all", help="List what both sides agree upon, too.")] = False,
    device_code: Annotated[bool, typer.Option("--device-code", help="Sign in with a browser.")] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Read Entra's provisioning log over Microsoft Graph and lay it beside the requests that came here.

    A change that Entra exported and that never came here was lost on the way; a request that Entra has no row of came
    from somebody else. Entra's log is some minutes behind.
    """
    settings = read_config(config)
    found = provider_named(settings, provider)
    pairs = _pairs(settings, found, now_ms() - _seconds(since) * 1000, device_code=device_code)
    shown = pairs if everything else [each for each in pairs if each.verdict != "agree"]
    if as_json:
        say_json({"items": [_document(each) for each in shown], "counts": _counts(pairs)})
    else:
        _say(pairs, shown)
    return DONE


def _pairs(settings: Settings, provider: ProviderSettings, since: int, *, device_code: bool) -> "list[Beside]":
    # Imported here: no other command needs Microsoft's SDK, which is large.
    from core.graph.comparing import compare
    from core.graph.errors import GraphError

    progress = Progress()

    def prompt(address: str, code: str) -> None:
        progress.clear()
        tell(f"Open {address} and enter the code {code}.")

    def waits(seconds: float, reason: str) -> None:
        progress.show(f"{reason}: waiting {seconds:.0f} s")

    if provider.provisioning_log is None:
        remedy = "write provisioning_log = true in its [[provider]], and a [provider.graph] that says as whom"
        raise CommandFailed(f"the provisioning log of {provider.name} is not read: {remedy}", USAGE)
    with open_store(settings, make=True) as store:
        asked = compare(store, settings, provider, since, on_wait=waits, prompt=prompt if device_code else None)
        try:
            return asyncio.run(asked)
        except GraphError as error:
            raise CommandFailed(str(error), UNREACHABLE) from None
        finally:
            progress.clear()


def _seconds(since: str) -> int:
    try:
        return duration(since)
    except NotAccepted as error:
        raise CommandFailed(f"--since: {error.message}. {error.remedy}", USAGE) from None


def _counts(pairs: "list[Beside]") -> dict[str, int]:
    counted = Counter(each.verdict for each in pairs)
    return {verdict: counted[verdict] for verdict in ("agree", "differ", "entra only", "here only", "awaited")}


def _say(pairs: "list[Beside]", shown: "list[Beside]") -> None:
    if shown:
        rows = [(local(each.at), each.verdict, each.name, _entra(each), _here(each)) for each in shown]
        say_all(table(("TIME", "VERDICT", "ABOUT", "ENTRA", "HERE"), rows, columns=columns()))
        for says in dict.fromkeys(each.says for each in shown if each.says):
            say(f"  {says}")
    counts = ", ".join(f"{number} {verdict}" for verdict, number in _counts(pairs).items() if number)
    say(f"{len(pairs)} changes: {counts}" if pairs else "Neither side saw a change in that time.")


def _entra(each: "Beside") -> str:
    return "-" if each.row is None else f"{each.row.action} {each.row.status}"


def _here(each: "Beside") -> str:
    return ", ".join(f"{write.method} {write.status or '-'} ({write.exchange})" for write in each.writes) or "-"


def _document(each: "Beside") -> dict[str, object]:
    row = each.row
    return {
        "verdict": each.verdict,
        "at": iso(each.at),
        "name": each.name,
        "says": each.says,
        "entra": None
        if row is None
        else {
            "action": row.action,
            "status": row.status,
            "kind": row.kind,
            "source": row.source,
            "target": row.target,
            "error": row.error,
        },
        "here": [
            {"exchange": write.exchange, "method": write.method, "status": write.status, "at": iso(write.at)}
            for write in each.writes
        ],
    }
