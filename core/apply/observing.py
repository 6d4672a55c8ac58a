"""Observing a target: everything, or what some names and links lead to. What is answered is whole, or it raises.

Groups are asked only about those that rules or earlier changes make matter: a target has many more. Each observation
says of every account it has which of these groups it is in.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from core.apply.computing import computed
from core.apply.concurrently import each
from core.apply.stopping import Stop
from core.planning.values import Account, Lead, Link, TargetGroup
from core.targets.protocol import NotFound, Target, Unsupported

T = TypeVar("T")
OnRead = Callable[[int], Awaitable[None]]
"""Told how many objects were read so far."""
AT_ONCE = 16
"""Look-ups begun at a time; how many of their calls are in flight is the target's own limit."""

TELL_EVERY = 0.5
"""Seconds between two reports of progress: each is a commit."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of a target."""

    accounts: tuple[Account, ...]
    groups: tuple[TargetGroup, ...]
    members: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Key of a group whose members were read → how many there are."""


async def observe_all(
    target: Target,
    group_keys: Collection[str],
    stop: Stop,
    on_read: OnRead,
    *,
    also: Callable[[str], object] = lambda name: False,
) -> Observation:
    """All accounts and groups; memberships of the groups in `group_keys` where they exist, and of those for whose
    names `also` holds. Without any, none are read.

    :raises TargetError: when a listing cannot be read to its end.
    :raises Stopped: when a stop was asked for.
    """
    counter = _Counter(stop, on_read)
    groups = await counter.all(target.list_groups())
    wanted = [group for group in groups if group.key in group_keys or also(group.name)]
    listings = await each(wanted, lambda group: _members(target, group, counter), AT_ONCE)
    numbers = {group.key: len(listed) for group, listed in zip(wanted, listings, strict=True)}
    accounts = await counter.all(target.list_accounts())
    if group_keys or wanted:
        await computed(_put_into_groups, accounts, wanted, listings)
    await counter.tell()
    return Observation(tuple(accounts), tuple(groups), numbers)


def _put_into_groups(accounts: list[Account], groups: Sequence[TargetGroup], listings: list[Sequence[Account]]) -> None:
    """Say of each account which of these groups it is in; the listings, very large together, are freed on the way."""
    groups_of: defaultdict[str, set[str]] = defaultdict(set)
    for group in reversed(groups):
        for account in listings.pop():
            groups_of[account.id].add(group.key)
    for place, account in enumerate(accounts):
        accounts[place] = replace(account, groups=frozenset(groups_of.get(account.id, ())))


async def observe_leads(target: Target, roles: Collection[str], stop: Stop) -> tuple[Lead, ...]:
    """All that accounts lead, with the members of these roles.

    :raises TargetError: when the listing cannot be read to its end.
    :raises Stopped: when a stop was asked for.
    """
    found = []
    async for lead in target.list_leads(roles):
        stop.check()
        found.append(lead)
    return tuple(found)


async def observe_some(
    target: Target,
    names: Iterable[str],
    links: Iterable[Link],
    groups: Iterable[str],
    stop: Stop,
    ids: Iterable[str] = (),
) -> Observation:
    """The accounts of these names, links and ids, and the groups of these names, where they exist.

    :raises TargetError: when one of them cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    linked = list(links)
    wanted = list(dict.fromkeys([link.account_name for link in linked] + list(names)))
    found = await each(wanted, lambda name: _found(stop, target.find_account(name)), AT_ONCE)
    accounts = {account.id: account for account in found if account}
    # An account that was renamed at the target is found by its id.
    lost = [ident for ident in dict.fromkeys((*(link.account_id for link in linked), *ids)) if ident not in accounts]
    renamed = await each(lost, lambda ident: _found(stop, target.find_account_by_id(ident)), AT_ONCE)
    accounts |= {account.id: account for account in renamed if account}
    named = list(dict.fromkeys(groups))
    seen = await each(named, lambda name: _found(stop, target.find_group(name)), AT_ONCE)
    return Observation(tuple(accounts.values()), tuple({group.key: group for group in seen if group}.values()))


def with_emails(accounts: Iterable[Account], known: Mapping[str, str]) -> tuple[Account, ...]:
    """The accounts, with the e-mail that was last known where the target does not tell."""
    return tuple(
        replace(account, email=known[account.id]) if account.email is None and account.id in known else account
        for account in accounts
    )


class _Counter:
    """Counts what is read, looks for a stop, and tells of progress now and then."""

    def __init__(self, stop: Stop, on_read: OnRead) -> None:
        self._stop = stop
        self._on_read = on_read
        self._read = 0
        self._told = asyncio.get_running_loop().time()

    async def all(self, listing: AsyncIterator[T]) -> list[T]:
        items = []
        async for item in listing:
            self._stop.check()
            items.append(item)
            self._read += 1
            if asyncio.get_running_loop().time() - self._told >= TELL_EVERY:
                await self.tell()
        return items

    async def tell(self) -> None:
        """Say how many were read."""
        self._told = asyncio.get_running_loop().time()
        await self._on_read(self._read)


async def _members(target: Target, group: TargetGroup, counter: _Counter) -> list[Account]:
    try:
        return await counter.all(target.list_members(group.name))
    except NotFound:  # deleted since it was listed: nobody is in it
        return []


async def _found(stop: Stop, finding: Awaitable[T | None]) -> T | None:
    """What a look-up finds; a name that the product cannot even be asked about is not there."""
    try:
        found = await finding
    except Unsupported as error:
        if error.status is not None:  # an answer that says nothing about this name: it may well be there
            raise
        found = None
    stop.check()
    return found
