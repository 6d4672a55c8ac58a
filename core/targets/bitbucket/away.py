"""The memberships of deactivated accounts, changed.

A deactivated account is shown with all memberships that it gets back. So one in a group that lets accounts in is
remembered, not given, while it is away; and one that is taken from it is forgotten.
"""

from core.planning.names import account_key, group_key
from core.targets.bitbucket import marks
from core.targets.bitbucket.accounts import Accounts, Found
from core.targets.bitbucket.deactivated import Deactivated
from core.targets.bitbucket.groups import delete_group
from core.targets.bitbucket.marking import Marking
from core.targets.bitbucket.memberships import Memberships
from core.targets.bitbucket.permissions import Permissions, Rights
from core.targets.bitbucket.session import Session


class Away:
    """Memberships of the accounts of one Bitbucket, whether these are active or not."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        permissions: Permissions,
        memberships: Memberships,
        marking: Marking,
        deactivated: Deactivated,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._permissions = permissions
        self._memberships = memberships
        self._marking = marking
        self._deactivated = deactivated

    async def add(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds.

        :raises NotFound: when there is no such account or no such group.
        :raises NoSeats: when the group would give a seat and the licence is full.
        """
        found = await self._deactivated_account(account)
        name = await self._permissions.letting_in(group) if found is not None else None
        if found is None or name is None:
            await self._memberships.add(group, account)
            return
        await self._marking.mark(found.account.name, marks.of(Rights(None, (name,))))
        self._deactivated.forget()

    async def remove(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        found = await self._deactivated_account(account)
        mark = marks.mark_of(group, found.groups) if found is not None else None
        if found is not None and mark is not None:
            await self._marking.unmark(found.account.name, [mark])
            self._deactivated.forget()
            if not any(each.key == group_key(group) for each in found.groups):
                return
        await self._memberships.remove(group, account)

    async def forget_group(self, group: str) -> None:
        """Let nobody get back a group that is gone."""
        if group_key(group) in (await self._deactivated.now()).taken_from:
            for mark in marks.of(Rights(None, (group,))):
                await delete_group(self._session, mark)
            self._deactivated.forget()

    async def _deactivated_account(self, name: str) -> Found | None:
        """The account of that name where it is deactivated, which is looked at anew before anything is made of it."""
        if account_key(name) not in (await self._deactivated.now()).keys:
            return None
        found = await self._accounts.existing(name)
        return found if await self._accounts.is_deactivated(found) else None
