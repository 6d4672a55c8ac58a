"""One Jira Data Center as a target.

Jira's REST renames accounts and moves leads; it cannot choose a directory, rename a group, or tell direct members of a
group from those of groups inside it. It answers 400 to a repeat (a group that exists, a membership that stands), so
that after every 400 it is read back what is so. The facts come from Jira's REST documentation, 8.20 to 11.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, Lead, TargetGroup
from core.targets.examining import examine
from core.targets.group_json import created_group
from core.targets.http import Http, Query
from core.targets.jira import groups, listing, reading
from core.targets.jira.checking import STEPS, Parts
from core.targets.jira.duplicates import Hidden, placed
from core.targets.jira.leads import Leads
from core.targets.jira.memberships import Memberships
from core.targets.jira.probing import RENAME_GROUP, Probing
from core.targets.jira.seats import Seats
from core.targets.jira.session import Session
from core.targets.lookups import created, with_id
from core.targets.protocol import (
    AlreadyExists,
    Finding,
    NewAccount,
    NotFound,
    Refused,
    Unsupported,
)
from core.targets.timing import REAL_TIME, Timing

_NOT_UNDERSTOOD = "error.no.value.found.to.be.changed"
"""How Jira before 8.3 answers who wants to deactivate (JRASERVER-37294)."""
_FIELD_OF_LEADS = "active: "
"""Under this field, and no other, Jira says that somebody leads something."""


class Jira:
    """The accounts, groups and leads of one Jira; see `core.targets.protocol.Target`.

    `directory` is the user directory that new accounts shall go into, and `applications` the keys of those that they
    get access to; `None` leaves both to Jira.
    """

    def __init__(
        self,
        http: Http,
        timing: Timing = REAL_TIME,
        *,
        directory: str | None = None,
        applications: Sequence[str] | None = None,
    ) -> None:
        self.name = http.party
        self._session = Session(http)
        self._probing = Probing(self._session, timing, directory)
        self._seats = Seats(self._session, timing, applications)
        self._leads = Leads(self._session)
        self._memberships = Memberships(self._session, self.find_account)
        self._directory = directory
        self._hidden = Hidden(self._session, timing)

    async def capabilities(self) -> Capabilities:
        """What this instance can do: probed, and remembered for a while.

        :raises CredentialFailed: when Jira does not know the credential, or it is no administrator's.
        """
        return await self._probing.capabilities()

    async def check(self) -> Sequence[Finding]:
        """Try URL, credential, permissions, and what the version offers."""
        return await examine(STEPS, Parts(self._session, self._probing, self._seats, self._leads, self._directory))

    def account_key(self, name: str) -> str:
        """Jira compares account names without case."""
        return account_key(name)

    def group_key(self, name: str) -> str:
        """Jira compares group names without case."""
        return group_key(name)

    async def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too.

        :raises IncompleteRead: when the listing broke off or does not add up.
        :raises Unsupported: before 10.3, when there are more than the search gives.
        """
        async for account in listing.accounts(self._session):
            yield placed(account, await self._hidden.names())

    async def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when Jira does not give as many as it says there are.
        """
        for group in await groups.all_groups(self._session):
            yield group

    def list_members(self, group: str) -> AsyncIterator[Account]:
        """The members of a group, inactive ones and those of groups inside it too: Jira does not tell them apart.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        return self._memberships.of(group)

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none."""
        return await self._found({"username": name}, name)

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its key, which stays when it is renamed, with its groups; `None` when there is none."""
        account = await self._found({"key": id}, id)
        return with_id(account, id, self.name)

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        return await groups.find_group(self._session, name)

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account, for which Jira makes a password that nobody learns, and read it back.

        :raises AlreadyExists: when the name is taken.
        :raises NoSeats: when an application that new accounts get has no free seat; Jira is not asked then.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        await self._seats.take_for_new()
        document: dict[str, object] = {
            "name": account.name.lower(),  # as Jira stores it; older versions refuse capital letters
            "displayName": account.display_name,
            "emailAddress": account.email,
            "notification": "false",
        }
        if self._seats.applications is not None:
            document["applicationKeys"] = list(self._seats.applications)
        try:
            await self._session.write("POST", "/user", document, subject=account.name)
        except Refused as error:
            raise await self._taken(account.name, error) from error
        return await created(account.name, self.find_account(account.name), self.name)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail; Jira accounts have no further attributes."""
        await self._put(name, {"displayName": display_name, "emailAddress": email})

    async def rename_account(self, name: str, new_name: str) -> None:
        """Give an account another name; its key stays, and so does all that it leads.

        :raises AlreadyExists: when another account has that name.
        """
        try:
            await self._put(name, {"name": new_name.lower()})
        except NotFound:
            raise
        except Refused as error:
            if account_key(name) == account_key(new_name):
                raise
            raise await self._taken(new_name, error) from error

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds.

        :raises NoSeats: when an account that becomes active would need a seat, and there is none.
        :raises Refused: when it leads something; the message names all of it.
        """
        if active:
            account = await self.find_account(name)
            if account is not None and account.active:
                return
            await self._seats.take_for(account.groups or () if account else ())
        try:
            await self._put(name, {"name": name, "active": active})
        except Refused as error:
            if _NOT_UNDERSTOOD in error.message:
                raise Unsupported(
                    "Jira before 8.3 cannot deactivate over its REST API.",
                    remedy="Upgrade it, or provision the Crowd that it takes its users from.",
                    status=error.status,
                ) from error
            if active or _FIELD_OF_LEADS not in error.message:
                raise
            raise await self._leads.explained(name, error) from error

    async def delete_account(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds. Jira refuses it for one that left traces in issues."""
        try:
            await self._session.write("DELETE", "/user", query={"username": name}, subject=name)
        except NotFound:
            return

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        """
        try:
            answer = await self._session.write("POST", "/group", {"name": name}, subject=name)
        except Refused as error:
            if await self.find_group(name) is None:
                raise
            raise AlreadyExists(error.message, remedy=error.remedy, status=error.status) from error
        return created_group(answer, name, "Jira")

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused: Jira does not rename groups.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_GROUP)

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds."""
        try:
            await self._session.write("DELETE", "/group", query={"groupname": name}, subject=name)
        except NotFound:
            return

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        await self._memberships.add(group, account)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        await self._memberships.remove(group, account)

    def list_leads(self, roles: Collection[str]) -> AsyncIterator[Lead]:
        """All projects and components that somebody leads, with the members of these roles of their projects.

        Archived projects are left out until Jira has refused a deactivation because of one.

        :raises IncompleteRead: when a listing broke off or does not add up.
        """
        return self._leads.all(roles)

    async def find_lead(self, key: str) -> Lead | None:
        """One project or component by `Lead.key`, without roles; `None` when it is gone or nobody leads it."""
        return await self._leads.find(key)

    async def move_lead(self, key: str, account: str) -> None:
        """Give a project or component, by `Lead.key`, to another account.

        :raises Refused: when that is no active account; nothing is ever left without a lead.
        """
        await self._leads.move(key, await self.find_account(account), account)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.http.aclose()

    async def _put(self, name: str, document: object) -> None:
        await self._session.write("PUT", "/user", document, query={"username": name}, subject=name)

    async def _found(self, who: Query, subject: str) -> Account | None:
        """The account that `/user` has for this query, read whole."""
        try:
            user = await self._session.read("/user", {**who, "expand": "groups"}, subject=subject)
        except NotFound:
            return None
        account = reading.account(user)
        if account is None:
            return None
        return replace(placed(account, await self._hidden.names()), groups=reading.groups_of(user))

    async def _taken(self, name: str, error: Refused) -> Refused:
        """The refusal of a name: Jira answers 400 for one that is taken, as for one that it does not accept."""
        if error.status != 400 or await self.find_account(name) is None:
            return error
        return AlreadyExists(error.message, remedy="Synchronise the target to see what is there.", status=400)
