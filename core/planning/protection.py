"""Protected accounts and groups: nothing is done to them, and what would have been done is a conflict.

This stage comes last, so that a conflict appears only where a change would really be made, with that change as
evidence. A change to a protected account counts there, even if its group is protected too.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, partial

from core.planning.changes import Change, Conflict
from core.planning.conflicts import protected_account, protected_group
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.rules import TargetRules


def without_protected(
    changes: Iterable[Change], lookup: Lookup, rules: TargetRules
) -> tuple[tuple[Change, ...], tuple[Conflict, ...]]:
    """The changes that touch nothing protected, in their order, and a conflict for each protected thing."""
    account_glob = cache(partial(matching_glob, rules.users.protect))
    group_glob = cache(partial(matching_glob, rules.groups.protect))
    allowed: list[Change] = []
    of_user: defaultdict[tuple[str, str, str], list[Change]] = defaultdict(list)
    of_group: defaultdict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        if change.account is not None and change.user_id and (glob := account_glob(change.account)):
            of_user[change.user_id, change.account, glob].append(change)
        elif change.group is not None and (glob := group_glob(change.group)):
            of_group[change.group, glob].append(change)
        else:
            allowed.append(change)
    accounts = [
        protected_account(lookup.users[user_id], account, glob, held)
        for (user_id, account, glob), held in of_user.items()
    ]
    groups = [
        protected_group(lookup.groups.get(held[0].because.group_id or ""), group_key(group), glob, held)
        for (group, glob), held in of_group.items()
    ]
    return tuple(allowed), (*accounts, *groups)
