"""The accounts of one Crowd: listed, found, created, changed, renamed."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from typing import Any

from core.planning.names import account_key
from core.planning.values import Account
from core.targets import group_json
from core.targets.crowd import reading, writing
from core.targets.crowd.paging import Listings
from core.targets.crowd.session import Session
from core.targets.http import Query
from core.targets.lookups import READ_AGAIN
from core.targets.protocol import (
    AlreadyExists,
    IncompleteRead,
    NewAccount,
    NotFound,
    OutcomeUnknown,
    Refused,
    TargetError,
)

_PATH = "/user"
_GROUPS = "/user/group/direct"
_MODIFY = "Modify User"


class Accounts:
    """The accounts of one Crowd. Of their attributes those in `wanted` are read."""

    def __init__(self, session: Session, listings: Listings, wanted: Collection[str]) -> None:
        self._session = session
        self._listings = listings
        self._wanted = wanted

    async def all(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too, without their groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        seen: set[str] = set()
        query = {"entity-type": "user", "expand": "user,attributes"}
        async for user in self._listings.items("/search", query, "users"):
            account = reading.account(user, self._wanted)
            if account.id in seen:
                raise IncompleteRead(f"{account.name} was renamed while accounts were listed.", remedy=READ_AGAIN)
            seen.add(account.id)
            yield account

    async def find(self, who: Query, subject: str) -> Account | None:
        """The account that Crowd has for this query, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        user = await self._user(who, subject)
        if user is None:
            return None
        account = reading.account(user, self._wanted)
        return replace(account, groups=await self._groups_of(account))

    async def create(self, account: NewAccount) -> None:
        """Create an active account, and see to it that it has its attributes.

        :raises AlreadyExists: when the name is taken.
        :raises OutcomeUnknown: when it may exist, but not as it should.
        """
        try:
            await self._session.write("POST", _PATH, writing.new_user(account), subject=account.name, needs="Add User")
        except Refused as error:
            if error.status != 400 or await self._user({"username": account.name}, account.name) is None:
                raise
            raise AlreadyExists(error.message, remedy="Synchronise the target to see what is there.") from error
        try:
            await self._complete(account)
        except TargetError as error:
            raise OutcomeUnknown(f"{account.name} was created, but: {error.message}", remedy=READ_AGAIN) from error

    async def update(self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str]) -> None:
        """Set display name, e-mail and these attributes; an empty one is cleared.

        :raises NotFound: when there is no such account.
        """
        user = await self._present(name)
        document = writing.changed_user(user, display_name=display_name, email=email, attributes=attributes)
        await self._put(name, document)
        further = {each: value for each, value in attributes.items() if each not in reading.NAME_PARTS}
        await self._put_attributes(name, further, reading.attributes_of(user))

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds.

        :raises NotFound: when there is no such account.
        """
        user = await self._present(name)
        if user.get("active") is not active:
            await self._put(name, writing.whole_user(user) | {"active": active})

    async def rename(self, name: str, new_name: str) -> None:
        """Give an account another name; its key stays.

        :raises AlreadyExists: when another account has that name.
        :raises Refused: when the application goes on to see it by an alias.
        """
        query = {"username": name}
        try:
            answer = await self._session.write(
                "POST", "/user/rename", {"new-name": new_name}, query=query, subject=name, needs=_MODIFY
            )
        except NotFound:
            raise
        except (Refused, OutcomeUnknown) as error:
            raise await self._taken(name, new_name, error) from error
        shown = reading.account(answer.document(), ())
        if shown.key != account_key(new_name):
            raise Refused(
                f"{name} was renamed to {new_name}, but Crowd shows it to this application by the alias {shown.name}.",
                remedy="Take the alias away in Crowd, under the application's users.",
            )

    async def delete(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds."""
        try:
            await self._session.write("DELETE", _PATH, query={"username": name}, subject=name, needs="Remove User")
        except NotFound:
            return

    async def _user(self, who: Query, subject: str) -> dict[str, Any] | None:
        try:
            user = await self._session.read(_PATH, {**who, "expand": "attributes"}, subject=subject)
        except NotFound:
            return None
        if not isinstance(user, dict):
            raise IncompleteRead("Crowd answered with something that is no user.")
        return user

    async def _present(self, name: str) -> dict[str, Any]:
        """The user object of that name, whole, since an update must give all of it."""
        user = await self._user({"username": name}, name)
        if user is None:
            raise NotFound(f"There is no account {name}.", remedy="Synchronise the target.", status=404)
        reading.account(user, ())
        return user

    async def _groups_of(self, account: Account) -> frozenset[str]:
        gone = IncompleteRead(f"{account.name} was renamed or deleted while it was read.", remedy=READ_AGAIN)
        listed = self._listings.items(_GROUPS, {"username": account.name}, "groups", subject=account.name)
        try:
            groups = frozenset([group_json.group(each, "Crowd").key async for each in listed])
        except NotFound:
            raise gone from None
        # Some versions answer an empty list about who is not there (CWD-4433).
        if not groups:
            again = await self._user({"username": account.name}, account.name)
            if again is None or again.get("key") != account.id:
                raise gone
        return groups

    async def _complete(self, account: NewAccount) -> None:
        """Give a new account those attributes that Crowd did not take with it."""
        held = writing.held(account)
        if held:
            found = reading.attributes_of(await self._present(account.name))
            await self._put_attributes(account.name, held, found)

    async def _put(self, name: str, document: object) -> None:
        await self._session.write("PUT", _PATH, document, query={"username": name}, subject=name, needs=_MODIFY)

    async def _put_attributes(self, name: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> None:
        """Set those attributes that are not so yet, and clear the empty ones."""
        path, needs = "/user/attribute", "Modify User Attributes"
        changed = {each: value for each, value in wanted.items() if value and found.get(each) != value}
        if changed:
            document = {"attributes": writing.attribute_list(changed)}
            await self._session.write("POST", path, document, query={"username": name}, subject=name, needs=needs)
        for cleared in sorted(each for each, value in wanted.items() if not value and each in found):
            query = {"username": name, "attributename": cleared}
            await self._session.write("DELETE", path, query=query, subject=name, needs=needs)

    async def _taken(self, name: str, new_name: str, error: TargetError) -> TargetError:
        """The refusal of a new name: older versions answer 500 to one that is taken, which says nothing (CWD-4819)."""
        if error.status not in (400, 409, 500) or account_key(name) == account_key(new_name):
            return error
        own = await self._user({"username": name}, name)
        other = await self._user({"username": new_name}, new_name)
        if own is None or other is None or own.get("key") == other.get("key"):
            return error
        return AlreadyExists(
            f"Another account of Crowd has the name {new_name}.", remedy="Synchronise the target to see what is there."
        )
