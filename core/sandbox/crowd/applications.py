"""Applications, which are Crowd's clients: who they are, where they call from, and what they may do in which directory.

Source: Crowd's documentation, "Specifying an Application's Address or Hostname", "… Directory Permissions",
"Specifying an Application's Aliases".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network
from types import MappingProxyType

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class Permission(StrEnum):
    """What a directory allows to all applications, and its mapping to one of them; both must allow it."""

    ADD_USER = "Add User"
    MODIFY_USER = "Modify User"
    MODIFY_USER_ATTRIBUTES = "Modify User Attributes"
    REMOVE_USER = "Remove User"
    ADD_GROUP = "Add Group"
    MODIFY_GROUP = "Modify Group"
    MODIFY_GROUP_ATTRIBUTES = "Modify Group Attributes"
    REMOVE_GROUP = "Remove Group"


ALL_PERMISSIONS = frozenset(Permission)
"""What a directory and a mapping allow when they are made."""


@dataclass(frozen=True, slots=True)
class DirectoryMapping:
    """One directory behind an application."""

    directory: int
    """Its id."""
    permissions: frozenset[Permission] = ALL_PERMISSIONS


@dataclass(frozen=True, slots=True)
class Application:
    """One application. Its name is compared without case."""

    name: str
    password: str
    directories: tuple[DirectoryMapping, ...] | None = None
    """In their order; `None`: all that there are, as the server has them."""
    remote_addresses: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses and networks that it may call from."""
    active: bool = True
    lower_case_output: bool = False
    """Names of users and groups are shown to it in lower case."""
    aggregate_memberships: bool = False
    """Memberships count from all directories that have the user, not only from the first."""
    aliases: Mapping[str, str] = field(default_factory=lambda: _NO_ALIASES, hash=False)
    """User key → the name that this application knows the user by."""

    def may_call_from(self, address: str) -> bool:
        """Whether its list has this address."""
        caller = ip_address(address)
        return any(caller in ip_network(each, strict=False) for each in self.remote_addresses)
