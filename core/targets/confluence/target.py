"""One Confluence Data Center as a target.

Confluence's REST cannot rename an account or choose a directory: there is no call for the one here, and new accounts
land in the first writable directory. What the REST of a version lacks is done over JSON-RPC where that is switched on.
E-mails stand in few of its answers; where they do not, they are `None`. The facts come from Confluence's REST
documentation, 8.4 to 10.2.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, Capabilities, TargetGroup
from core.targets.cannot import WithoutLeads
from core.targets.confluence import reading
from core.targets.confluence.checking import STEPS, Parts
from core.targets.confluence.deletion import delete_account
from core.targets.confluence.emails import Emails
from core.targets.confluence.jsonrpc import JsonRpc
from core.targets.confluence.names import RENAME_GROUP, RENAME_USER, segment
from core.targets.confluence.older import Older
from core.targets.confluence.paging import listed
from core.targets.confluence.probing import Probing
from core.targets.confluence.seats import require_seat
from core.targets.confluence.session import Session, cannot_list
from core.targets.confluence.ways import Ways
from core.targets.examining import examine
from core.targets.group_json import created_group
from core.targets.http import Http, Query
from core.targets.lookups import READ_AGAIN, created, with_id
from core.targets.protocol import Finding, IncompleteRead, NewAccount, NotFound, Unsupported
from core.targets.timing import REAL_TIME, Timing


class Confluence(WithoutLeads):
    """The accounts and groups of one Confluence; see `core.targets.protocol.Target`."""

    def __init__(self, http: Http, timing: Timing = REAL_TIME, *, directory: str | None = None) -> None:
        self.name = http.party
        self._session = Session(http)
        self._timing = timing
        self._emails = Emails(self._session)
        rpc = JsonRpc(self._session)
        self._older = Older(rpc, self.find_account, self.find_group)
        self._probing = Probing(self._session, rpc, timing, directory)
        self._ways = Ways(self._session, self._probing)
        self._directory = directory

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
        emails = await self._emails.all()
        async for account in self._accounts("/user/list"):
            yield replace(account, email=emails.get(account.id))
        # A token that expired midway turns the rest of the listing into what anonymous may see.
        await self._session.vouch()

    async def list_groups(self) -> AsyncIterator[TargetGroup]:
        """All groups.

        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        seen: set[str] = set()
        async for document in listed(self._session, "/group"):
            group = reading.group(document)
            _once(group.name, seen, "/group")
            yield group
        await self._session.vouch()

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        """The direct members of a group, inactive ones too.

        :raises NotFound: when the group does not exist.
        :raises IncompleteRead: when the listing broke off or does not add up.
        """
        empty = True
        async for account in self._accounts(f"/group/{segment(group)}/member", subject=group):
            empty = False
            yield account
        await self._session.vouch()
        # An empty answer may also stand for a group that is gone.
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
        await self._session.vouch()
        return reading.group(document)

    async def create_account(self, account: NewAccount) -> Account:
        """Create an active account with a random password that nobody learns, and read it back.

        :raises AlreadyExists: when the name is taken.
        :raises Unsupported: for a name that Confluence's REST could not address afterwards, and when new accounts are
            not sure to go into the directory that they shall.
        :raises NoSeats: when the licence has no free seat.
        :raises OutcomeUnknown: when it may exist but could not be read back.
        """
        segment(account.name)
        if self._directory is not None:
            await self._ways.require("create_user")
        password = secrets.token_urlsafe(24)
        document = {
            "userName": account.name,
            "fullName": account.display_name,
            "email": account.email,
            "password": password,
            "notifyViaEmail": False,
        }

        async def older() -> None:
            await require_seat(self._session.http)  # JSON-RPC has no answer of its own for that
            await self._older.create_account(account, password)

        await self._ways.send("create_user", "POST", "/admin/user", document, subject=account.name, older=older)
        return await created(account.name, self.find_account(account.name), self.name)

    async def update_account(
        self, name: str, *, display_name: str, email: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Set display name and e-mail; Confluence accounts have no further attributes."""
        document = {"fullName": display_name, "email": email}
        path = f"/admin/user/{segment(name)}"
        await self._ways.send(
            "update_user", "PUT", path, document, subject=name,
            older=lambda: self._older.update_account(name, display_name, email),
        )  # fmt: skip

    async def rename_account(self, name: str, new_name: str) -> None:
        """Refused: Confluence has no call for it.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_USER)

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds.

        :raises NoSeats: when an account that becomes active would need a seat, and there is none.
        """
        path = f"/admin/user/{segment(name)}/{'enable' if active else 'disable'}"
        await self._ways.send(
            "set_active", "PUT", path, subject=name, older=lambda: self._older.set_active(name, active)
        )

    async def delete_account(self, name: str) -> None:
        """Delete an account and wait until it is gone; one that is gone already succeeds.

        :raises OutcomeUnknown: when it takes too long, or could not be followed.
        """
        await self._ways.take(
            "delete_user",
            lambda: delete_account(self._session, self._timing, name),
            lambda: self._older.delete_account(name),
        )

    async def create_group(self, name: str) -> TargetGroup:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        :raises Unsupported: for a name that Confluence's REST could not address afterwards.
        """
        segment(name)
        document = {"type": "group", "name": name}
        answer = await self._ways.send(
            "create_group", "POST", "/admin/group", document, subject=name,
            older=lambda: self._older.create_group(name),
        )  # fmt: skip
        return TargetGroup(name, group_key(name)) if answer is None else created_group(answer, name, "Confluence")

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused: Confluence does not rename groups.

        :raises Unsupported: always.
        """
        raise Unsupported(RENAME_GROUP)

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds. Confluence refuses it for the last one of its
        administrators.
        """
        try:
            await self._ways.send(
                "delete_group", "DELETE", f"/admin/group/{segment(name)}", subject=name,
                older=lambda: self._older.delete_group(name),
            )  # fmt: skip
        except NotFound:
            return

    async def add_member(self, group: str, account: str) -> None:
        """Add an account to a group; adding a member again succeeds."""
        await self._change_member("PUT", group, account)

    async def remove_member(self, group: str, account: str) -> None:
        """Remove an account from a group; removing a non-member succeeds."""
        await self._change_member("DELETE", group, account)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.http.aclose()

    async def _change_member(self, method: str, group: str, account: str) -> None:
        path = f"/user/{segment(account)}/group/{segment(group)}"
        await self._ways.send(
            "members", method, path, subject=account,
            older=lambda: self._older.change_member(group, account, joins=method == "PUT"),
        )  # fmt: skip

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
        groups, email = await self._groups_of(account.name), await self._emails.of(account.name)
        await self._session.vouch()
        return replace(account, groups=groups, email=email)

    async def _groups_of(self, name: str) -> frozenset[str]:
        try:
            documents = listed(self._session, "/user/memberof", {"username": name}, subject=name)
            return frozenset([reading.group(document).key async for document in documents])
        except NotFound as error:
            raise IncompleteRead(
                f"The account {name} was renamed or deleted while it was read.", remedy=READ_AGAIN
            ) from error


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
