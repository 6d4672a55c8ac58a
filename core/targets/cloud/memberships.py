"""Memberships, changed by PATCH and by id, those of one group together.

While a change of a group is under way, further ones of the same group gather and go out as one request. Each belongs
to a change of its own all the same: the exchange is logged with every one of them, and where Atlassian refuses one,
they are sent one by one. So at one time at most one request changes a group.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.exchange import Attribution, Exchange, attributed, current_attribution
from core.planning.values import TargetGroup
from core.targets.cloud import wire
from core.targets.cloud.groups import Groups
from core.targets.cloud.names import equals
from core.targets.protocol import NotFound, Refused

MOST = 100
"""Members in one request. Atlassian tells no limit; its pages end at as many."""
Kind = Literal["add", "remove"]


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """One membership to change."""

    kind: Kind
    user: str
    """Id."""
    name: str
    attribution: Attribution
    done: asyncio.Future[None]


class Memberships:
    """The changes of the members of all groups of one directory."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._waiting: dict[str, list[_Wanted]] = {}
        """Id of a group → what has not been sent."""
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._by_value = False
        """Whether members are removed by a list of values; Atlassian documents no form."""

    async def change(self, kind: Kind, group: TargetGroup, user: str, name: str) -> None:
        """Add a user, by id and name, or take it out; what is so already succeeds.

        :raises NotFound: when the group or who is to be added is gone.
        """
        ident = str(group.id)
        wanted = _Wanted(kind, user, name, current_attribution(), asyncio.get_running_loop().create_future())
        self._waiting.setdefault(ident, []).append(wanted)
        if ident not in self._sending:
            self._sending[ident] = asyncio.create_task(self._send_all(group))
        await wanted.done

    async def aclose(self) -> None:
        """Give up what is under way."""
        for task in list(self._sending.values()):
            task.cancel()

    async def _send_all(self, group: TargetGroup) -> None:
        ident = str(group.id)
        try:
            while batch := _next(self._waiting[ident]):
                await self._settle(group, batch)
        finally:
            del self._sending[ident]
            for wanted in self._waiting.pop(ident):
                wanted.done.cancel()

    async def _settle(self, group: TargetGroup, batch: Sequence[_Wanted]) -> None:
        """Send a batch, and tell everybody in it how it ended."""
        try:
            await self._send(group, batch)
        except Refused as error:
            if len(batch) > 1:
                for wanted in batch:
                    await self._settle(group, [wanted])
                return
            _fail(batch, error)
        except asyncio.CancelledError:
            for wanted in batch:
                wanted.done.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            _fail(batch, error)
        else:
            for wanted in batch:
                if not wanted.done.done():
                    wanted.done.set_result(None)

    async def _send(self, group: TargetGroup, batch: Sequence[_Wanted]) -> None:
        subject = f"{group.name}: {', '.join(wanted.name for wanted in batch)}"
        with attributed(_shared([wanted.attribution for wanted in batch])):
            if batch[0].kind == "add":
                members = [{"value": wanted.user} for wanted in batch]
                await self._groups.patch(group, wire.patch(wire.Group, ("add", "members", members)), subject)
            else:
                await self._remove(group, [wanted.user for wanted in batch], subject)

    async def _remove(self, group: TargetGroup, users: Sequence[str], subject: str) -> None:
        try:
            await self._removed(group, users, subject, by_value=self._by_value)
        except NotFound:
            if len(users) > 1 or await self._groups.has_member(group, users[0]):
                raise
        except Refused as error:
            if error.status != 400:
                raise
            try:
                await self._removed(group, users, subject, by_value=not self._by_value)
            except Refused:
                raise error from None
            self._by_value = not self._by_value

    async def _removed(self, group: TargetGroup, users: Sequence[str], subject: str, *, by_value: bool) -> None:
        if by_value:
            document = wire.patch(wire.Group, ("remove", "members", [{"value": user} for user in users]))
        else:
            document = wire.patch(
                wire.Group, *(("remove", f"members[{equals('value', user)}]", None) for user in users)
            )
        await self._groups.patch(group, document, subject)


def _next(waiting: list[_Wanted]) -> list[_Wanted]:
    """Take those off that go out together: changes of one kind in a row, of which nobody has given up."""
    waiting[:] = [wanted for wanted in waiting if not wanted.done.done()]
    count = 0
    while count < min(MOST, len(waiting)) and waiting[count].kind == waiting[0].kind:
        count += 1
    batch = waiting[:count]
    del waiting[:count]
    return batch


def _fail(batch: Sequence[_Wanted], error: Exception) -> None:
    for wanted in batch:
        if not wanted.done.done():
            wanted.done.set_exception(error)


def _shared(attributions: Sequence[Attribution]) -> Attribution:
    """To what a request belongs that was made for several: the first, and its exchange is logged with each."""
    logged = [(each, each.log) for each in attributions if each.log is not None]
    if len(logged) < 2:
        return attributions[0]
    return replace(attributions[0], log=_to_each(logged))


def _to_each(logged: Sequence[tuple[Attribution, Callable[[Exchange], None]]]) -> Callable[[Exchange], None]:
    def log(exchange: Exchange) -> None:
        for attribution, own in logged:
            own(replace(exchange, run=attribution.run, change=attribution.change, cause=attribution.cause))

    return log
