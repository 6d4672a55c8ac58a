"""All accounts of a Bitbucket, and the members of its groups; proved complete, or refused.

Besides what the pages prove of each other, a listing of all must have the account behind the credential, and at least
as many active accounts as the licence counts: everybody who takes a seat is one.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account
from core.targets.bitbucket import reading
from core.targets.bitbucket.accounts import Accounts
from core.targets.bitbucket.deactivated import Deactivated
from core.targets.bitbucket.groups import find_group
from core.targets.bitbucket.licence import read_licence
from core.targets.bitbucket.permissions import Permissions
from core.targets.bitbucket.session import Session
from core.targets.protocol import IncompleteRead, NotFound

_READ_AGAIN = "It is read again at the next synchronisation."


class Listing:
    """What one Bitbucket lists."""

    def __init__(
        self, session: Session, accounts: Accounts, permissions: Permissions, deactivated: Deactivated
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._permissions = permissions
        self._deactivated = deactivated

    async def accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        own, before = account_key(await self._session.known()), await self._licensed()
        deactivated = (await self._deactivated.now()).ids
        active, found = 0, not own
        async for user in self._accounts.all():
            account = self._accounts.note(user)
            active += account.active
            found = found or account.key == own
            yield _with_activity(account, deactivated)
        # The name is what Bitbucket tells in a header; only where there is such an account it proves anything.
        if not found and await self._accounts.find(own) is not None:
            raise IncompleteRead(
                f"Bitbucket's list of accounts is not whole: it lacks {own}, the account behind the credential.",
                remedy=_READ_AGAIN,
            )
        licensed = min(before, await self._licensed())
        if active < licensed:
            raise IncompleteRead(
                f"Bitbucket lists {active} active accounts, and its licence counts {licensed}.", remedy=_READ_AGAIN
            )

    async def members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too, and those deactivated ones who get it back.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        deactivated, seen = await self._deactivated.now(), set[str]()
        async for user in self._permissions.members(group):
            account = _with_activity(reading.account(user), deactivated.ids)
            seen.add(account.id)
            yield account
        # Bitbucket may also answer with nobody for a group that is gone.
        if not seen and await find_group(self._session, group) is None:
            raise NotFound(f"Bitbucket has no group {group}.", remedy="Synchronise the target.", status=404)
        for account in deactivated.taken_from.get(group_key(group), ()):
            if account.id not in seen:
                yield account

    async def _licensed(self) -> int:
        licence = await read_licence(self._session.read)
        return licence.taken if licence is not None else 0


def _with_activity(account: Account, deactivated: frozenset[str]) -> Account:
    return replace(account, active=False) if account.id in deactivated else account
