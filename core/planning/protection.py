"""Protected accounts and groups: nothing is done to them, and what would have been done is a conflict.

This stage comes last, so that a conflict appears only where a change would really be made, with that change as
evidence. A change to a protected account counts there, even if its group is protected too. Nothing is given a
protected name either. To remember which IdP group feeds a group does nothing to that group.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, partial

from core.planning.changes import Change, ChangeKind, Conflict
from core.planning.conflicts import protected_account, protected_group
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.rules import TargetRules
from core.planning.values import SourceGroup

_HARMLESS = frozenset({ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP})


@dataclass(frozen=True, slots=True)
class Protected:
    """What keeps a change from being made."""

    name: str
    """Of the account or group."""
    glob: str
    """The pattern that protects it, or the name that it would get."""
    user_id: str | None
    """Whose account it is; `None`: it is a group."""


def without_protected(
    changes: Sequence[Change], lookup: Lookup, rules: TargetRules
) -> tuple[tuple[Change, ...], tuple[Conflict, ...]]:
    """The changes that touch nothing protected, in their order, and a conflict for each protected thing."""
    allowed: list[Change] = []
    parked: defaultdict[Protected, list[Change]] = defaultdict(list)
    for change, keeping in zip(changes, protected(changes, rules), strict=True):
        (allowed if keeping is None else parked[keeping]).append(change)
    accounts = [
        protected_account(lookup.users[keeping.user_id], keeping.name, keeping.glob, held)
        for keeping, held in parked.items()
        if keeping.user_id is not None
    ]
    groups = {keeping: held for keeping, held in parked.items() if keeping.user_id is None}
    return tuple(allowed), (*accounts, *_of_groups(groups, lookup))


def protected(changes: Sequence[Change], rules: TargetRules) -> Iterator[Protected | None]:
    """For each change what protects the account or group that it touches; `None`: nothing does."""
    account_glob = cache(partial(matching_glob, rules.users.protect))
    group_glob = cache(partial(matching_glob, rules.groups.protect))
    stuck = _protected_accounts(changes, account_glob, rules.users.answers.approved) if rules.users.protect else {}
    for change in changes:
        _, group = _names(change)
        if keeping := stuck.get(change.user_id or ""):
            yield keeping
        elif glob := next(filter(None, map(group_glob, _unapproved(group, rules))), None):
            yield Protected(group[0], glob, None)
        else:
            yield None


def _unapproved(names: Iterable[str], rules: TargetRules) -> Iterable[str]:
    """Those of these groups that no admin has approved to change."""
    approved = rules.groups.answers.approved
    return (name for name in names if group_key(name) not in approved) if approved else names


def _protected_accounts(
    changes: Iterable[Change], account_glob: Callable[[str], str | None], approved: Set[str]
) -> Mapping[str, Protected]:
    """User's id → its protected account: all that is due to the account waits, whatever is protected."""
    found: dict[str, Protected] = {}
    for change in changes:
        account, _ = _names(change)
        if change.user_id in approved:
            continue
        if change.user_id and (glob := next(filter(None, map(account_glob, account)), None)):
            found.setdefault(change.user_id, Protected(account[0], glob, change.user_id))
    return found


def _names(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the account and of the group that a change touches, also those that it would give them."""
    if change.kind in _HARMLESS:
        return (), ()
    account = () if change.account is None else (change.account,)
    group = () if change.group is None else (change.group,)
    if change.kind == ChangeKind.RENAME_ACCOUNT:
        return (*account, str(change.after.get("name"))), group
    if change.kind == ChangeKind.RENAME_GROUP:
        return account, (*group, str(change.after.get("name")))
    return account, group


def _of_groups(parked: Mapping[Protected, Sequence[Change]], lookup: Lookup) -> list[Conflict]:
    """One for each target group: about the IdP group behind it, where that is one and stands behind no other."""
    behind = {keeping: _behind(held, lookup) for keeping, held in parked.items()}
    number = Counter(group.id for group in behind.values() if group)
    return [
        protected_group(
            group if group and number[group.id] == 1 else None, group_key(keeping.name), keeping.glob, parked[keeping]
        )
        for keeping, group in behind.items()
    ]


def _behind(held: Sequence[Change], lookup: Lookup) -> SourceGroup | None:
    ids = {change.because.group_id for change in held}
    return lookup.groups.get(ids.pop() or "") if len(ids) == 1 else None
