"""The direct members of Crowd's groups, listed and changed. Members of groups inside a group are not told as its own.

Crowd refuses a membership that is there already and one that is not, with a status that is not the same in all
versions. So after a refusal it is read back: what is so already is a success.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection

from core.planning.values import Account, TargetGroup
from core.targets.crowd import reading
from core.targets.crowd.paging import Listings
from core.targets.crowd.session import Session
from core.targets.protocol import NotFound, Refused

_PATH = "/group/user/direct"
_NEEDS = "Modify Group"


class Memberships:
    """The memberships of one Crowd."""

    def __init__(
        self,
        session: Session,
        listings: Listings,
        attributes: Collection[str],
        find_account: Callable[[str], Awaitable[Account | None]],
        find_group: Callable[[str], Awaitable[TargetGroup | None]],
    ) -> None:
        self._session = session
        self._listings = listings
        self._attributes = attributes
        self._find_account = find_account
        self._find_group = find_group

    async def of(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        empty = True
        query = {"groupname": group, "expand": "user,attributes"}
        async for user in self._listings.items(_PATH, query, "users", subject=group):
            empty = False
            yield reading.account(user, self._attributes)
        # Some versions answer an empty list about what is not there (CWD-4433).
        if empty and await self._find_group(group) is None:
            raise _gone("group", group)

    async def add(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        try:
            query = {"groupname": group}
            await self._session.write("POST", _PATH, {"name": account}, query=query, subject=account, needs=_NEEDS)
        except NotFound:
            raise
        except Refused:
            if await self._is_member(group, account):
                return
            # Who is missing in the body of a request is a 400 to Crowd, and no 404.
            if await self._find_account(account) is None:
                raise _gone("account", account) from None
            raise

    async def remove(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        query = {"groupname": group, "username": account}
        try:
            await self._session.write("DELETE", _PATH, query=query, subject=account, needs=_NEEDS)
        except NotFound:
            if await self._find_group(group) is None:
                raise _gone("group", group) from None
            if await self._find_account(account) is None:
                raise _gone("account", account) from None

    async def _is_member(self, group: str, account: str) -> bool:
        try:
            await self._session.read(_PATH, {"groupname": group, "username": account}, subject=account)
        except NotFound:
            return False
        return True


def _gone(kind: str, name: str) -> NotFound:
    return NotFound(f"There is no {kind} {name}.", remedy="Synchronise the target.", status=404)
