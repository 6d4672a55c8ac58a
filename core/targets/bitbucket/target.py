"""One Bitbucket Data Center as a target.

Bitbucket's REST creates by query parameters, renames accounts, and tells accounts that are known and may not (401,
`AuthorisationException`) like those that are not known. It cannot deactivate: what lets an account in is taken and
given back (`core.targets.bitbucket.activity`). The facts come from Bitbucket's REST documentation, 8.14 and 9.5.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, TargetGroup
from core.targets.bitbucket import groups
from core.targets.bitbucket.accounts import Accounts
from core.targets.bitbucket.activity import Activity
from core.targets.bitbucket.away import Away
from core.targets.bitbucket.checking import STEPS, Parts
from core.targets.bitbucket.deactivated import Deactivated
from core.targets.bitbucket.listing import Listing
from core.targets.bitbucket.marking import Marking
from core.targets.bitbucket.memberships import Memberships
from core.targets.bitbucket.permissions import Permissions
from core.targets.bitbucket.probing import RENAME_GROUP, Probing
from core.targets.bitbucket.session import Session
from core.targets.cannot import WithoutLeads
from core.targets.examining import examine
from core.targets.group_json import created_group
from core.targets.http import Http
from core.targets.lookups import created, with_id
from core.targets.protocol import AlreadyExists, Finding, NewAccount, NotFound, Refused, Unsupported
from core.targets.timing import REAL_TIME, Timing

_USERS = "/admin/users"


class Bitbucket(WithoutLeads):
    """The accounts and groups of one Bitbucket; see `core.targets.protocol.Target`.

    `directory` is the user directory that new accounts shall go into; `None` leaves it to Bitbucket.
    """

    def __init__(self, http: Http, timing: Timing = REAL_TIME, *, directory: str | None = None) -> None:
        self.name = http.party
        self._session = session = Session(http)
        self._probing = Probing(session, timing, directory)
        permissions = Permissions(session)
        self._accounts = Accounts(session, permissions)
        memberships = Memberships(session, self._accounts)
        self._deactivated = Deactivated(session, permissions, timing)
        self._listing = Listing(session, self._accounts, permissions, self._deactivated)
        marking = Marking(session, memberships)
        self._activity = Activity(session, self._accounts, permissions, memberships, marking)
        self._away = Away(session, self._accounts, permissions, memberships, marking, self._deactivated)
        self._directory = directory

    async def capabilities(self) -> Capabilities:
        """What this instance can do: probed, and remembered for a while.

        :raises CredentialFailed: when Bitbucket does not know the credential, or it may not administer.
        """
        return await self._probing.capabilities()

    async def check(self) -> Sequence[Finding]:
        """Try URL, credential, permissions, and what the version offers."""
        return await examine(STEPS, Parts(self._session, self._probing, self._listing, self._directory))

    def account_key(self, name: str) -> str:
        """Bitbucket keeps the case of account names and compares them without."""
        return account_key(name)

    def group_key(self, name: str) -> str:
        """Bitbucket compares group names without case."""
        return group_key(name)

    async def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        self._deactivated.forget()
        async for account in self._listing.accounts():
            yield account

    def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups, but for those that remember what was taken from deactivated accounts.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return groups.all_groups(self._session)

    def list_members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too, and those deactivated ones who get it back.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._listing.members(group)

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        found = await self._accounts.find(name)
        return None if found is None else await self._accounts.shown(found)

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its id, which stays when it is renamed, with its groups; `None` when there is none.

        Bitbucket has no look-up by id: all accounts are listed until it comes.

        :raises IncompleteRead: when it was renamed or deleted while it was read, or the listing does not add up.
        """
        found = await self._accounts.find_by_id(id)
        return None if found is None else with_id(await self._accounts.shown(found), id, self.name)

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        return await groups.find_group(self._session, name)

    async def create_account(self, account: NewAccount) -> Account:
        """Create an account with a random password that nobody learns, in Bitbucket's default group; and read it back.

        The password is a parameter of the request's address, which servers and proxies log: it is good for nothing
        once somebody sets another, and the account's people sign in by single sign-on.

        :raises AlreadyExists: when the name is taken.
        :raises NoSeats: when the default group gives a seat and the licence is full.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        query = {
            "name": account.name,
            "displayName": account.display_name,
            "emailAddress": account.email,
            "password": secrets.token_urlsafe(32),
            "addToDefaultGroup": "true",
            "notify": "false",
        }
        await self._session.write("POST", _USERS, query=query, subject=account.name, creates=True, takes_seat=True)
        return await created(account.name, self.find_account(account.name), self.name)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail; Bitbucket accounts have no further attributes."""
        document = {"name": name, "displayName": display_name, "email": email}
        await self._session.write("PUT", _USERS, document, subject=name)

    async def rename_account(self, name: str, new_name: str) -> None:
        """Give an account another name; its id stays.

        :raises AlreadyExists: when another account has that name.
        """
        document = {"name": name, "newName": new_name}
        try:
            await self._session.write("POST", f"{_USERS}/rename", document, subject=name, creates=True)
        except (NotFound, AlreadyExists):
            raise
        except Refused as error:
            if account_key(name) == account_key(new_name) or await self._accounts.find(new_name) is None:
                raise
            raise AlreadyExists(error.message, remedy=error.remedy, status=error.status, code=error.code) from error

    async def set_active(self, name: str, active: bool) -> None:
        """Take from an account what lets it in, or give that back; asking for what is so already succeeds.

        :raises NoSeats: when what is given back needs a seat and the licence is full.
        :raises Refused: when something else lets the account in, or it is inactive in its directory.
        """
        self._deactivated.forget()
        await (self._activity.reactivate(name) if active else self._activity.deactivate(name))
        self._deactivated.forget()

    async def delete_account(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds. What it made stays."""
        try:
            await self._session.write("DELETE", _USERS, query={"name": name}, subject=name)
        except NotFound:
            return

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        """
        answer = await self._session.write("POST", groups.PATH, query={"name": name}, subject=name, creates=True)
        return created_group(answer, name, "Bitbucket")

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused: Bitbucket does not rename groups.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_GROUP)

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds.

        :raises Refused: when the account behind the credential has its permissions by it.
        """
        await groups.delete_group(self._session, name)
        await self._away.forget_group(name)

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds. A deactivated one gets it when it returns.

        :raises NoSeats: when the group gives a seat and the licence is full.
        """
        await self._away.add(group, account)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        await self._away.remove(group, account)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.http.aclose()
