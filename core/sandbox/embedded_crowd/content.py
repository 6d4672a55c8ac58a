"""The users, groups and memberships of one user directory, found without searching.

It only keeps books. Which directory counts, who may write, and what is an effect is decided elsewhere. Names are
compared without case, as Embedded Crowd does; `name_key` gives the form compared.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

DirectoryType = Literal["INTERNAL", "CROWD", "CONNECTOR", "DELEGATING"]


def name_key(name: str) -> str:
    """The form in which names of users and groups are compared."""
    return name.lower()


@dataclass(frozen=True, slots=True)
class Account:
    """One user of one directory."""

    user_key: str
    """The product's own id of the username; it stays when the user is renamed."""
    username: str
    full_name: str
    email: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Directory:
    """One configured user directory."""

    id: int
    name: str
    type: DirectoryType = "INTERNAL"
    writable: bool = True
    """False: users and groups can only be changed at the source."""
    local_groups: bool = False
    """A read-only directory with local groups: memberships can be changed, users cannot."""
    active: bool = True


class DirectoryContent:
    """What one directory holds. Every access by name is constant time."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.accounts: dict[str, Account] = {}
        self.groups: dict[str, str] = {}
        """Group key → name as it was first written."""
        self.members: defaultdict[str, set[str]] = defaultdict(set)
        """Group key → name keys of its direct members."""
        self.groups_of: defaultdict[str, set[str]] = defaultdict(set)
        """Name key of a user → group keys."""
        self.nested: defaultdict[str, set[str]] = defaultdict(set)
        """Group key → keys of the groups inside it."""
        self.emails: Counter[str] = Counter()

    @property
    def takes_memberships(self) -> bool:
        """Whether memberships of its users can be changed here."""
        return self.directory.writable or self.directory.local_groups

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of the same name."""
        key = name_key(account.username)
        if key in self.accounts:
            self.emails[name_key(self.accounts[key].email)] -= 1
        self.accounts[key] = account
        self.emails[name_key(account.email)] += 1

    def remove_account(self, key: str) -> set[str]:
        """Remove an account with its memberships and answer the groups it was in."""
        self.emails[name_key(self.accounts.pop(key).email)] -= 1
        left = self.groups_of.pop(key, set())
        for group in left:
            self.members[group].discard(key)
        return left

    def remove_group(self, key: str) -> set[str]:
        """Remove a group with its memberships and answer the keys of the users who were in it."""
        del self.groups[key]
        left = self.members.pop(key, set())
        for member in left:
            self.groups_of[member].discard(key)
        self.nested.pop(key, None)
        for inside in self.nested.values():
            inside.discard(key)
        return left

    def join(self, user: str, group: str) -> None:
        """Make a user a member of a group of this directory."""
        self.members[group].add(user)
        self.groups_of[user].add(group)

    def leave(self, user: str, group: str) -> None:
        """End a membership."""
        self.members[group].discard(user)
        self.groups_of[user].discard(group)
