"""Keys and what became of them: cleared once their outcome is stored, else left to wait for their retry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from core.apply.computing import computed
from core.apply.drafting import Draft
from core.apply.executing import Result
from core.apply.late import note_late
from core.apply.parts import write_parts
from core.apply.site import Site
from core.planning.answers import Answer
from core.store import Transaction, answers, links, pending
from core.store.clock import now_ms
from core.store.pending import Key

Kind = Literal["user", "group"]


def claimed(site: Site, only: set[tuple[str, str]] | None = None) -> list[Key]:
    """All keys of the target that are pending, save those that are held; of `only` these kinds and ids."""
    with site.store.read() as connection:
        keys = pending.claim_all(connection, site.name, now_ms())
    return keys if only is None else [key for key in keys if (key.kind, key.id) in only]


async def answer_draft(
    site: Site, keys: Sequence[Key], result: Result, draft: Draft, kept: Collection[str] = ()
) -> None:
    """Answer the keys of a draft that was applied, save for what is kept of these users."""
    unfinished = result.unfinished_users.keys() | set(kept)
    served = await computed(_served, site, draft, unfinished)
    await write_parts(site.store, served, lambda tx, _, part: links.note_served(tx, site.name, part))
    await _carry_out(site, result, draft, unfinished)
    await note_late(site, keys, result)
    await answer_keys(site, keys, result, draft.plan.due)


async def _carry_out(site: Site, result: Result, draft: Draft, unfinished: Collection[str]) -> None:
    """Let those answers be over that were to be carried out once, and are."""
    is_all_done = not unfinished and not result.unfinished_groups

    def is_done(answer: Answer) -> bool:
        what, _, ident = answer.subject.partition(":")
        if result.interrupted or not draft.is_about((answer.kind, answer.subject)):
            return False
        return ident not in unfinished if what == "user" else is_all_done

    if draft.answers:
        await site.store.writer.write(lambda tx: answers.carry_out(tx, draft.answers, is_done))


async def answer_keys(
    site: Site, keys: Sequence[Key], result: Result, due: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Clear the keys whose outcome is stored, and let the others wait, and what is still due without a key of its own.

    `due` says of users when there will be something to do for them. Those that wait come first: a crash between two of
    these writes leaves a key too many, never one too few.
    """
    ours = {key.id: key for key in keys if key.kind == "user"}
    moments = [(ours.get(ident), ident, moment) for ident, moment in due.items()]
    await write_parts(site.store, moments, lambda tx, _, part: _put_off(tx, site.name, part))
    keys = [key for key in keys if key.kind != "user" or key.id not in due]
    known: set[tuple[str, str]] = {(key.kind, key.id) for key in keys}
    await _postpone(site, "user", result.unfinished_users, known, result)
    await _postpone(site, "group", result.unfinished_groups, known, result)
    await write_parts(site.store, keys, lambda tx, _, part: _answer(tx, part, result))


def _served(site: Site, draft: Draft, unfinished: Collection[str]) -> list[str]:
    """The users whose new accounts have got by now all that new ones get."""
    with site.store.read() as connection:
        new = links.new_users(connection, site.name)
    planned = new if draft.subjects is None else {user for user in new if f"user:{user}" in draft.subjects}
    return sorted(planned.difference(unfinished))


def _put_off(tx: Transaction, target: str, moments: Iterable[tuple[Key | None, str, int]]) -> None:
    for key, ident, moment in moments:
        pending.put_off(tx, target, "user", ident, moment, key)


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
