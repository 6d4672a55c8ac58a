"""What every simulated product offers to demo, sandbox and tests: its application, its content, its records."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Generic

from starlette.types import ASGIApp

from core.sandbox.effects import Effect
from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key
from core.sandbox.instance import Instance, Served, SettingsT
from core.sandbox.views import LocalAccount

ADMIN = "admin"
"""The account that set-up makes."""


class Observed(Generic[SettingsT]):
    """One simulated instance: its application and its records, which may be looked at from any thread meanwhile."""

    def __init__(self, state: Served[SettingsT], app: ASGIApp) -> None:
        self._observed = state
        self.app = app

    @property
    def effects(self) -> list[Effect]:
        """Every effective mutation that came over HTTP, oldest first."""
        with self._observed.lock:
            return list(self._observed.effects)

    @property
    def requests(self) -> Counter[tuple[str, str]]:
        """How many requests each (method, route) got, such as `("PUT", "/rest/api/2/user")`."""
        with self._observed.lock:
            return Counter(self._observed.requests)

    @property
    def context_path(self) -> str:
        """What comes between host and `/rest`: empty, or like `/jira`."""
        return self._observed.context

    @property
    def settings(self) -> SettingsT:
        """The configuration; assign another to change it while it runs."""
        return self._observed.settings

    @settings.setter
    def settings(self, settings: SettingsT) -> None:
        with self._observed.lock:
            self._observed.settings = settings
            self._settings_changed()

    def _settings_changed(self) -> None:
        """Work out anew what follows from the settings; nothing does here."""


class Simulated(Observed[SettingsT]):
    """One simulated product with users of its own. Serve `app`; everything else may be used meanwhile, from any thread.

    What the methods here put in or change is the doing of people in the web interface or at the source of a
    directory, and so leaves no effect.
    """

    def __init__(self, state: Instance[SettingsT], app: ASGIApp) -> None:
        super().__init__(state, app)
        self._state = state

    def _settings_changed(self) -> None:
        self._state.crowd.reassess_all()

    def add_account(self, account: LocalAccount, *, directory: int | None = None, password: str | None = None) -> str:
        """Add a user with his groups to a directory (the first if not told) and answer his user key."""
        with self._state.lock:
            crowd, content = self._state.crowd, self._content(directory)
            key = crowd.user_keys.of(account.username)
            stored = Account(key, account.username, account.full_name, account.email, account.active)
            crowd.put_account(content, stored)
            for group in account.groups:
                crowd.join(content, account.username, group)
            if password is not None:
                self._state.passwords[key] = password
            return key

    def change_account(
        self, username: str, *, full_name: str | None = None, email: str | None = None, active: bool | None = None
    ) -> None:
        """Change a user behind manciple's back.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            content, account = self._account(username)
            changed = replace(
                account,
                full_name=full_name or account.full_name,
                email=email or account.email,
                active=account.active if active is None else active,
            )
            self._state.crowd.put_account(content, changed)

    def rename_account(self, username: str, new_username: str) -> None:
        """Rename a user; his user key stays.

        :raises KeyError: when there is no such user.
        :raises ValueError: when another user has the new name.
        """
        with self._state.lock:
            if name_key(new_username) != name_key(username) and self._state.crowd.is_taken(new_username):
                raise ValueError(f"there is a user {new_username} already")
            self._state.crowd.rename(self._account(username)[0], username, new_username)

    def remove_account(self, username: str) -> None:
        """Remove a user at once, whatever hangs on him.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.remove_account(self._account(username)[0], username)

    def add_group(self, name: str, *, directory: int | None = None, inside: str | None = None) -> None:
        """Add a group to a directory, nested in the group `inside` if that is given."""
        with self._state.lock:
            content = self._content(directory)
            self._state.crowd.put_group(content, name)
            if inside is not None:
                self._state.crowd.nest(content, name, inside)

    def add_member(self, group: str, username: str) -> None:
        """Make a user a member of a group, which is made where it is missing.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.join(self._account(username)[0], username, group)

    def order_directories(self, ids: Sequence[int]) -> None:
        """Put the directories into this order."""
        with self._state.lock:
            self._state.crowd.order_directories(ids)

    def issue_token(self, username: str = ADMIN) -> str:
        """A personal access token of that user.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            key = self._account(username)[1].user_key
            token = f"pat-{len(self._state.tokens) + 1:04d}-{key}"
            self._state.tokens[token] = key
            return token

    def revoke_token(self, token: str) -> None:
        """End a personal access token."""
        with self._state.lock:
            del self._state.tokens[token]

    def _content(self, directory: int | None) -> DirectoryContent:
        contents = self._state.crowd.contents
        return next(each for each in contents if directory in (None, each.directory.id))

    def _account(self, username: str) -> tuple[DirectoryContent, Account]:
        content = self._state.crowd.home(username)
        if content is None:
            raise KeyError(f"there is no user {username}")
        return content, content.accounts[name_key(username)]
