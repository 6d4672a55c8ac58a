"""The simulated Confluence Data Center as demo, sandbox and tests hold it: an application, its content, its records."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from core.sandbox.confluence.app import confluence_app
from core.sandbox.confluence.effects import Effect
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.settings import Settings
from core.sandbox.confluence.state import State
from core.sandbox.embedded_crowd import Account, Directory, DirectoryContent, name_key
from core.sandbox.version import Version

INTERNAL_DIRECTORY = Directory(98305, "Confluence Internal Directory")
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """A user that is there before anybody provisions; the groups are made where they are missing."""

    username: str
    full_name: str
    email: str
    active: bool = True
    groups: tuple[str, ...] = ("confluence-users",)


@dataclass(frozen=True, slots=True)
class AccountView:
    """A user as far as both sides can be compared."""

    username: str
    full_name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that counts at one moment, sorted by name. Memberships are pairs of group and username."""

    accounts: tuple[AccountView, ...]
    groups: tuple[str, ...]
    memberships: frozenset[tuple[str, str]]


class Confluence:
    """One simulated instance. Serve `app`; everything else may be used meanwhile, from any thread.

    What the methods here put in or change is the doing of people in the web interface or at the source of a
    directory, and so leaves no effect.
    """

    def __init__(
        self,
        version: str = "9.4",
        *,
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """An empty instance.

        `context_path` is empty or like `/confluence`; `clock` counts seconds for long tasks.
        """
        self._state = State(
            Version.parse(version),
            context_path.rstrip("/"),
            quirks or Quirks(),
            settings or Settings(),
            directories,
            seed,
            clock,
        )
        self.app = confluence_app(self._state)

    @classmethod
    def with_defaults(
        cls,
        accounts: Iterable[LocalAccount] = (),
        *,
        version: str = "9.4",
        context_path: str = "",
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        directories: Sequence[Directory] = (INTERNAL_DIRECTORY,),
        admin_password: str = "admin",
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """An instance as set-up leaves it: the account `admin`, the two standard groups, and these accounts."""
        confluence = cls(
            version,
            context_path=context_path,
            quirks=quirks,
            settings=settings,
            directories=directories,
            seed=seed,
            clock=clock,
        )
        standard_groups = ("confluence-administrators", "confluence-users")
        confluence.add_account(
            LocalAccount(ADMIN, "Confluence Administrator", "admin@example.com", groups=standard_groups),
            password=admin_password,
        )
        for account in accounts:
            confluence.add_account(account)
        return confluence

    @property
    def effects(self) -> list[Effect]:
        """Every effective mutation that came over HTTP, oldest first."""
        with self._state.lock:
            return list(self._state.effects)

    @property
    def requests(self) -> Counter[tuple[str, str]]:
        """How many requests each (method, route) got, such as `("PUT", "/rest/api/admin/user/{username}")`."""
        with self._state.lock:
            return Counter(self._state.requests)

    @property
    def context_path(self) -> str:
        """What comes between host and `/rest`: empty, or like `/confluence`."""
        return self._state.context

    @property
    def settings(self) -> Settings:
        """The configuration; assign another to change it while it runs."""
        return self._state.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        with self._state.lock:
            self._state.settings = settings
            self._state.reassess_seats(self._state.crowd.accounts())

    def add_account(self, account: LocalAccount, *, directory: int | None = None, password: str | None = None) -> str:
        """Add a user with his groups to a directory (the first if not told) and answer his user key."""
        with self._state.lock:
            crowd, content = self._state.crowd, self._content(directory)
            user_key = crowd.user_keys.of(account.username)
            crowd.put_account(
                content,
                Account(user_key, account.username, account.full_name, account.email, account.active),
            )
            for group in account.groups:
                crowd.join(content, account.username, group)
            if password is not None:
                self._state.passwords[user_key] = password
            return user_key

    def change_account(self, username: str, *, full_name: str | None = None, email: str | None = None) -> None:
        """Change a user behind manciple's back.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            content = self._home(username)
            account = content.accounts[name_key(username)]
            changed = replace(account, full_name=full_name or account.full_name, email=email or account.email)
            self._state.crowd.put_account(content, changed)

    def rename_account(self, username: str, new_username: str) -> None:
        """Rename a user, which only the web interface and the source of a directory can; his user key stays.

        :raises KeyError: when there is no such user.
        :raises ValueError: when another user has the new name.
        """
        with self._state.lock:
            if name_key(new_username) != name_key(username) and self._state.crowd.is_taken(new_username):
                raise ValueError(f"there is a user {new_username} already")
            self._state.crowd.rename(self._home(username), username, new_username)

    def remove_account(self, username: str) -> None:
        """Remove a user at once.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._state.crowd.remove_account(self._home(username), username)

    def add_group(self, name: str, *, directory: int | None = None, inside: str | None = None) -> None:
        """Add a group to a directory, nested in the group `inside` if that is given."""
        with self._state.lock:
            content = self._content(directory)
            self._state.crowd.put_group(content, name)
            if inside is not None:
                content.nested[name_key(inside)].add(name_key(name))

    def order_directories(self, ids: Sequence[int]) -> None:
        """Put the directories into this order."""
        with self._state.lock:
            self._state.crowd.order_directories(ids)

    def issue_token(self, username: str = ADMIN) -> str:
        """A personal access token of that user.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            account = self._home(username).accounts[name_key(username)]
            token = f"pat-{len(self._state.tokens) + 1:04d}-{account.user_key}"
            self._state.tokens[token] = account.user_key
            return token

    def revoke_token(self, token: str) -> None:
        """End a personal access token."""
        with self._state.lock:
            del self._state.tokens[token]

    def reindex(self) -> None:
        """Build the search index anew; it matters where `Quirks.active_list_lags`."""
        with self._state.lock:
            found = (self._state.crowd.account(key) for key in self._state.seats.accounts())
            self._state.search_index = tuple(account for account in found if account)

    def snapshot(self) -> Snapshot:
        """Users, groups and direct memberships as they count now."""
        with self._state.lock:
            self._state.tasks.settle()
            crowd = self._state.crowd
            accounts = [account for key in crowd.accounts() if (account := crowd.account(key))]
            groups = {key: crowd.group(key) or key for key in crowd.groups()}
            return Snapshot(
                tuple(AccountView(each.username, each.full_name, each.email, each.active) for each in accounts),
                tuple(groups.values()),
                frozenset(
                    (groups[group], account.username)
                    for account in accounts
                    for group in crowd.groups_of(account.username)
                ),
            )

    def _content(self, directory: int | None) -> DirectoryContent:
        contents = self._state.crowd.contents
        return next(each for each in contents if directory in (None, each.directory.id))

    def _home(self, username: str) -> DirectoryContent:
        content = self._state.crowd.home(username)
        if content is None:
            raise KeyError(f"there is no user {username}")
        return content
