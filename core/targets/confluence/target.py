"""One Confluence Data Center as a target.

Confluence's REST cannot rename an account or choose a directory: there is no call for the one here, and new accounts
land in the first writable directory. E-mails stand in few of its answers; where they do not, they are `None`. The
facts come from Confluence's REST documentation, 8.4 to 10.2.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, TargetGroup
from core.targets.cannot import (
    WithoutAccountDeletion,
    WithoutAccountRenames,
    WithoutGroupDeletion,
    WithoutGroupRenames,
    WithoutLeads,
)
from core.targets.confluence import reading
from core.targets.confluence.checking import STEPS, Parts
from core.targets.confluence.names import can_address, segment
from core.targets.confluence.paging import listed
from core.targets.confluence.probing import Probing
from core.targets.confluence.session import Session, cannot_list, named
from core.targets.examining import examine
from core.targets.group_json import created_group
from core.targets.http import Http, Query
from core.targets.lookups import READ_AGAIN, created, with_id
from core.targets.protocol import (
    CredentialFailed,
    Finding,
    IncompleteRead,
    NewAccount,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)
from core.targets.timing import REAL_TIME, Timing

_EMAIL_LISTINGS = ("/admin/users/list/active", "/user/list/active")
"""The reference names the first path, the issue that announced it (CONFSERVER-37100) the second."""


class Confluence(
    WithoutAccountRenames, WithoutAccountDeletion, WithoutGroupRenames, WithoutGroupDeletion, WithoutLeads
):
    """The accounts and groups of one Confluence; see `core.targets.protocol.Target`."""

    def __init__(self, http: Http, timing: Timing = REAL_TIME, *, directory: str | None = None) -> None:
        self.name = http.party
        self._session = Session(http)
        self._probing = Probing(self._session, timing, directory)
        self._directory = directory
        self._has_profiles = True

    async def capabilities(self) -> Capabilities:
        """What this instance can do: probed, and remembered as long as its version stays the same.

        :raises CredentialFailed: when Confluence does not know the credential, or it is no administrator's.
        """
        return await self._probing.capabilities()

    async def check(self) -> Sequence[Finding]:
        """Try URL, credential, permissions, and what the version offers."""
        return await examine(STEPS, Parts(self._session, self._probing, self._directory))

    def account_key(self, name: str) -> str:
        """Confluence compares account names without case."""
        return account_key(name)

    def group_key(self, name: str) -> str:
        """Confluence compares group names without case."""
        return group_key(name)

    async def list_accounts(self) -> AsyncIterator[Account]:
        """All accounts, inactive ones too, with e-mails where this version lists them.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        emails = await self._emails()
        async for account in self._accounts("/user/list"):
            yield replace(account, email=emails.get(account.id))
        # A token that expired midway turns the rest of the listing into what anonymous may see.
        await self._session.known()

    async def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        seen: set[str] = set()
        async for document in listed(self._session, "/group"):
            group = reading.group(document)
            _once(group.name, seen, "/group")
            yield group
        await self._session.known()

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        empty = True
        async for account in self._accounts(f"/group/{segment(group)}/member", subject=group):
            empty = False
            yield account
        # An empty answer may also stand for a group that is gone, or for a token that is.
        if empty and await self.find_group(group) is None:
            raise NotFound(f"{self.name} has no group {group}.", remedy="Synchronise the target.", status=404)

    async def find_account(self, name: str) -> Account | None:
        """One account by name, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        return await self._found({"username": name}, subject=name)

    async def find_account_by_id(self, id: str) -> Account | None:
        """One account by its `userKey`, which stays when it is renamed, with its groups; `None` when there is none.

        :raises IncompleteRead: when it was renamed or deleted while it was read.
        """
        account = await self._found({"key": id}, subject=id)
        return with_id(account, id, self.name)

    async def find_group(self, name: str) -> TargetGroup | None:
        """One group by name; `None` when there is none."""
        try:
            document = await self._session.read(f"/group/{segment(name)}", subject=name)
        except NotFound:
            return None
        return reading.group(document)

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account with a random password that nobody learns, and read it back.

        :raises AlreadyExists: when the name is taken.
        :raises Unsupported: for a name that Confluence's REST could not address afterwards.
        :raises NoSeats: when the licence has no free seat.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        segment(account.name)
        document = {
            "userName": account.name,
            "fullName": account.display_name,
            "email": account.email,
            "password": secrets.token_urlsafe(24),
            "notifyViaEmail": False,
        }
        await self._session.write("POST", "/admin/user", document, subject=account.name)
        return await created(account.name, self.find_account(account.name), self.name)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail (9.4 and later); Confluence accounts have no further attributes."""
        document = {"fullName": display_name, "email": email}
        await self._session.write("PUT", f"/admin/user/{segment(name)}", document, subject=name)

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds."""
        action = "enable" if active else "disable"
        await self._session.write("PUT", f"/admin/user/{segment(name)}/{action}", subject=name)

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        :raises Unsupported: for a name that Confluence's REST could not address afterwards.
        """
        segment(name)
        answer = await self._session.write("POST", "/admin/group", {"type": "group", "name": name}, subject=name)
        return created_group(answer, name, "Confluence")

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        await self._session.write("PUT", f"/user/{segment(account)}/group/{segment(group)}", subject=account)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        await self._session.write("DELETE", f"/user/{segment(account)}/group/{segment(group)}", subject=account)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.http.aclose()

    async def _accounts(self, path: str, subject: str = "") -> AsyncIterator[Account]:
        seen: set[str] = set()
        try:
            async for user in listed(self._session, path, {"expand": "status"}, subject=subject):
                account = reading.account(user)
                if account is not None:
                    _once(account.id, seen, path)
                    yield account
        except Unsupported as error:
            raise cannot_list(error) from error

    async def _found(self, who: Query, subject: str) -> Account | None:
        """The account that `/user` has for this query, read whole."""
        try:
            user = await self._session.read("/user", {**who, "expand": "status"}, subject=subject)
        except NotFound:
            return None
        account = reading.account(user)
        if account is None:
            return None
        return replace(account, groups=await self._groups_of(account.name), email=await self._email(account.name))

    async def _groups_of(self, name: str) -> frozenset[str]:
        try:
            documents = listed(self._session, "/user/memberof", {"username": name}, subject=name)
            return frozenset([reading.group(document).key async for document in documents])
        except NotFound as error:
            raise IncompleteRead(
                f"The account {name} was renamed or deleted while it was read.", remedy=READ_AGAIN
            ) from error

    async def _email(self, name: str) -> str | None:
        """The e-mail of one account, which only the profile for mobile devices tells; `None` where that is not there.

        It is no part of the documented REST API, so nothing depends on it: where it is forbidden or fails by itself
        (500), the e-mail is not told.
        """
        if not self._has_profiles or not can_address(name):
            return None
        try:
            answer = await self._session.http.read(f"/rest/mobile/1.0/profile/{segment(name)}", subject=name)
            return reading.profile_email(named(answer).document())
        except Unsupported:
            self._has_profiles = False
        except (IncompleteRead, Refused):
            pass
        except (CredentialFailed, Unavailable) as error:
            if error.status not in (403, 500):
                raise
        return None

    async def _emails(self) -> dict[str, str]:
        """E-mail by `userKey`, of licensed active accounts; empty where this version (before 9.3) lists none.

        An e-mail lost between two pages is only not told.
        """
        for path in _EMAIL_LISTINGS:
            try:
                return {
                    str(user.get("userKey")): email
                    async for user in listed(self._session, path, exact=False)
                    if isinstance(email := user.get("email"), str)
                }
            except (NotFound, Unsupported):
                continue
        return {}


def _once(key: str, seen: set[str], path: str) -> None:
    """Note that an item was listed.

    :raises IncompleteRead: when it was listed before: the listing moved between two pages, and may have skipped one.
    """
    if key in seen:
        raise IncompleteRead(
            f"The listing {path} has {key} twice: it changed while it was read.",
            remedy="It is read again at the next synchronisation.",
        )
    seen.add(key)
