"""A large company as the planner sees it: everything in place, or some of it changed at the IdP."""

from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import (
    Account,
    Capabilities,
    GroupLink,
    Link,
    ManagedMembership,
    SourceGroup,
    SourceUser,
    TargetGroup,
    Totals,
    World,
)

MEMBERSHIPS_OF_EACH = 10
PRESENT = Capabilities(rename_user=None, delete_user=None)
NOW = 1_790_000_000_000


def in_place(users: int, groups: int) -> World:
    """A world in which nothing is to be done: every user has an account and is in ten groups."""
    names = [f"Team {number}" for number in range(groups)]
    mine = [_groups_of(number, groups) for number in range(users)]
    people = tuple(_user(number, mine[number]) for number in range(users))
    accounts = tuple(_account(number, mine[number]) for number in range(users))
    return World(
        users=people,
        groups=tuple(SourceGroup(f"g-{number}", name) for number, name in enumerate(names)),
        accounts=accounts,
        target_groups=tuple(TargetGroup(name, group_key(name)) for name in names),
        links=tuple(Link(f"u-{number}", f"a-{number}", f"first.last{number}") for number in range(users)),
        managed=frozenset(ManagedMembership(account.id, key) for account in accounts for key in account.groups or ()),
        capabilities=PRESENT,
        group_links=tuple(GroupLink(f"g-{number}", group_key(name), name) for number, name in enumerate(names)),
        totals=Totals(users, users * MEMBERSHIPS_OF_EACH),
        now=NOW,
    )


def changed(world: World, percent: float) -> World:
    """The same, with this share of users changed at the IdP: joined, left, renamed, moved between groups, in turn."""
    every = round(100 / percent)
    users = [_changed(user, place // every) if place % every == 0 else user for place, user in enumerate(world.users)]
    joined = [replace(user, id=f"new-{user.id}", user_name=f"new.{user.user_name}") for user in users[:: every * 4]]
    named = [replace(user, attributes={**user.attributes, "userName": user.user_name}) for user in joined]
    return replace(world, users=(*users, *named))


def _changed(user: SourceUser, turn: int) -> SourceUser:
    if turn % 3 == 0:
        return replace(user, active=False, gone_at=0)
    if turn % 3 == 1:
        return replace(user, attributes={**user.attributes, "displayName": f"{user.user_name} Married"})
    return replace(user, groups=frozenset(sorted(user.groups)[1:]) | {"g-0"})


def _groups_of(number: int, groups: int) -> list[int]:
    return sorted({(number * 7 + step * 13) % groups for step in range(MEMBERSHIPS_OF_EACH)})


def _user(number: int, groups: list[int]) -> SourceUser:
    name = f"first.last{number}"
    attributes = {
        "userName": name,
        "displayName": f"First Last{number}",
        "emails.work": f"{name}@contoso.example",
        "enterprise.department": f"Department {number % 50}",
    }
    return SourceUser(f"u-{number}", name, True, attributes, frozenset(f"g-{group}" for group in groups))


def _account(number: int, groups: list[int]) -> Account:
    name = f"first.last{number}"
    keys = frozenset(f"team {group}" for group in groups)
    email = f"{name}@contoso.example"
    return Account(f"a-{number}", name, account_key(name), f"First Last{number}", email, True, keys)
