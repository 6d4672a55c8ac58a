"""One Crowd Data Center as a target, or one Jira that serves Crowd's REST API to other products.

Crowd renames accounts, switches them on and off, keeps further attributes, and tells direct members from those of
inner groups; it does not rename groups. Which directory it works in is decided by the application that manciple is to
it. The facts come from Crowd's REST documentation and the sources of its client, 2.8 to 6.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, TargetGroup
from core.targets.cannot import WithoutLeads
from core.targets.crowd.accounts import Accounts
from core.targets.crowd.checking import STEPS, Parts
from core.targets.crowd.groups import Groups
from core.targets.crowd.memberships import Memberships
from core.targets.crowd.names import RENAME_GROUP, trimmed
from core.targets.crowd.paging import Listings
from core.targets.crowd.probing import Probing
from core.targets.crowd.reading import NAME_PARTS
from core.targets.crowd.session import Session
from core.targets.examining import examine
from core.targets.http import Http
from core.targets.lookups import created, with_id
from core.targets.protocol import Finding, IncompleteRead, NewAccount, Unsupported
from core.targets.timing import REAL_TIME, Timing


class Crowd(WithoutLeads):
    """The accounts and groups of one Crowd; see `core.targets.protocol.Target`.

    `attributes` are the names of the further attributes that rules make.
    """

    def __init__(self, http: Http, timing: Timing = REAL_TIME, *, attributes: Collection[str] = ()) -> None:
        self.name = http.party
        wanted = frozenset(attributes) | NAME_PARTS.keys()
        self._session = Session(http)
        self._probing = Probing(self._session, timing, attributes)
        listings = Listings(self._session)
        self._accounts = Accounts(self._session, listings, wanted)
        self._groups = Groups(self._session, listings)
        self._memberships = Memberships(self._session, listings, wanted, self.find_account, self.find_group)

    async def capabilities(self) -> Capabilities:
        """What the application can do: probed, and remembered for a while.

        :raises CredentialFailed: when Crowd does not know the application, or not at this address.
        """
        return await self._probing.capabilities()

    async def check(self) -> Sequence[Finding]:
        """Try URL, credential, address and permissions."""
        return await examine(STEPS, Parts(self._session, self._probing, self.list_accounts, self.list_groups))

    def account_key(self, name: str) -> str:
        """Crowd compares account names without case."""
        return account_key(name)

    def group_key(self, name: str) -> str:
        """Crowd compares group names without case."""
        return group_key(name)

    async def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too.

        :raises IncompleteRead: when the listing broke off or does not add up, and when there is none although the
            application may create none either: it has no directory then.
        """
        empty = True
        async for account in self._accounts.all():
            empty = False
            yield account
        if empty and (await self.capabilities()).create_user is not None:
            raise IncompleteRead(
                "Crowd shows no account to the application, and does not let it create one.",
                remedy="Map a directory to the application in Crowd; it must be active.",
            )

    def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._groups.all()

    def list_members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._memberships.of(group)

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        return await self._accounts.find({"username": trimmed(name)}, name)

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its key, which stays when it is renamed, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        return with_id(await self._accounts.find({"key": id}, id), id, self.name)

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        return await self._groups.find(trimmed(name))

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account with a random password that nobody learns, and read it back.

        :raises AlreadyExists: when the name is taken.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        name = trimmed(account.name)
        await self._accounts.create(replace(account, name=name))
        return await created(name, self.find_account(name), self.name)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail, and those attributes that are given; an empty one is cleared."""
        await self._accounts.update(name, display_name=display_name, email=email, attributes=attributes or {})

    async def rename_account(self, name: str, new_name: str) -> None:
        """Give an account another name; its key stays.

        :raises AlreadyExists: when another account has that name.
        """
        await self._accounts.rename(name, trimmed(new_name))

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds."""
        await self._accounts.set_active(name, active)

    async def delete_account(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds."""
        await self._accounts.delete(name)

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group, in every directory of the application.

        :raises AlreadyExists: when there is one of this name.
        """
        return await self._groups.create(trimmed(name))

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused: Crowd does not rename groups over its REST API.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_GROUP)

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds."""
        await self._groups.delete(name)

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        await self._memberships.add(group, account)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        await self._memberships.remove(group, account)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.http.aclose()
