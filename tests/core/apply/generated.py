"""Generated worlds as stores and targets: what planning reads is written down as the engine would have it.

What the store remembers of the target is older than the target itself: accounts were renamed since, went or came,
memberships were changed by hand, groups deleted.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from random import Random

import orjson
from sqlalchemy import insert

from core.planning.names import account_key, group_key
from core.planning.values import Account, SourceGroup, SourceUser, TargetGroup, World
from core.store import Transaction, group_links, links, noted, observed, released
from core.store.identity_columns import columns, name_key
from core.store.tables import GROUPS, MEMBERSHIPS, USERS, Repeat

_REPEATS = Repeat.metadata.tables["repeats"]


@dataclass(frozen=True)
class FakeTarget:
    """A target as far as it is read."""

    accounts: tuple[Account, ...]
    groups: tuple[TargetGroup, ...]

    async def list_accounts(self) -> AsyncIterator[Account]:
        for account in self.accounts:
            yield replace(account, groups=None)

    async def list_groups(self) -> AsyncIterator[TargetGroup]:
        for group in self.groups:
            yield group

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        for account in self.accounts:
            if group_key(group) in (account.groups or ()):
                yield replace(account, groups=None)

    async def find_account(self, name: str) -> Account | None:
        return next((account for account in self.accounts if account.key == account_key(name)), None)

    async def find_account_by_id(self, id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == id), None)

    async def find_group(self, name: str) -> TargetGroup | None:
        return next((group for group in self.groups if group.key == group_key(name)), None)


def target_of(world: World) -> FakeTarget:
    """The world's target; whatever group an account is in is there."""
    accounts = tuple(replace(account, groups=account.groups or frozenset()) for account in world.accounts)
    joined = {key: TargetGroup(key.title(), key) for account in accounts for key in account.groups or ()}
    return FakeTarget(accounts, tuple((joined | {group.key: group for group in world.target_groups}).values()))


def write(tx: Transaction, world: World, provider: str, target: str, seed: int, *, sees_all: bool = False) -> World:
    """Write a world down, its ids made unique by the provider's name; returns it as it is then.

    Of live users and groups whose names are the same at the identity provider, all but the first are deleted.
    `sees_all`: every account was seen before.
    """
    world = _unique(_prefixed(world, provider))
    users = {user.id: _insert_user(tx, provider, user) for user in world.users}
    groups = {group.id: _insert_group(tx, provider, group) for group in world.groups}
    living = {group.id: groups[group.id] for group in world.groups if not group.deleted}
    direct = [
        (living[id], False, users[user.id])
        for user in world.users
        if not user.deleted
        for id in user.groups & living.keys()
    ]
    nested = [
        (living[id], True, living[group.id])
        for group in world.groups
        if group.id in living
        for id in group.parents & living.keys()
    ]
    rows = [dict(zip(("group_key", "nested", "member_key"), row, strict=True)) for row in (*direct, *nested)]
    if rows:
        tx.execute(insert(MEMBERSHIPS), rows)
    for group_link in world.group_links:
        group_links.put(tx, target, group_link, 0)
    for link in world.links:
        links.put(tx, target, link.user_id, link.account_id, link.account_name, account_key(link.account_name), "", 0)
    for name in world.released:
        released.put(tx, target, name.name, f"{provider}-{name.user_id}", name.account_id, name.how, 0)
    for each in world.repeated:
        detail = orjson.dumps({"after": dict(each.after), "times": each.times})
        key = {"kind": each.kind, "account_id": each.account_id, "group_key": each.group_key}
        tx.execute(insert(_REPEATS), {"target": target, "detail": detail, "at": 0} | key)
    _remember(tx, world, target, Random(seed), sees_all=sees_all)
    return world


def _remember(tx: Transaction, world: World, target: str, dice: Random, *, sees_all: bool) -> None:
    """What was last seen of the target: mostly what is there now."""
    seen = [account for account in world.accounts if dice.random() < 0.8 or sees_all]
    older = [replace(each, groups=_older(each.groups or frozenset(), dice)) for each in seen]
    observed.see_accounts(tx, target, older)
    for membership in world.managed:
        noted.member(tx, target, membership.account_id, membership.group_key, True)
    observed.see_groups(tx, target, [group for group in target_of(world).groups if dice.random() < 0.8])


def _older(groups: frozenset[str], dice: Random) -> frozenset[str]:
    return frozenset(key for key in groups if dice.random() < 0.8) | ({"ops"} if dice.random() < 0.2 else set())


def _prefixed(world: World, prefix: str) -> World:
    def named(id: str) -> str:
        return f"{prefix}-{id}"

    return replace(
        world,
        users=tuple(replace(u, id=named(u.id), groups=frozenset(map(named, u.groups))) for u in world.users),
        groups=tuple(
            replace(group, id=named(group.id), parents=frozenset(map(named, group.parents))) for group in world.groups
        ),
        group_links=tuple(replace(link, group_id=named(link.group_id)) for link in world.group_links),
        links=tuple(replace(link, user_id=named(link.user_id)) for link in world.links),
        target_complete=True,
    )


def _unique(world: World) -> World:
    users: dict[str, SourceUser] = {}
    groups: dict[str, SourceGroup] = {}
    return replace(
        world,
        users=tuple(
            replace(user, deleted=user.deleted or users.setdefault(name_key(user.user_name), user) is not user)
            for user in world.users
        ),
        groups=tuple(
            replace(group, deleted=group.deleted or groups.setdefault(name_key(group.display_name), group) is not group)
            for group in world.groups
        ),
    )


def _insert_user(tx: Transaction, provider: str, user: SourceUser) -> int:
    given = dict(user.attributes)
    document: dict[str, object] = {key: value for key, value in given.items() if "." not in key}
    if "emails.work" in given:
        document["emails"] = [{"type": "work", "value": given["emails.work"]}]
    document |= {"userName": user.user_name, "active": user.active}
    row = _row(tx, provider, user.id, user.deleted) | columns("User", document)
    return int(tx.execute(insert(USERS).values(row).returning(USERS.c.key)).scalar_one())


def _insert_group(tx: Transaction, provider: str, group: SourceGroup) -> int:
    row = _row(tx, provider, group.id, group.deleted) | columns("Group", {"displayName": group.display_name})
    return int(tx.execute(insert(GROUPS).values(row).returning(GROUPS.c.key)).scalar_one())


def _row(tx: Transaction, provider: str, id: str, deleted: bool) -> dict[str, object]:
    times = {"created_at": tx.now, "modified_at": tx.now, "deleted_at": tx.now if deleted else None}
    return {"id": id, "provider": provider, "version": 1} | times
