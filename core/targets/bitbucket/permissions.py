"""Global permissions: who has any takes a seat and may log in, and nobody else.

A user has what was granted to the user, and what was granted to the user's groups.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass

from core.planning.names import account_key, group_key
from core.planning.values import Account, TargetGroup
from core.targets.bitbucket import reading
from core.targets.bitbucket.paging import Item, by, by_name_of, listed
from core.targets.bitbucket.session import Session
from core.targets.nobody import nobody
from core.targets.protocol import NotFound, Refused, Unsupported

_LEAST = "LICENSED_USER"
_USERS, _GROUPS = "/admin/permissions/users", "/admin/permissions/groups"


@dataclass(frozen=True, slots=True)
class Rights:
    """By what an account may log in."""

    permission: str | None
    """Granted to itself."""
    groups: tuple[str, ...]
    """Names of those of its groups that are granted one."""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return self.permission is not None or bool(self.groups)


@dataclass(frozen=True, slots=True)
class Licensed:
    """Who has any right."""

    by_group: frozenset[str]
    """Ids of accounts."""
    by_grant: frozenset[str]
    """Keys of accounts' names."""

    def __contains__(self, account: Account) -> bool:
        """Whether this account is one of them."""
        return account.id in self.by_group or account.key in self.by_grant


class Permissions:
    """The global permissions of one Bitbucket."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def rights(self, name: str, groups: Collection[TargetGroup]) -> Rights:
        """By what the account of that name, which is in these groups, may log in.

        :raises IncompleteRead: when a listing broke off or does not add up.
        """
        granted = await self._of_groups()
        own = await self._of_users(name)
        inside = sorted(group.name for group in groups if group.key in granted)
        return Rights(own.get(account_key(name)), tuple(inside))

    async def letting_in(self, group: str) -> str | None:
        """The name as stored of a group that is granted something; `None` for one that is not."""
        return (await self._of_groups()).get(group_key(group))

    async def licensed(self) -> Licensed:
        """All accounts that have any right.

        :raises IncompleteRead: when a listing broke off or does not add up.
        """
        ids: set[str] = set()
        for group in (await self._of_groups()).values():
            try:
                ids.update([reading.account(user).id async for user in self.members(group)])
            except NotFound:  # deleted since it was listed
                continue
        return Licensed(frozenset(ids), frozenset(await self._of_users("")))

    def members(self, group: str) -> AsyncIterator[Item]:
        """The user objects of the members of a group.

        :raises NotFound: when there is no such group, unless Bitbucket answers that nobody is in it.
        """
        return listed(self._session, "/admin/groups/more-members", {"context": group}, identity=by("id"), subject=group)

    async def still_lets_in(self, name: str) -> bool:
        """Whether Bitbucket itself counts the account among those with a permission, through inner groups too.

        No where it does not say: older versions may not know the question.
        """
        if not await self._is_among(name, _LEAST):
            return False
        return not await self._is_among(name, nobody().upper())  # it does not heed what is asked

    async def grant(self, name: str, permission: str) -> None:
        """Grant an account a permission, in place of what it was granted before.

        :raises NoSeats: when the licence is full.
        """
        query = {"name": name, "permission": permission}
        await self._session.write("PUT", _USERS, query=query, subject=name, takes_seat=True)

    async def revoke(self, name: str) -> None:
        """Take from an account what it was granted itself."""
        try:
            await self._session.write("DELETE", _USERS, query={"name": name}, subject=name)
        except NotFound:
            return

    async def _of_groups(self) -> Mapping[str, str]:
        """Key → name of the groups that are granted something."""
        found = {}
        async for item in listed(self._session, _GROUPS, {}, identity=by_name_of("group")):
            reading.permission(item)
            name = reading.group(item["group"]).name
            found[group_key(name)] = name
        return found

    async def _of_users(self, part: str) -> Mapping[str, str]:
        """Name key → permission of the accounts that are granted something and have this in their name."""
        query = {"filter": part} if part else {}
        pages = listed(self._session, _USERS, query, identity=by_name_of("user"), subject=part)
        return {account_key(str(item["user"]["name"])): reading.permission(item) async for item in pages}

    async def _is_among(self, name: str, permission: str) -> bool:
        query = {"filter": name, "permission": permission}
        try:
            async for user in listed(self._session, "/users", query, identity=by("id"), subject=name):
                if reading.account(user).key == account_key(name):
                    return True
        except (Refused, Unsupported):
            return False
        return False
