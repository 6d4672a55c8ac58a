"""The members of Jira's groups, listed and changed.

Jira answers 400 to adding a member again and to removing somebody who is none, as to what it refuses for good. So
after a 400 the account's groups are read: what is so already is a success.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

from core.planning.names import group_key
from core.planning.values import Account
from core.targets.jira import reading
from core.targets.jira.paging import listed
from core.targets.jira.roles import MEMBERS_PAGE
from core.targets.jira.session import Session
from core.targets.protocol import NotFound, Refused

_PATH = "/group/user"


class Memberships:
    """The memberships of one Jira."""

    def __init__(self, session: Session, find_account: Callable[[str], Awaitable[Account | None]]) -> None:
        self._session = session
        self._find_account = find_account

    async def of(self, group: str) -> AsyncIterator[Account]:
        """The members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        query = {"groupname": group, "includeInactiveUsers": "true"}
        pages = listed(self._session, "/group/member", query, page_size=MEMBERS_PAGE, identity="key", subject=group)
        async for user in pages:
            if (account := reading.account(user)) is not None:
                yield account

    async def add(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        try:
            query = {"groupname": group}
            await self._session.write("POST", _PATH, {"name": account}, query=query, subject=account)
        except NotFound:
            raise
        except Refused:
            if not await self._is_member(group, account):
                raise

    async def remove(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        try:
            query = {"groupname": group, "username": account}
            await self._session.write("DELETE", _PATH, query=query, subject=account)
        except Refused as error:
            gone = isinstance(error, NotFound) and not await self._exists(group)
            if gone or await self._is_member(group, account):
                raise

    async def _is_member(self, group: str, name: str) -> bool:
        account = await self._find_account(name)
        if account is None:
            raise NotFound(f"There is no account {name}.", remedy="Synchronise the target.", status=404)
        return group_key(group) in (account.groups or ())

    async def _exists(self, group: str) -> bool:
        try:
            async for _ in self.of(group):
                return True
        except NotFound:
            return False
        return True
