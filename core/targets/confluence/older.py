"""Changes at a Confluence whose REST lacks them, over JSON-RPC.

A failed call says so in words that differ from version to version. So what is so is read first, or afterwards over
REST: a change that is so already is a success, a name that is taken is told apart from one that is refused.
"""

from collections.abc import Awaitable, Callable

from core.planning.names import group_key
from core.planning.values import Account, TargetGroup
from core.targets.confluence.jsonrpc import JsonRpc
from core.targets.protocol import AlreadyExists, NewAccount, NotFound, Refused

_LOOK = "Synchronise the target to see what is there."


class Older:
    """The changes of one Confluence over JSON-RPC; accounts and groups are read with what REST has."""

    def __init__(
        self,
        rpc: JsonRpc,
        find_account: Callable[[str], Awaitable[Account | None]],
        find_group: Callable[[str], Awaitable[TargetGroup | None]],
    ) -> None:
        self._rpc = rpc
        self._find_account = find_account
        self._find_group = find_group

    async def create_account(self, account: NewAccount, password: str) -> None:
        """Create an active account.

        :raises AlreadyExists: when the name is taken.
        """
        user = {"name": account.name, "fullname": account.display_name, "email": account.email}
        try:
            await self._rpc.change("addUser", user, password, subject=account.name, secret=password)
        except Refused as error:
            raise await self._taken(error, self._find_account(account.name)) from error

    async def update_account(self, name: str, display_name: str, email: str) -> None:
        """Set display name and e-mail."""
        await self._existing(name)
        await self._rpc.change("editUser", {"name": name, "fullname": display_name, "email": email}, subject=name)

    async def set_active(self, name: str, active: bool) -> None:
        """Activate or deactivate; asking for what is so already succeeds, which JSON-RPC itself refuses."""
        try:
            await self._rpc.change("reactivateUser" if active else "deactivateUser", name, subject=name)
        except Refused:
            if (await self._existing(name)).active != active:
                raise

    async def delete_account(self, name: str) -> None:
        """Delete an account; one that is gone already succeeds."""
        if await self._find_account(name) is not None:
            await self._rpc.change("removeUser", name, subject=name)

    async def create_group(self, name: str) -> None:
        """Create a group.

        :raises AlreadyExists: when there is one of this name.
        """
        try:
            await self._rpc.change("addGroup", name, subject=name)
        except Refused as error:
            raise await self._taken(error, self._find_group(name)) from error

    async def delete_group(self, name: str) -> None:
        """Delete a group; one that is gone already succeeds."""
        if await self._find_group(name) is not None:
            await self._rpc.change("removeGroup", name, None, subject=name)

    async def change_member(self, group: str, name: str, *, joins: bool) -> None:
        """Add an account to a group, or remove it; what is so already succeeds.

        :raises NotFound: when there is no such account or no such group.
        """
        if await self._find_group(group) is None:
            raise NotFound(f"There is no group {group}.", remedy=_LOOK, status=404)
        if (group_key(group) in ((await self._existing(name)).groups or ())) != joins:
            await self._rpc.change("addUserToGroup" if joins else "removeUserFromGroup", name, group, subject=name)

    async def _existing(self, name: str) -> Account:
        account = await self._find_account(name)
        if account is None:
            raise NotFound(f"There is no account {name}.", remedy=_LOOK, status=404)
        return account

    async def _taken(self, error: Refused, found: Awaitable[object]) -> Refused:
        return error if await found is None else AlreadyExists(error.message, remedy=_LOOK)
