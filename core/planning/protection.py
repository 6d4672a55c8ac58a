"""Protected accounts and groups: nothing is done to them, and what would have been done is a conflict.

This stage comes last, so that a conflict appears only where a change would really be made, with that change as
evidence. A change to a protected account counts there, even if its group is protected too. Nothing is given a
protected name either. To remember which IdP group feeds a group does nothing to that group.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial

from core.planning.changes import Change, ChangeKind, Conflict
from core.planning.conflicts import protected_account, protected_group
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.rules import TargetRules
from core.planning.values import SourceGroup

_HARMLESS = frozenset({ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP})


def without_protected(
    changes: Sequence[Change], lookup: Lookup, rules: TargetRules
) -> tuple[tuple[Change, ...], tuple[Conflict, ...]]:
    """The changes that touch nothing protected, in their order, and a conflict for each protected thing."""
    account_glob = cache(partial(matching_glob, rules.users.protect))
    group_glob = cache(partial(matching_glob, rules.groups.protect))
    stuck = _protected_accounts(changes, account_glob) if rules.users.protect else {}
    allowed: list[Change] = []
    of_user: defaultdict[tuple[str, str, str], list[Change]] = defaultdict(list)
    of_group: defaultdict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        _, group = _names(change)
        if found := stuck.get(change.user_id or ""):
            of_user[change.user_id or "", *found].append(change)
        elif glob := next(filter(None, map(group_glob, group)), None):
            of_group[group[0], glob].append(change)
        else:
            allowed.append(change)
    accounts = [
        protected_account(lookup.users[user_id], account, glob, held)
        for (user_id, account, glob), held in of_user.items()
    ]
    return tuple(allowed), (*accounts, *_of_groups(of_group, lookup))


def _protected_accounts(
    changes: Iterable[Change], account_glob: Callable[[str], str | None]
) -> Mapping[str, tuple[str, str]]:
    """User's id → its protected account and the glob: all that is due to the account waits, whatever is protected."""
    found: dict[str, tuple[str, str]] = {}
    for change in changes:
        account, _ = _names(change)
        if change.user_id and (glob := next(filter(None, map(account_glob, account)), None)):
            found.setdefault(change.user_id, (account[0], glob))
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


def _of_groups(of_group: Mapping[tuple[str, str], Sequence[Change]], lookup: Lookup) -> list[Conflict]:
    """One for each target group: about the IdP group behind it, where that is one and stands behind no other."""
    behind = {place: _behind(held, lookup) for place, held in of_group.items()}
    number = Counter(group.id for group in behind.values() if group)
    return [
        protected_group(group if group and number[group.id] == 1 else None, group_key(name), glob, of_group[name, glob])
        for (name, glob), group in behind.items()
    ]


def _behind(held: Sequence[Change], lookup: Lookup) -> SourceGroup | None:
    ids = {change.because.group_id for change in held}
    return lookup.groups.get(ids.pop() or "") if len(ids) == 1 else None
