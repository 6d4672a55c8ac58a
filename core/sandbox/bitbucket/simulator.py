"""The simulated Bitbucket Data Center as demo, sandbox and tests hold it: an application, its content, its records."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

from core.sandbox.bitbucket.app import bitbucket_app
from core.sandbox.bitbucket.permissions import Permission
from core.sandbox.bitbucket.quirks import Quirks
from core.sandbox.bitbucket.settings import Settings
from core.sandbox.bitbucket.state import State
from core.sandbox.bitbucket.views import LocalAccount, Snapshot
from core.sandbox.embedded_crowd import Directory, name_key
from core.sandbox.simulated import ADMIN, Simulated
from core.sandbox.version import Version
from core.sandbox.views import snapshot_of

INTERNAL_DIRECTORY = Directory(1, "Bitbucket Internal Directory")
DEFAULT_VERSION = "9.4"
_GRANTED = MappingProxyType({"stash-users": Permission.LICENSED_USER})


class Bitbucket(Simulated[Settings]):
    """One simulated Bitbucket: besides what all simulated products offer, global permissions."""

    _state: State

    def __init__(
        self,
        version: str = DEFAULT_VERSION,
        *,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        granted: Mapping[str, Permission] = _GRANTED,
    ) -> None:
        """An instance with these groups and what each was granted; `context_path` is empty or like `/bitbucket`."""
        state = State(
            Version.parse(version), context_path.rstrip("/"), quirks or Quirks(), settings or Settings(), directories
        )
        super().__init__(state, bitbucket_app(state))
        for group, permission in granted.items():
            self.grant_group(group, permission)

    @classmethod
    def with_defaults(
        cls,
        accounts: Iterable[LocalAccount] = (),
        *,
        version: str = DEFAULT_VERSION,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        granted: Mapping[str, Permission] = _GRANTED,
        admin_password: str = "admin",
    ) -> Self:
        """An instance as set-up leaves it: the account `admin`, who was granted all by himself, and these accounts."""
        bitbucket = cls(
            version,
            context_path=context_path,
            quirks=quirks,
            settings=settings,
            directories=directories,
            granted=granted,
        )
        admin = LocalAccount(ADMIN, "Bitbucket Administrator", "admin@example.com")
        bitbucket.add_account(admin, password=admin_password)
        bitbucket.grant(ADMIN, Permission.SYS_ADMIN)
        for account in accounts:
            bitbucket.add_account(account)
        return bitbucket

    @property
    def takes_passwords(self) -> bool:
        """Whether user name and password are accepted, as its version and settings have it."""
        return self._state.takes_passwords

    def grant(self, username: str, permission: Permission | None) -> None:
        """Grant a user a global permission by himself, or take it away.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            user_key, grants = self._account(username)[1].user_key, self._state.grants.users
            if permission is None:
                grants.pop(user_key, None)
            else:
                grants[user_key] = permission
            self._state.reassess_seats([username])

    def grant_group(self, group: str, permission: Permission | None) -> None:
        """Grant a group, which is made where it is missing, a global permission, or take it away."""
        with self._state.lock:
            if self._state.crowd.group(group) is None:
                self._state.crowd.put_group(self._content(None), group)
            if permission is None:
                self._state.grants.groups.pop(name_key(group), None)
            else:
                self._state.grants.groups[name_key(group)] = permission
            self._state.reassess_members(group)

    def leave_group(self, group: str, username: str) -> None:
        """End a membership.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.leave(self._account(username)[0], username, group)

    def issue_oauth_token(self, username: str = ADMIN, scope: str = "SYSTEM_ADMIN") -> str:
        """An OAuth 2.0 access token of that user, as an incoming application link gives it.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            key = self._account(username)[1].user_key
            token = f"oauth-{len(self._state.tokens) + 1:04d}-{key}"
            self._state.tokens[token] = key
            self._state.scopes[token] = scope
            return token

    def snapshot(self) -> Snapshot:
        """Users, groups, direct memberships, who may log in, and grants as they count now."""
        with self._state.lock:
            now, state = snapshot_of(self._state.crowd), self._state
            licensed = frozenset(each.username for each in now.accounts if state.seats.has(each.username))
            granted = (
                (account.username, permission.name)
                for key, permission in state.grants.users.items()
                if (account := state.crowd.account_with_key(key))
            )
            return Snapshot(now.accounts, now.groups, now.memberships, licensed, tuple(sorted(granted)))
