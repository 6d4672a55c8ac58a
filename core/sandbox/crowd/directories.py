"""One Crowd directory: users with first name, last name, attributes and a key, groups with descriptions.

A user's key is the directory's: of two users of one name in two directories each has its own. It stays at a rename.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from core.sandbox.crowd.applications import ALL_PERMISSIONS, Permission
from core.sandbox.embedded_crowd import Account, Directory, DirectoryContent, name_key

_NO_ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class User(Account):
    """One user of a Crowd directory."""

    first_name: str = ""
    last_name: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_ATTRIBUTES, hash=False)


class CrowdDirectory(DirectoryContent):
    """What one directory holds, and what it allows to all applications."""

    def __init__(self, directory: Directory, seed: int) -> None:
        super().__init__(directory)
        self.permissions: frozenset[Permission] = ALL_PERMISSIONS if directory.writable else frozenset()
        self.descriptions: dict[str, str] = {}
        """Group key → description."""
        self._names: dict[str, str] = {}
        """User key → name key."""
        self._chance = random.Random(f"{seed} {directory.id}")

    def user(self, name: str) -> User | None:
        """The user of that name."""
        return cast("User | None", self.accounts.get(name_key(name)))  # nothing else is ever put in

    def with_key(self, user_key: str) -> User | None:
        """The user of that key."""
        name = self._names.get(user_key)
        return self.user(name) if name is not None else None

    def put_account(self, account: Account) -> None:
        """Add a user, or replace the one of the same name."""
        super().put_account(account)
        self._names[account.user_key] = name_key(account.username)

    def remove_account(self, key: str) -> set[str]:
        """Remove a user with his memberships and answer the groups he was in."""
        self._names.pop(self.accounts[key].user_key)
        return super().remove_account(key)

    def new_key(self) -> str:
        """A key for a new user: the directory's id and a UUID."""
        digits = f"{self._chance.getrandbits(128):032x}"
        uuid = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        return f"{self.directory.id}:{uuid}"

    def rename(self, user: User, renamed: User) -> None:
        """Put a user under another name; the memberships stay."""
        groups = self.remove_account(name_key(user.username))
        self.put_account(renamed)
        for group in groups:
            self.join(name_key(renamed.username), group)

    def drop_group(self, key: str) -> None:
        """Remove a group with its memberships and its description."""
        self.remove_group(key)
        self.descriptions.pop(key, None)
