"""Putting accounts into the groups that remember what was taken, and out of them (`core.targets.bitbucket.marks`).

Each step may be repeated without harm, so one whose answer was lost is sent again.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import partial

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.bitbucket.groups import PATH, own_groups
from core.targets.bitbucket.memberships import Memberships
from core.targets.bitbucket.session import Session
from core.targets.protocol import AlreadyExists, NotFound, OutcomeUnknown

ATTEMPTS = 3
"""How often a step is sent whose answer was lost each time."""


class Marking:
    """The marks of the accounts of one Bitbucket."""

    def __init__(self, session: Session, memberships: Memberships) -> None:
        self._session = session
        self._memberships = memberships
        self._there: frozenset[str] = frozenset()
        """Keys of the groups that were there when it was last looked."""

    async def mark(self, account: str, names: Collection[str]) -> None:
        """Put an account into these groups, which are made where they are missing.

        :raises NotFound: when there is no such account.
        """
        join = partial(self._memberships.add_to_all, list(names), account)
        if not self._there.issuperset(map(group_key, names)):
            await self._make_missing(names)
        try:
            await surely(join)
        except NotFound:  # one was deleted since, or the account is gone
            await self._make_missing(names)
            await surely(join)

    async def unmark(self, account: str, marks: Collection[TargetGroup]) -> None:
        """Take an account out of these groups, one after the other."""
        for mark in marks:
            await surely(partial(self._memberships.remove, mark.name, account))

    async def _make_missing(self, names: Collection[str]) -> None:
        there = {group.key async for group in own_groups(self._session)}
        for name in names:
            if group_key(name) not in there:
                await surely(partial(self._make, name))
        self._there = frozenset(there.union(map(group_key, names)))

    async def _make(self, group: str) -> None:
        try:
            await self._session.write("POST", PATH, query={"name": group}, subject=group, creates=True)
        except AlreadyExists:
            return


async def surely(step: Callable[[], Awaitable[object]]) -> None:
    """Do a step, which does nothing where it was done, until its outcome is known.

    :raises OutcomeUnknown: when no answer came that often.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            await step()
        except OutcomeUnknown:
            continue
        return
    await step()
