"""Who may be freed of a conflict by what others give up: found by what it turns on, so that nobody else is looked at.

What the IdP changed about users and groups counts at once: who may be freed is planned together with them. What a
change at the target frees counts once it is done: then it is due for who waits for it.
"""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection

from core.planning import stakes
from core.planning.changes import Change
from core.planning.mapping import map_user
from core.planning.on_the_fly import made_name
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import GroupLink, SourceGroup
from core.store import Transaction, group_links, links, pending, sources
from core.store import stakes as kept

Subjects = tuple[frozenset[str], frozenset[str]]
"""Ids of users and of IdP groups."""
NOBODY: Subjects = (frozenset(), frozenset())


def freed_with(
    connection: Connection,
    provider: str,
    target: str,
    rules: TargetRules,
    users: Collection[str],
    groups: Collection[str],
) -> Subjects:
    """Others whom these touched users and groups may have freed, by what they have, want, or wanted until now."""
    subjects = {*(f"user:{ident}" for ident in users), *(f"group:{ident}" for ident in groups)}
    given_up = stakes.contended(kept.of_subjects(connection, target, subjects))
    given_up |= _of_users(connection, provider, target, rules.users, users)
    given_up |= _of_groups(connection, provider, target, rules.groups, groups)
    found = kept.subjects(connection, target, given_up)
    return frozenset(found[0].difference(users)), frozenset(found[1].difference(groups))


def free(tx: Transaction, target: str, change: Change) -> None:
    """Have those planned anew whom a change that was done may have freed, also where their plan is being applied."""
    given_up = stakes.freed(change)
    if not given_up:
        return
    users, groups = kept.subjects(tx.connection, target, given_up)
    pending.touch(tx, [target], "user", users, change.because.exchange)
    pending.touch(tx, [target], "group", groups, change.because.exchange)


def put_off(tx: Transaction, target: str, subjects: Subjects, reason: str) -> None:
    """Have these looked at later, for a reason; who is pending stays as it is."""
    pending.postpone(tx, target, "user", dict.fromkeys(subjects[0], reason))
    pending.postpone(tx, target, "group", dict.fromkeys(subjects[1], reason))


def _of_users(
    connection: Connection, provider: str, target: str, rules: UserRules, ids: Collection[str]
) -> frozenset[str]:
    homes = {link.user_id: link.account_name for link in links.of_users(connection, target, ids)}
    return frozenset[str]().union(
        *(
            stakes.of_user(user, map_user(user, rules).username, homes.get(user.id))
            for user in sources.users(connection, provider, ids)
        )
    )


def _of_groups(
    connection: Connection, provider: str, target: str, rules: GroupRules, ids: Collection[str]
) -> frozenset[str]:
    of_group = defaultdict[str, list[GroupLink]](list)
    for link in group_links.of_groups(connection, target, ids):
        of_group[link.group_id].append(link)
    return frozenset[str]().union(
        *(
            stakes.of_group(group, _made_name(group, rules), of_group[group.id])
            for group in sources.of_ids(connection, provider, ids)
        )
    )


def _made_name(group: SourceGroup, rules: GroupRules) -> str | None:
    return made_name(group, rules.on_the_fly) if rules.mode == "on-the-fly" else None
