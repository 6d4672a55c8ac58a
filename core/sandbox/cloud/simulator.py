"""The simulated directory of Atlassian Cloud as demo, sandbox and tests hold it: an application, content, records."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from scim2_models import Meta

from core.sandbox.cloud.app import cloud_app
from core.sandbox.cloud.models import Email, Group, User, UserResource, account_of, member, stand_for
from core.sandbox.cloud.quirks import Quirks
from core.sandbox.cloud.rules import primary_email
from core.sandbox.cloud.settings import Settings
from core.sandbox.cloud.state import ApiKey, State, real_clock
from core.sandbox.cloud.storage import Storage
from core.sandbox.simulated import Observed
from core.sandbox.views import AccountView, LocalAccount, Snapshot

DIRECTORY = "0c1e5d1b-4d1c-4f0b-9a53-6a1f3a2f2f11"
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CloudUser:
    """What of a user only this product has."""

    id: str
    external_id: str | None
    atlassian_account_id: str
    title: str | None
    department: str | None


class Cloud(Observed[Settings]):
    """One directory of an organization. Serve `app` with `core.sandbox.serving`; its URL ends with `context_path`.

    What the methods here put in or change is the doing of the organization's administrators, and leaves no effect.
    """

    def __init__(
        self,
        directory: str = DIRECTORY,
        *,
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        clock: Callable[[], float] = real_clock,
        seed: int = 1,
    ) -> None:
        """An empty directory."""
        self._state = State(directory, quirks or Quirks(), settings or Settings(), clock, seed)
        self._storage = Storage(self._state)
        super().__init__(self._state, cloud_app(self._state, self._storage))

    @classmethod
    def with_defaults(
        cls,
        accounts: Iterable[LocalAccount] = (),
        *,
        quirks: Quirks | None = None,
        settings: Settings | None = None,
        clock: Callable[[], float] = real_clock,
        seed: int = 1,
    ) -> Self:
        """A directory with these accounts, for the organization `acme` that has verified example.com."""
        cloud = cls(quirks=quirks, settings=settings, clock=clock, seed=seed)
        for account in accounts:
            cloud.add_account(account)
        return cloud

    def issue_key(self, *, directory: str | None = None, expires: float | None = None) -> str:
        """An API key, for another directory if that is named, good until `expires` (seconds since 1970)."""
        with self._state.lock:
            key = f"ATCTT-{len(self._state.keys) + 1:04d}-{self._state.new_id()}"
            self._state.keys[key] = ApiKey(directory or self._state.directory, expires)
            return key

    def revoke_key(self, key: str) -> None:
        """End an API key, as regenerating it does."""
        with self._state.lock:
            del self._state.keys[key]

    def add_managed_account(self, email: str) -> str:
        """An Atlassian account of this address that is there already; answers its id."""
        with self._state.lock:
            return self._state.account_id(email)

    def add_account(self, account: LocalAccount) -> str:
        """Add a user with its groups, which are made where they are missing, and answer its id."""
        with self._state.lock:
            user: Any = UserResource(
                id=self._state.new_id(),
                meta=Meta(resource_type="User", created=_LONG_AGO, last_modified=_LONG_AGO),
                user_name=account.username,
                display_name=account.full_name,
                emails=[Email(value=account.email, primary=True, type=Email.Type.work)],
                active=account.active,
            )
            stand_for(user, self._state.account_id(account.email))
            self._storage.put(user)
        for group in account.groups:
            self.add_member(group, account.username)
        return str(user.id)

    def change_account(
        self, username: str, *, full_name: str | None = None, email: str | None = None, active: bool | None = None
    ) -> None:
        """Change a user behind manciple's back.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            user = self._user(username).model_copy(deep=True)
            user.display_name = full_name or user.display_name
            user.emails = [Email(value=email, primary=True)] if email else user.emails
            user.active = user.active if active is None else active
            self._storage.put(user)

    def rename_account(self, username: str, new_username: str) -> None:
        """Rename a user; the id stays.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._storage.put(self._user(username).model_copy(update={"user_name": new_username}))

    def remove_account(self, username: str) -> None:
        """Take a user out of the directory, with nothing left behind.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            self._storage.drop(self._user(username))

    def add_group(self, name: str, members: Sequence[str] = ()) -> str:
        """Add a group with these users and answer its id."""
        with self._state.lock:
            ids = {str(user.user_name).lower(): ident for ident, user in self._storage.users().items()}
            group = Group(
                id=self._state.new_id(),
                meta=Meta(resource_type="Group", created=_LONG_AGO, last_modified=_LONG_AGO),
                display_name=name,
                members=[member(ids[name.lower()]) for name in members] or None,
            )
            self._storage.put(group)
            return str(group.id)

    def remove_group(self, name: str) -> None:
        """Take a group out of the directory.

        :raises KeyError: when there is no such group.
        """
        with self._state.lock:
            group = self._storage.named_group(name)
            if group is None:
                raise KeyError(f"there is no group {name}")
            self._storage.drop(group)

    def add_member(self, group: str, username: str) -> None:
        """Make a user a member of a group, which is made where it is missing.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            stored = self._storage.named_group(group)
            if stored is None:
                self.add_group(group, (username,))
                return
            joined = [*(stored.members or ()), member(str(self._user(username).id))]
            self._storage.put(stored.model_copy(update={"members": joined}))

    def user(self, username: str) -> CloudUser:
        """What of a user only this product has.

        :raises KeyError: when there is no such user.
        """
        with self._state.lock:
            user = self._user(username)
            return CloudUser(str(user.id), user.external_id, account_of(user), user.title, user.department)

    def snapshot(self) -> Snapshot:
        """Users, groups and memberships now. Who was deleted is not among them."""
        with self._state.lock:
            users = sorted(self._storage.users().values(), key=lambda user: str(user.user_name))
            groups = self._storage.groups().values()
            names = {str(user.id): str(user.user_name) for user in users}
            return Snapshot(
                tuple(map(_view, users)),
                tuple(sorted(str(group.display_name) for group in groups)),
                frozenset(
                    (str(group.display_name), names[str(member.value)])
                    for group in groups
                    for member in group.members or ()
                    if member.value in names
                ),
            )

    @property
    def unsynced_groups(self) -> set[str]:
        """Names of the groups whose creation was answered with success, and that the organization never sees."""
        with self._state.lock:
            groups = self._storage.groups()
            return {str(groups[ident].display_name) for ident in self._state.unsynced}

    def _user(self, username: str) -> User[Any]:
        for user in self._storage.users().values():
            if str(user.user_name).lower() == username.lower():
                return user
        raise KeyError(f"there is no user {username}")


def _view(user: User[Any]) -> AccountView:
    return AccountView(str(user.user_name), str(user.display_name or ""), primary_email(user), user.active is not False)
