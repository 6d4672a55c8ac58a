"""`manciple requests --replay`: a logged request of a provider sent again, to a sandbox."""

import asyncio
from pathlib import Path

from core.admin import admin
from core.cli.exchange_view import body_lines, took
from core.cli.exits import DONE, FAILED, UNREACHABLE, USAGE, CommandFailed
from core.cli.output import say_all, say_json, tell
from core.config.settings import Settings
from core.credentials import ACCEPTED, SecretReference
from core.exchange import Exchange
from core.replay import NoReplay, Replayed, ReplayRefused, destination, replay
from core.store import Store, audit, exchanges


def replay_one(store: Store, settings: Settings, number: int, to: str, token: str | None, *, as_json: bool) -> int:
    """Send it, note that in the audit trail, and print the answer; 0 where it was accepted.

    :raises CommandFailed: when it cannot be sent, or nobody answers.
    """
    with store.read() as connection:
        found = exchanges.opened(connection, number)
    if found is None:
        raise CommandFailed(f"there is no exchange {number}: the log keeps the newest only, see [log]", USAGE)
    came = _sent(settings, number, found, to, _secret(token))
    store.writer.write_now(
        lambda tx: audit.note(tx, admin(), "replay", f"exchange {number}", f"to {came.url}: {came.status}")
    )
    if as_json:
        body = came.body.decode("utf-8", "replace")
        say_json({"id": number, "url": came.url, "status": came.status, "microseconds": came.duration, "body": body})
    else:
        if came.lacking:
            tell(f"not sent as it came: {came.lacking}")
        say_all([f"{found.method} {came.url}", f"{came.status}, {took(came.duration)}", *body_lines(came.body)])
    return DONE if came.status < 400 else FAILED


def _sent(settings: Settings, number: int, exchange: Exchange, to: str, token: str | None) -> Replayed:
    try:
        return asyncio.run(replay(number, exchange, destination(to, settings), token))
    except ReplayRefused as error:
        raise CommandFailed(f"not replayed: {error}", USAGE) from None
    except NoReplay as error:
        raise CommandFailed(f"not replayed: {error}", UNREACHABLE) from None


def _secret(token: str | None) -> str | None:
    """The secret behind a reference; others can see what stands on a command line, so it is refused there.

    :raises SecretError: when it cannot be had.
    """
    if token is None:
        return None
    reference = SecretReference.parse(token, Path.cwd())
    if reference.scheme == "plain":
        raise CommandFailed(f"--token: others can see the secret on a command line: write {ACCEPTED}", USAGE)
    return reference.resolve()
