"""A world by its keys: what the planning of users, groups and memberships looks up, built once in linear time.

Everything is taken in the order of ids, so that the order in which a store returns rows cannot show in a plan.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from core.planning.names import account_key
from core.planning.values import Account, Link, Released, SourceGroup, SourceUser, TargetGroup, World

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lookup:
    """The tables over one world."""

    world: World
    users: Mapping[str, SourceUser]
    """By id, in the order of ids; so are all others."""
    groups: Mapping[str, SourceGroup]
    accounts: Mapping[str, Account]
    accounts_by_key: Mapping[str, Account]
    target_groups: Mapping[str, TargetGroup]
    """By key."""
    links: Mapping[str, Link]
    """By the user's id."""
    holders: Mapping[str, str]
    """Key of an account name that a link holds → id of the user."""
    released: Mapping[str, Released]
    """Key of an account name that was taken from somebody → from whom."""
    _bystanders: Mapping[str, SourceUser]
    _managed: Mapping[str, Set[str]]
    _fed_by: Mapping[str, Set[str]]
    _feeders: Mapping[str, Set[str]]

    def managed(self, account_id: str) -> Set[str]:
        """Keys of the target groups that manciple added this account to."""
        return self._managed.get(account_id, _NONE)

    def fed_by(self, group_id: str) -> Set[str]:
        """Keys of the target groups that an IdP group is linked to, whether they are there or not."""
        return self._fed_by.get(group_id, _NONE)

    def feeders(self, key: str) -> Set[str]:
        """Ids of the IdP groups that are linked to a target group."""
        return self._feeders.get(key, _NONE)

    def is_taken(self, key: str) -> bool:
        """Whether an account has this name, or a link holds it."""
        return key in self.accounts_by_key or self.is_held(key)

    def is_held(self, key: str) -> bool:
        """Whether a link holds the account of this name."""
        return key in self.holders

    def holder(self, key: str) -> SourceUser | None:
        """The user whose link holds the account of this name, where this world has it."""
        ident = self.holders.get(key, "")
        return self.users.get(ident) or self._bystanders.get(ident)


def lookup(world: World) -> Lookup:
    """Build the tables over `world`."""
    accounts = {account.id: account for account in sorted(world.accounts, key=lambda account: account.id)}
    links = {link.user_id: link for link in sorted(world.links, key=lambda link: link.user_id)}
    managed: defaultdict[str, set[str]] = defaultdict(set)
    for membership in world.managed:
        managed[membership.account_id].add(membership.group_key)
    fed_by, feeders = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for group_link in world.group_links:
        fed_by[group_link.group_id].add(group_link.group_key)
        feeders[group_link.group_key].add(group_link.group_id)
    return Lookup(
        world=world,
        users={user.id: user for user in sorted(world.users, key=lambda user: user.id)},
        groups={group.id: group for group in sorted(world.groups, key=lambda group: group.id)},
        accounts=accounts,
        accounts_by_key={account.key: account for account in accounts.values()},
        target_groups={group.key: group for group in sorted(world.target_groups, key=lambda group: group.key)},
        links=links,
        holders={_held_key(link, accounts): link.user_id for link in links.values()},
        released={name.key: name for name in world.released},
        _bystanders={user.id: user for user in world.bystanders},
        _managed=managed,
        _fed_by=fed_by,
        _feeders=feeders,
    )


def _held_key(link: Link, accounts: Mapping[str, Account]) -> str:
    """The key of a linked account's name: as now observed, else as it was when the link was made."""
    account = accounts.get(link.account_id)
    return account.key if account else account_key(link.account_name)
