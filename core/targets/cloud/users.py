"""The users of a directory: found by name or id, listed, created and changed.

A user that was deleted answers 404 like one that never was; so does everything where the directory itself is gone,
which is told apart before anybody is taken for absent.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key
from core.planning.values import Account
from core.targets.cloud import reading, refusals, wire
from core.targets.cloud.known import Known
from core.targets.cloud.names import can_address, equals, segment
from core.targets.cloud.paging import PAGE_SIZE, listed
from core.targets.cloud.session import Session
from core.targets.cloud.writing import Operation, new_user, updates
from core.targets.lookups import READ_AGAIN, created, with_id
from core.targets.protocol import AlreadyExists, IncompleteRead, NewAccount, NotFound, Refused
from core.targets.timing import Timing

_USERS = "/Users"
GroupsOf = Callable[[str], Awaitable[frozenset[str]]]
"""Keys of the groups that name a user, by its id, as a member."""


class Users:
    """The users of one directory; `groups_of` finds a user's groups where the user does not tell them."""

    def __init__(self, session: Session, timing: Timing, groups_of: GroupsOf) -> None:
        self._session = session
        self._party = session.http.party
        self._groups_of = groups_of
        self._known = Known[Account](timing)

    async def all(self) -> AsyncIterator[Account]:
        """All users, without their groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        async for user in listed(self._session, _USERS, wire.User):
            account = reading.account(user)
            self._known.learn(account)
            yield account

    async def find(self, name: str) -> Account | None:
        """One user by name, with the groups; `None` when there is none."""
        user = await self._named(name)
        return await self._whole(user) if user is not None else None

    async def find_by_id(self, id: str) -> Account | None:
        """One user by id, with the groups; `None` when there is none."""
        user = await self._with_id(id)
        return with_id(await self._whole(user), id, self._party) if user is not None else None

    async def known_or_found(self, name: str) -> Account:
        """A user that was read a moment ago, or is read now, without the groups.

        :raises NotFound: when there is none.
        """
        if (known := self._known.named(account_key(name))) is not None:
            return known
        return reading.account(await self._existing(name))

    async def with_ids(self, ids: Sequence[str]) -> list[Account]:
        """The users of these ids, as read now or within the last minute; those that are gone are left out."""
        # Kept here, however long it takes: what is known is forgotten after a minute, and a listing may take longer.
        found = {id: account for id in ids if (account := self._known.fresh(id)) is not None}
        missing = {id for id in ids if id not in found}
        if len(missing) > 1 and len(missing) > await self._pages():
            found |= {account.id: account async for account in self.all() if account.id in missing}
        for id in missing - found.keys():
            if (user := await self._with_id(id)) is not None:
                found[id] = reading.account(user)
        return [found[id] for id in ids if id in found]

    async def create(self, account: NewAccount) -> Account:
        """Create an active user and read it back.

        :raises AlreadyExists: when the name is taken.
        :raises NoSeats: when the directory is full.
        :raises UnverifiedDomain: when the address is of a domain that the organization has not verified.
        """
        try:
            await self._session.write("POST", _USERS, new_user(account), subject=account.name)
        except AlreadyExists as error:
            raise await self._taken(account, error) from error
        except Refused as error:
            raise refusals.of_user(error, account.email) from error
        return await created(account.name, self.find(account.name), self._party)

    async def update(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name, e-mail, and those further attributes that are given.

        :raises UnverifiedDomain: when the address is of a domain that the organization has not verified.
        """
        user = await self._existing(name)
        try:
            await self._patch(user, name, *updates(user, display_name, email, attributes))
        except Refused as error:
            raise refusals.of_user(error, email) from error

    async def rename(self, name: str, new_name: str) -> None:
        """Give a user another name; the id stays."""
        await self._patch(await self._existing(name), name, ("replace", "userName", new_name))

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate.

        :raises NotFound: when there is no such user; one that was deleted comes back only as a new one.
        """
        user = await self._named(name)
        if user is None:
            await self._set_unseen(name, active)
        elif reading.account(user).active != active:
            await self._patch(user, name, ("replace", "active", active))

    async def _set_unseen(self, name: str, active: bool) -> None:
        """A user that is not shown may be one that was deactivated and answers to its id again once it is active."""
        id = self._known.last_id(account_key(name))
        if id is None or await self._with_id(id) is not None:  # who has the id by now has another name
            raise _not_there(name)
        if active:
            await self._patch(wire.User(id=id), name, ("replace", "active", True))

    async def _taken(self, account: NewAccount, error: AlreadyExists) -> Refused:
        if await self._named(account.name) is not None:
            return error
        if refusals.is_about_a_limit(error):
            full = refusals.of_user(error, account.email)
            return full if isinstance(full, Refused) else error
        return Refused(
            f"{error.message} The directory does not show who has that name: it belongs to a user that was deleted.",
            remedy="Remove it from the organization in admin.atlassian.com, or give the account another name.",
            status=error.status,
        )

    async def _patch(self, user: wire.User, name: str, *operations: Operation) -> None:
        document = wire.patch(wire.User, *operations)
        await self._session.write("PATCH", f"{_USERS}/{segment(str(user.id))}", document, subject=name)
        if user.user_name:
            self._known.forget(reading.account(user))

    async def _existing(self, name: str) -> wire.User:
        user = await self._named(name)
        if user is None:
            raise _not_there(name)
        return user

    async def _named(self, name: str) -> wire.User | None:
        document = await self._session.read_listing(_USERS, {"filter": equals("userName", name)}, subject=name)
        found, total, _ = wire.read_list(wire.User, document)
        if not total and not found:
            return None
        if len(found) != 1 or account_key(str(found[0].user_name)) != account_key(name):
            raise IncompleteRead(
                f"{self._party} was asked for the account {name} and answered with others.", remedy=READ_AGAIN
            )
        self._known.learn(reading.account(found[0]))
        return found[0]

    async def _with_id(self, id: str) -> wire.User | None:
        if not can_address(id):
            return None
        try:
            document = await self._session.read(f"{_USERS}/{segment(id)}", subject=id)
        except NotFound:
            await self._session.require_directory()
            return None
        user = wire.read(wire.User, document)
        self._known.learn(reading.account(user))
        return user

    async def _whole(self, user: wire.User) -> Account:
        told = reading.with_groups(user)
        return told or replace(reading.account(user), groups=await self._groups_of(str(user.id)))

    async def _pages(self) -> int:
        """How many pages a listing of all has."""
        document = await self._session.read_listing(_USERS, {"startIndex": 1, "count": 1})
        _, total, _ = wire.read_list(wire.User, document)
        return math.ceil(total / (PAGE_SIZE - 1))


def _not_there(name: str) -> NotFound:
    return NotFound(
        f"There is no account {name} in the directory.",
        remedy="It may have been renamed or deleted there: synchronise the target.",
        status=404,
    )
