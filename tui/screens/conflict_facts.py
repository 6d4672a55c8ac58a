"""What the conflicts screen shows of one conflict: the two records side by side, its answers, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.planning.changes import Conflict
from core.planning.names import account_key, group_key
from core.planning.values import Account, SourceUser
from core.store import answers, conflicts, links, observed, sources
from core.store.answers import Given
from core.store.conflicts import Listed

Pair = tuple[str, str, str]
"""A field, what the IdP says, and what the target has."""


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """One conflict, as last read."""

    row: Listed
    conflict: Conflict
    pairs: tuple[Pair, ...]
    given: tuple[Given, ...]
    alike: tuple[int, ...]
    """Numbers of the open conflicts of its kind at its target, this one too."""


def read_conflict_facts(connection: Connection, number: int, provider: str) -> ConflictFacts | None:
    """Everything about one conflict; `None` where there is none of this number."""
    opened = conflicts.opened(connection, number)
    if opened is None:
        return None
    row, conflict = opened
    return ConflictFacts(
        row,
        conflict,
        tuple(_pairs(connection, provider, row.target, conflict)),
        tuple(answers.of_conflicts(connection, [number])),
        tuple(conflicts.numbers_of_kind(connection, row.target, row.kind)),
    )


def _pairs(connection: Connection, provider: str, target: str, conflict: Conflict) -> Sequence[Pair]:
    if conflict.user_id is not None:
        found = sources.users(connection, provider, [conflict.user_id])
        account = _account(connection, target, conflict)
        return _of_user(found[0] if found else None, account)
    if conflict.group_id is not None:
        return _of_group(connection, provider, target, conflict)
    return ()


def _account(connection: Connection, target: str, conflict: Conflict) -> Account | None:
    """The account that the user is linked to, else the one that the conflict is about."""
    linked = links.of_users(connection, target, [conflict.user_id or ""])
    ids = {link.account_id for link in linked} or observed.with_names(
        connection, target, {account_key(conflict.evidence.get("account", ""))}
    )
    found = observed.accounts(connection, target, ids)
    return found[0] if found else None


def _of_user(user: SourceUser | None, account: Account | None) -> Sequence[Pair]:
    known = user.attributes if user is not None else {}
    has = account is not None
    return [
        ("name", user.user_name if user else "", account.name if account else ""),
        ("display name", known.get("displayName", ""), (account.display_name or "") if account else ""),
        ("e-mail", known.get("emails.work", ""), (account.email or "") if account else ""),
        ("active", _yes(user.active) if user else "", _yes(account.active) if account and has else ""),
        ("id", known.get("externalId", "") or (user.id if user else ""), account.id if account else ""),
    ]


def _of_group(connection: Connection, provider: str, target: str, conflict: Conflict) -> Sequence[Pair]:
    group_id = conflict.group_id or ""
    found = sources.of_ids(connection, provider, [group_id])
    name = conflict.evidence.get("group name", conflict.evidence.get("group", found[0].display_name if found else ""))
    key = group_key(name)
    there = observed.fresh_groups(connection, target, {key}, 0)
    members = sources.members_of(connection, provider, [group_id])
    theirs = observed.members_of(connection, target, {key})
    ours = {link.account_id for link in links.of_users(connection, target, members)}
    return [
        ("name", found[0].display_name if found else "", there[0].name if there else ""),
        ("members", f"{len(members):,}", f"{len(theirs):,}" if there else ""),
        ("in both", f"{len(ours & theirs):,}", f"{len(ours & theirs):,}" if there else ""),
        ("only here", f"{len(members) - len(ours & theirs):,}", f"{len(theirs - ours):,}" if there else ""),
    ]


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
