"""Conflicts that come of applying: opened when a target refuses again and again, closed once it does no more."""

from collections.abc import Iterable, Mapping, Sequence

from core.apply.executing import Result
from core.apply.site import Site
from core.planning.changes import Conflict
from core.planning.late_conflicts import AFTER, NO_SEATS, REFUSED, no_seats, refused
from core.store import Transaction, conflicts, sources
from core.store.pending import Key


async def note_late(site: Site, keys: Sequence[Key], result: Result) -> None:
    """Open and close what the outcome of these keys says."""
    if result.interrupted:
        return
    failing, over = _sorted(keys, result)
    found = _refusals(site, failing, {**result.unfinished_groups, **result.unfinished_users}) if failing else []
    waiting = sum(result.no_seats is not None and reason == result.no_seats for reason in _reasons(result))
    if result.no_seats is not None:
        found.append(no_seats(site.name, result.no_seats, max(1, waiting)))
    ended = [f"{key.kind}:{key.id}" for key in over]
    seats_are_free = result.no_seats is None and result.has_created

    def write(tx: Transaction) -> None:
        conflicts.close_about(tx, site.name, REFUSED, ended)
        if seats_are_free:
            conflicts.close_about(tx, site.name, NO_SEATS, [f"target:{site.name}"])
        conflicts.renew(tx, site.name, 0, found, lambda _: True)

    if found or ended or seats_are_free:
        await site.store.writer.write(write)


async def note_unreadable(site: Site, key: Key, reason: str) -> None:
    """Open what is to be said of a key that could not even be planned, since the target cannot tell of it."""
    if key.attempts + 1 >= AFTER:
        found = _refusals(site, [key], {key.id: reason})
        await site.store.writer.write(lambda tx: conflicts.renew(tx, site.name, 0, found, lambda _: True))


def _reasons(result: Result) -> Iterable[str]:
    return result.unfinished_users.values()


def _sorted(keys: Sequence[Key], result: Result) -> tuple[list[Key], list[Key]]:
    """The keys that failed too often by now, and those that are done."""
    unfinished: Mapping[str, Mapping[str, str]] = {"user": result.unfinished_users, "group": result.unfinished_groups}
    failed = [key for key in keys if key.id in unfinished[key.kind]]
    again = [
        key for key in failed if key.attempts + 1 >= AFTER and not _is_of_all(unfinished[key.kind][key.id], result)
    ]
    return again, [key for key in keys if key.id not in unfinished[key.kind]]


def _is_of_all(reason: str, result: Result) -> bool:
    """Whether something failed that is no fault of its own: the run was halted, or there is no seat."""
    return reason in (result.halted, result.no_seats)


def _refusals(site: Site, failing: Sequence[Key], reasons: Mapping[str, str]) -> list[Conflict]:
    users = [key.id for key in failing if key.kind == "user"]
    groups = [key.id for key in failing if key.kind == "group"]
    with site.store.read() as connection:
        names = {user.id: user.user_name for user in sources.users(connection, site.provider, users)}
        names |= {group.id: group.display_name for group in sources.of_ids(connection, site.provider, groups)}
    return [refused(key.kind, key.id, names.get(key.id, key.id), reasons[key.id], key.attempts + 1) for key in failing]
