"""Keys and what became of them: cleared once their outcome is stored, else left to wait for their retry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from core.apply.executing import Result
from core.apply.parts import write_parts
from core.apply.site import Site
from core.store import Transaction, pending
from core.store.clock import now_ms
from core.store.pending import Key

Kind = Literal["user", "group"]


def claimed(site: Site, only: set[tuple[str, str]] | None = None) -> list[Key]:
    """All keys of the target that are pending, save those that are held; of `only` these kinds and ids."""
    with site.store.read() as connection:
        keys = pending.claim_all(connection, site.name, now_ms())
    return keys if only is None else [key for key in keys if (key.kind, key.id) in only]


async def answer_keys(site: Site, keys: Sequence[Key], result: Result) -> None:
    """Clear the keys whose outcome is stored, and let the others wait, and what is still due without a key of its own.

    Those come first: a crash between two of these writes leaves a key too many, never one too few.
    """
    known: set[tuple[str, str]] = {(key.kind, key.id) for key in keys}
    await _postpone(site, "user", result.unfinished_users, known, result)
    await _postpone(site, "group", result.unfinished_groups, known, result)
    await write_parts(site.store, keys, lambda tx, _, part: _answer(tx, part, result))


async def _postpone(
    site: Site, kind: Kind, unfinished: Mapping[str, str], known: set[tuple[str, str]], result: Result
) -> None:
    """What has a key already keeps its place in the queue: its failures must add up, or it would be tried for ever."""
    new = [(ident, reason) for ident, reason in unfinished.items() if (kind, ident) not in known]
    wait = 0 if result.interrupted else pending.FIRST_RETRY
    await write_parts(site.store, new, lambda tx, _, part: pending.postpone(tx, site.name, kind, dict(part), wait))


def _answer(tx: Transaction, keys: Iterable[Key], result: Result) -> None:
    unfinished = {"user": result.unfinished_users, "group": result.unfinished_groups}
    done = []
    for key in keys:
        reason = unfinished[key.kind].get(key.id)
        if reason is None:
            done.append(key)
        elif not result.interrupted:
            pending.fail(tx, key, reason)
    pending.clear(tx, done)
