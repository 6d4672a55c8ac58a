"""Which accounts are deactivated, for listings: those that something was taken from, and that nothing lets in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.planning.names import group_key
from core.planning.values import Account
from core.targets.bitbucket import marks, reading
from core.targets.bitbucket.groups import own_groups
from core.targets.bitbucket.permissions import Permissions
from core.targets.bitbucket.session import Session
from core.targets.protocol import NotFound
from core.targets.remembered import Remembered
from core.targets.timing import Timing

FRESH_FOR = 30.0
"""Seconds that they hold for listings of members and changes of memberships, which come one after the other."""


@dataclass(frozen=True, slots=True)
class AllDeactivated:
    """Who is deactivated."""

    ids: frozenset[str]
    keys: frozenset[str]
    """Of their names."""
    taken_from: Mapping[str, tuple[Account, ...]]
    """Key of a group → those of them who get it back."""


class Deactivated:
    """The deactivated accounts of one Bitbucket."""

    def __init__(self, session: Session, permissions: Permissions, timing: Timing) -> None:
        self._session = session
        self._permissions = permissions
        self._timing = timing
        self.forget()

    def forget(self) -> None:
        """Read them anew at the next question."""
        self._remembered = Remembered(self._read, FRESH_FOR, self._timing)

    async def now(self) -> AllDeactivated:
        """Who is deactivated.

        :raises IncompleteRead: when a listing broke off or does not add up.
        """
        return await self._remembered.get()

    async def _read(self) -> AllDeactivated:
        marked = {group.name: await self._members(group.name) async for group in own_groups(self._session)}
        out = await self._out(marked)
        away = {
            group: tuple(replace(each, active=False) for each in members if each.id in out)
            for group, members in marked.items()
        }
        everybody = [account for members in away.values() for account in members]
        taken = {marks.group_in(group): members for group, members in away.items()}
        return AllDeactivated(
            frozenset(account.id for account in everybody),
            frozenset(account.key for account in everybody),
            {group_key(group): members for group, members in taken.items() if group is not None},
        )

    async def _members(self, group: str) -> list[Account]:
        try:
            return [reading.account(user) async for user in self._permissions.members(group)]
        except NotFound:  # deleted since it was listed
            return []

    async def _out(self, marked: Mapping[str, list[Account]]) -> set[str]:
        """Ids of those of these accounts, by the name of their mark, whom nothing lets in."""
        accounts = {account.id: account for members in marked.values() for account in members}
        finished = {account.id for account in marked.get(marks.DEACTIVATED, ())}
        if not accounts:
            return set()
        licensed = await self._permissions.licensed()
        out = {ident for ident, account in accounts.items() if account not in licensed}
        for ident in out - finished:
            if await self._permissions.still_lets_in(accounts[ident].name):
                out.remove(ident)
        return out
