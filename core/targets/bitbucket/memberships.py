"""The members of Bitbucket's groups, changed.

What Bitbucket answers to adding a member again, and to removing somebody who is none, is not documented. So after a
refusal the account's groups are read: what is so already is a success.
"""

from collections.abc import Sequence

from core.planning.names import group_key
from core.targets.bitbucket.accounts import Accounts
from core.targets.bitbucket.groups import find_group
from core.targets.bitbucket.session import Session
from core.targets.protocol import NoSeats, NotFound, Refused


class Memberships:
    """The memberships of one Bitbucket."""

    def __init__(self, session: Session, accounts: Accounts) -> None:
        self._session = session
        self._accounts = accounts

    async def add(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds.

        :raises NotFound: when there is no such account or no such group.
        :raises NoSeats: when the group would give a seat and the licence is full.
        """
        document = {"group": group, "users": [account]}
        try:
            await self._write("/admin/groups/add-users", document, account)
        except (NotFound, NoSeats):
            raise
        except Refused:
            if not await self._is_member(group, account):
                raise

    async def add_to_all(self, groups: Sequence[str], account: str) -> None:
        """Add an account to these groups at once; one that it is in already is no matter.

        :raises NotFound: when there is no such account, or one of the groups is not there; some may have been joined.
        :raises NoSeats: when one of them would give a seat and the licence is full.
        """
        try:
            await self._write("/admin/users/add-groups", {"user": account, "groups": list(groups)}, account)
        except (NotFound, NoSeats):
            raise
        except Refused:
            for group in groups:
                await self.add(group, account)

    async def remove(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        document = {"context": account, "itemName": group}
        try:
            await self._session.write("POST", "/admin/users/remove-group", document, subject=account)
        except NotFound:
            if await find_group(self._session, group) is None or await self._is_member(group, account):
                raise

    async def _write(self, path: str, document: object, account: str) -> None:
        await self._session.write("POST", path, document, subject=account, takes_seat=True)

    async def _is_member(self, group: str, account: str) -> bool:
        found = await self._accounts.existing(account)
        return any(each.key == group_key(group) for each in found.groups)
