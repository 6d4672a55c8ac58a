"""Deactivating and reactivating accounts of a product that has neither: what lets one in is taken, and given back.

What is taken is remembered first (`core.targets.bitbucket.marks`), and a deactivation is finished only once it was seen
that nothing lets the account in.
"""

from collections.abc import Collection
from functools import partial

from core.planning.names import account_key, group_key
from core.targets.bitbucket import marks
from core.targets.bitbucket.accounts import Accounts, Found
from core.targets.bitbucket.marking import Marking, surely
from core.targets.bitbucket.memberships import Memberships
from core.targets.bitbucket.permissions import Permissions, Rights
from core.targets.bitbucket.session import Session
from core.targets.protocol import NotFound, Refused


class Activity:
    """Takes and gives back what lets accounts into one Bitbucket."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        permissions: Permissions,
        memberships: Memberships,
        marking: Marking,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._permissions = permissions
        self._memberships = memberships
        self._marking = marking

    async def deactivate(self, name: str) -> None:
        """Take from an account all that lets it in, and verify that nothing does any more.

        :raises NotFound: when there is no such account.
        :raises Refused: when it is the credential's own, or something lets it in that cannot be taken here.
        """
        found = await self._accounts.existing(name)
        rights = await self._accounts.rights(found)
        if not found.account.active or (marks.is_finished(found.groups) and not rights):
            return
        await self._refuse_own(found)
        if found.has_fixed_groups:
            raise _read_only(found, "be deactivated")
        await self._remember(found, rights)
        try:
            await self._take(found, rights)
            await self._verify_out(name)
        except Refused:
            await self._forget_kept(name)
            raise
        await self._marking.mark(found.account.name, [marks.DEACTIVATED])

    async def reactivate(self, name: str) -> None:
        """Give an account back what was taken from it, no less and no more, and verify that this lets it in again.

        :raises NotFound: when there is no such account.
        :raises NoSeats: when the licence is full.
        :raises Refused: when it is inactive in its directory, or what let it in lets in nobody any more.
        """
        found = await self._accounts.existing(name)
        if not found.account.active:
            raise _read_only(found, "be activated")
        taken = marks.remembered(found.groups)
        # Whom somebody has let in again since is left as it is.
        if taken and not (marks.is_finished(found.groups) and await self._accounts.rights(found)):
            await self._give(found, taken)
            await self._verify_in(name, taken)
        await self._forget(found)

    async def _remember(self, found: Found, rights: Rights) -> None:
        """Mark what is taken. What an earlier, finished deactivation remembered is over: somebody let it in again."""
        if marks.is_finished(found.groups):
            await self._forget(found)
        names = marks.of(rights)
        if names:
            await self._marking.mark(found.account.name, names)

    async def _take(self, found: Found, rights: Rights) -> None:
        name = found.account.name
        for group in rights.groups:
            try:
                await surely(partial(self._memberships.remove, group, name))
            except NotFound:  # the group is gone, or the account is: then so says the verification
                continue
        if rights.permission is not None:
            await surely(partial(self._permissions.revoke, name))

    async def _give(self, found: Found, rights: Rights) -> None:
        name = found.account.name
        if rights.groups:
            try:
                await surely(partial(self._memberships.add_to_all, rights.groups, name))
            except NotFound:  # one of them is gone meanwhile: the others are given one by one
                await self._give_each(rights.groups, name)
        if (permission := rights.permission) is not None:
            await surely(partial(self._permissions.grant, name, permission))

    async def _give_each(self, groups: Collection[str], name: str) -> None:
        for group in groups:
            try:
                await surely(partial(self._memberships.add, group, name))
            except NotFound:
                await self._accounts.existing(name)

    async def _forget(self, found: Found) -> None:
        await self._marking.unmark(found.account.name, marks.marks(found.groups))

    async def _forget_kept(self, name: str) -> None:
        """What could not be taken is not given back either."""
        found = await self._accounts.existing(name)
        kept = set(map(group_key, marks.of(await self._accounts.rights(found))))
        await self._marking.unmark(name, [mark for mark in marks.marks(found.groups) if mark.key in kept])

    async def _verify_out(self, name: str) -> None:
        rights = await self._accounts.rights(await self._accounts.existing(name))
        if rights:
            text = f"{name} can still log in, by {_named(rights)}: it was given again meanwhile."
            raise Refused(text, remedy="Try again later.")
        if await self._permissions.still_lets_in(name):
            raise Refused(
                f"{name} can still log in: a group inside another, or another directory, gives it a permission.",
                remedy="Take it out of that group there, or deactivate it in its directory.",
            )

    async def _verify_in(self, name: str, taken: Rights) -> None:
        if not await self._accounts.rights(await self._accounts.existing(name)):
            raise Refused(
                f"{name} still cannot log in: {_named(taken)}, which was given back, no longer lets anybody in.",
                remedy="Put the account into a group that has a global permission.",
            )

    async def _refuse_own(self, found: Found) -> None:
        if account_key(await self._session.known()) == found.account.key:
            raise Refused(
                f"{found.account.name} is the account behind the target's credential.",
                remedy="Give the target another credential first, or protect this account.",
            )


def _named(rights: Rights) -> str:
    return " and ".join(filter(None, (*rights.groups, rights.permission)))


def _read_only(found: Found, what: str) -> Refused:
    return Refused(
        f"{found.account.name} can only {what} in the directory that it comes from.",
        remedy="Do it there: Bitbucket takes it over with the next synchronisation of that directory.",
    )
