"""The simulated Crowd as demo, sandbox and tests hold it: an application, its content, its records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Self

from core.sandbox.crowd.app import crowd_app
from core.sandbox.crowd.applications import Permission
from core.sandbox.crowd.directories import CrowdDirectory, User
from core.sandbox.crowd.names import populated
from core.sandbox.crowd.quirks import Quirks
from core.sandbox.crowd.settings import Settings
from core.sandbox.crowd.state import State
from core.sandbox.embedded_crowd import Directory, name_key
from core.sandbox.simulated import Observed
from core.sandbox.version import Version
from core.sandbox.views import AccountView, LocalAccount, Snapshot

INTERNAL_DIRECTORY = Directory(98305, "Company")
DEFAULT_VERSION = "6.1"


class Crowd(Observed[Settings]):
    """One simulated Crowd. Serve `app`; everything else may be used meanwhile, from any thread.

    What the methods here put in or change is the doing of people in Crowd's console, and so leaves no effect.
    """

    def __init__(
        self,
        accounts: Iterable[LocalAccount] = (),
        *,
        version: str = DEFAULT_VERSION,
        context_path: str = "/crowd",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        seed: int = 0,
    ) -> None:
        """An instance with one application and these accounts in its first directory.

        `context_path` is empty or like `/crowd`.
        """
        context = context_path.rstrip("/")
        self._state = State(
            Version.parse(version), context, quirks or Quirks(), settings or Settings(), directories, seed
        )
        super().__init__(self._state, crowd_app(self._state))
        for account in accounts:
            self.add_account(account)

    @classmethod
    def as_jira(cls, accounts: Iterable[LocalAccount] = (), *, version: str = "10.3", context_path: str = "") -> Self:
        """A Jira that serves Crowd's REST API to other products; nothing else of it is simulated here."""
        return cls(
            accounts,
            version=version,
            context_path=context_path,
            quirks=Quirks(host="jira"),
            directories=(Directory(1, "Jira Internal Directory"),),
        )

    def add_account(
        self, account: LocalAccount, *, directory: int | None = None, attributes: Mapping[str, str] | None = None
    ) -> str:
        """Add a user with his groups to a directory (the first if not told), and answer his key."""
        with self._state.lock:
            content = self._directory(directory)
            held = {name: (value,) for name, value in (attributes or {}).items()}
            user = User(content.new_key(), account.username, account.full_name, account.email, account.active)
            content.put_account(populated(replace(user, attributes=MappingProxyType(held))))
            for group in account.groups:
                self._join(content, account.username, group)
            return user.user_key

    def change_account(
        self, username: str, *, full_name: str | None = None, email: str | None = None, active: bool | None = None
    ) -> None:
        """Change a user behind manciple's back.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            content, user = self._user(username)
            changed = replace(
                user,
                full_name=full_name or user.full_name,
                email=email or user.email,
                active=user.active if active is None else active,
            )
            content.put_account(changed)

    def rename_account(self, username: str, new_username: str) -> None:
        """Rename a user; his key stays.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            content, user = self._user(username)
            content.rename(user, replace(user, username=new_username))

    def remove_account(self, username: str) -> None:
        """Remove a user.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._user(username)[0].remove_account(name_key(username))

    def add_group(self, name: str, *, directory: int | None = None, inside: str | None = None) -> None:
        """Add a group to a directory, nested in the group `inside` if that is given."""
        with self._state.lock:
            content = self._directory(directory)
            content.groups.setdefault(name_key(name), name)
            if inside is not None:
                content.nested[name_key(inside)].add(name_key(name))

    def remove_group(self, name: str) -> None:
        """Remove a group from all directories."""
        with self._state.lock:
            for content in self._state.directories:
                if name_key(name) in content.groups:
                    content.drop_group(name_key(name))

    def add_member(self, group: str, username: str) -> None:
        """Make a user a member of a group, which is made where it is missing.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._join(self._user(username)[0], username, group)

    def allow(self, *permissions: Permission, directory: int | None = None) -> None:
        """Let a directory allow these things, and nothing else, to all applications."""
        with self._state.lock:
            self._directory(directory).permissions = frozenset(permissions)

    def user(self, username: str) -> User:
        """A user with all that is kept of him.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            return self._user(username)[1]

    def snapshot(self) -> Snapshot:
        """Users, groups and direct memberships of all directories; of users of one name the first counts."""
        with self._state.lock:
            users: dict[str, User] = {}
            groups: dict[str, str] = {}
            memberships: set[tuple[str, str]] = set()
            for content in self._state.directories:
                found = {key: user for key in content.accounts if (user := content.user(key)) and key not in users}
                users |= found
                groups = dict(content.groups) | groups
                memberships |= {
                    (groups[group], user.username) for key, user in found.items() for group in content.groups_of[key]
                }
            views = [AccountView(each.username, each.full_name, each.email, each.active) for each in users.values()]
            by_name = sorted(views, key=lambda each: name_key(each.username))
            return Snapshot(tuple(by_name), tuple(sorted(groups.values())), frozenset(memberships))

    def _directory(self, ident: int | None) -> CrowdDirectory:
        return next(each for each in self._state.directories if ident in (None, each.directory.id))

    def _join(self, content: CrowdDirectory, username: str, group: str) -> None:
        content.groups.setdefault(name_key(group), group)
        content.join(name_key(username), name_key(group))

    def _user(self, username: str) -> tuple[CrowdDirectory, User]:
        for content in self._state.directories:
            if (user := content.user(username)) is not None:
                return content, user
        raise KeyError(f"there is no user {username}")
