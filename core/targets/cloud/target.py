"""One directory of Atlassian Cloud as a target, over the user provisioning API (SCIM 2.0).

It renames accounts and knows users and groups by immutable ids. It does not delete accounts, rename groups, or know
who leads a project. Sources: Atlassian's user provisioning REST API; RFC 7643 and 7644, where it follows them.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, TargetGroup
from core.targets.cannot import WithoutLeads
from core.targets.cloud.checking import STEPS, Parts
from core.targets.cloud.groups import Groups
from core.targets.cloud.memberships import Memberships
from core.targets.cloud.probing import DELETE_USER, RENAME_GROUP, Probing
from core.targets.cloud.session import Session
from core.targets.cloud.users import Users
from core.targets.examining import examine
from core.targets.http import Http
from core.targets.protocol import Finding, NewAccount, Unsupported
from core.targets.timing import REAL_TIME, Timing


class Cloud(WithoutLeads):
    """The accounts and groups of one directory; see `core.targets.protocol.Target`.

    `expires` is the last day of the API key, as configured: Atlassian does not tell it.
    """

    def __init__(self, http: Http, timing: Timing = REAL_TIME, *, expires: date | None = None) -> None:
        self.name = http.party
        self._session = Session(http)
        self._probing = Probing(self._session, timing)
        self._groups = Groups(self._session, timing)
        self._users = Users(self._session, timing, self._groups.of_user)
        self._memberships = Memberships(self._groups)
        self._timing = timing
        self._expires = expires

    async def capabilities(self) -> Capabilities:
        """What this directory can do: remembered for a while.

        :raises CredentialFailed: when the API key is not accepted.
        """
        return await self._probing.capabilities()

    async def check(self) -> Sequence[Finding]:
        """Try URL and API key, list everything, and say when the key ends."""
        parts = Parts(self._session, self._probing, self._users, self._groups, self._timing, self._expires)
        return await examine(STEPS, parts)

    def account_key(self, name: str) -> str:
        """`userName` is compared without case (RFC 7643 section 4.1.1)."""
        return account_key(name)

    def group_key(self, name: str) -> str:
        """`displayName` is compared without case."""
        return group_key(name)

    def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, deactivated ones too; those that were deleted are not shown.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._users.all()

    def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._groups.all()

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        """The members of a group, deactivated ones too; those that were deleted are left out.

        :raises NotFound: when the group does not exist.
        """
        for account in await self._users.with_ids(await self._groups.member_ids(group)):
            yield account

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none."""
        return await self._users.find(name)

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its id, which stays when it is renamed, with its groups; `None` when there is none."""
        return await self._users.find_by_id(id)

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        return await self._groups.find(name)

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account, and read it back. There is no password: who it is signs in by single sign-on.

        An Atlassian account that has the address already is linked with it by Atlassian.

        :raises AlreadyExists: when the name is taken.
        :raises NoSeats: when the directory is full.
        :raises UnverifiedDomain: when the address is of a domain that the organization has not verified.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        return await self._users.create(account)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name, the primary e-mail, and those further attributes that are given; an empty one is cleared.

        :raises UnverifiedDomain: when the address is of a domain that the organization has not verified.
        """
        await self._users.update(name, display_name=display_name, email=email, attributes=attributes)

    async def rename_account(self, name: str, new_name: str) -> None:
        """Give an account another `userName`; its id, groups and content stay.

        :raises AlreadyExists: when another account has that name.
        """
        await self._users.rename(name, new_name)

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; memberships stay, and asking for what is so already succeeds."""
        await self._users.set_active(name, active)

    async def delete_account(self, name: str) -> None:
        """Refused: Atlassian deactivates what is deleted, and hides it.

        :raises Unsupported: always.
        """
        raise Unsupported(DELETE_USER)

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name in the directory.
        :raises Refused: when the organization has one from elsewhere, or Atlassian keeps the name for itself.
        """
        return await self._groups.create(name)

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused: `displayName` is immutable.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_GROUP)

    async def delete_group(self, name: str) -> None:
        """Delete a group, here and in the organization; one that is gone already succeeds."""
        await self._groups.delete(name)

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        found = await self._groups.known_or_found(group)
        user = await self._users.known_or_found(account)
        await self._memberships.change("add", found, user.id, user.name)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        found = await self._groups.known_or_found(group)
        user = await self._users.known_or_found(account)
        await self._memberships.change("remove", found, user.id, user.name)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._memberships.aclose()
        await self._session.http.aclose()
