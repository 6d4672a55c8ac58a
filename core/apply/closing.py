"""Closing a run: what it did is read back, what is not as it left it is told and due again, and then it ends."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from core.apply.comparing import words
from core.apply.computing import computed
from core.apply.ending import Ended, finished
from core.apply.executing import Result
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped, concerns_all
from core.apply.verifying import Verification, verified
from core.planning.wording import counted
from core.store import Transaction, changes, pending, runs
from core.store.changes import Stored
from core.targets.protocol import TargetError

_TOLD = 50
"""Differences that the notes of a run have at most."""
_LOOKED_AT = 20
"""Changes of a user that are looked through for the same one."""


async def closed(
    site: Site, run: int, result: Result, stop: Stop, also: str = "", *, is_lasting: bool = False
) -> Ended:
    """End a run whose changes are over, or were broken off; `also` is the end of the answer.

    `is_lasting`: what differs is only told, since no rule asks for it.
    """
    if result.halted is not None or not _has_done(site, run):
        return await finished(site, run, result, stop, also)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "verifying"))
    try:
        found = await verified(site, run, stop)
    except (TargetError, Stopped) as error:
        await _add_notes(site, run, [f"What was done could not be read back: {error}"])
        ended = await finished(site, run, result, stop, also)
        return replace(ended, is_target_down=isinstance(error, TargetError) and concerns_all(error))
    await _add_notes(site, run, _differences(found))
    await site.store.writer.write(lambda tx: runs.note_verified(tx, run, found.stood, len(found.differing)))
    if not is_lasting:
        waits = await computed(_waits, site, found)
        await write_parts(site.store, waits, lambda tx, _, part: _due_again(tx, part))
    return await finished(site, run, result, stop, _differ(found) + also)


def _has_done(site: Site, run: int) -> bool:
    with site.store.read() as connection:
        found = runs.find(connection, run)
    return found is not None and found.done > 0


def _differ(found: Verification) -> str:
    """How many do not stand, as a part of the answer."""
    return f", {len(found.differing)} not found as made" if found.differing else ""


def _differences(found: Verification) -> list[str]:
    """The notes about what is not as it was left."""
    told = [f"Not found as made: {text}" for _, text in found.differing[:_TOLD]]
    more = len(found.differing) - len(told)
    return [*told, f"Not found as made: {counted(more, 'more change')}."] if more > 0 else told


async def _add_notes(site: Site, run: int, notes: Sequence[str]) -> None:
    if notes:
        await site.store.writer.write(lambda tx: runs.add_notes(tx, run, notes))


def _waits(site: Site, found: Verification) -> list[tuple[Stored, str, int]]:
    """What differs, why it is due again, and when: ever later where the same was made before and did not stay."""
    with site.store.read() as connection:
        return [(stored, text, _wait(connection, stored)) for stored, text in found.differing]


def _wait(connection: Connection, stored: Stored) -> int:
    change = stored.change
    if change.user_id is None:
        return pending.FIRST_RETRY
    made = changes.history(connection, stored.target, _LOOKED_AT, user_id=change.user_id)
    times = sum(listed.state == "done" and words(before) == words(change) for listed, before in made)
    return min(pending.FIRST_RETRY << max(times - 1, 0), pending.LAST_RETRY)


def _due_again(tx: Transaction, waits: Iterable[tuple[Stored, str, int]]) -> None:
    for stored, text, wait in waits:
        change, group = stored.change, stored.change.because.group_id
        if change.user_id is not None:
            pending.postpone(tx, stored.target, "user", {change.user_id: text}, wait, change.because.exchange)
        elif group is not None:
            pending.postpone(tx, stored.target, "group", {group: text}, wait, change.because.exchange)
