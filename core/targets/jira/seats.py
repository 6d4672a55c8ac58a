"""Application access and its seats, looked at before anything needs one.

What Jira does with a new account when no seat is left differs by version: it refuses it, or creates it without access.
So neither is tried. The seats are read, and counted down from there, for a short while.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.planning.names import group_key
from core.targets.jira.session import Session
from core.targets.protocol import NoSeats, Refused
from core.targets.timing import Timing

FRESH_FOR = 30.0
"""Seconds that the seats hold without being read again."""


@dataclass(frozen=True, slots=True)
class Application:
    """One licensed application."""

    key: str
    name: str
    groups: frozenset[str]
    """Keys of the groups that give access."""
    by_default: bool
    """New accounts get access unless it is said otherwise."""
    left: int | None
    """Free seats; `None`: without limit."""


class Seats:
    """The seats of one Jira. `applications` are the keys of those that new accounts get; `None`: Jira's own choice."""

    def __init__(self, session: Session, timing: Timing, applications: Sequence[str] | None) -> None:
        self.applications = applications
        self._session = session
        self._timing = timing
        self._lock = asyncio.Lock()
        self._known: tuple[Application, ...] = ()
        self._until = 0.0

    async def take_for_new(self) -> None:
        """Make sure that a new account finds a seat.

        :raises NoSeats: when an application that it gets has none left.
        :raises Refused: when it shall get an application that Jira does not have.
        """
        await self._take(lambda each: self.gives(each))

    async def take_for(self, groups: Collection[str]) -> None:
        """Make sure that an account in these groups (keys) finds a seat when it becomes active.

        :raises NoSeats: when an application that they give access to has none left.
        """
        await self._take(lambda each: not each.groups.isdisjoint(groups))

    def gives(self, application: Application) -> bool:
        """Whether new accounts get this application."""
        return application.by_default if self.applications is None else application.key in self.applications

    async def _take(self, needs: Callable[[Application], bool]) -> None:
        async with self._lock:
            if self._timing.monotonic() >= self._until or _full(self._known, needs):
                self._known = await self._read()
                self._until = self._timing.monotonic() + FRESH_FOR
            if full := _full(self._known, needs):
                raise NoSeats(
                    f"The licence of {full[0].name} has no seat left.",
                    remedy="Deactivate leavers, take access from others, or extend the licence.",
                )
            self._known = tuple(
                replace(each, left=each.left - 1) if each.left is not None and needs(each) else each
                for each in self._known
            )

    async def _read(self) -> tuple[Application, ...]:
        found = tuple(map(application, await self._session.applications()))
        keys = {each.key for each in found}
        for key in self.applications or ():
            if key not in keys:
                raise Refused(
                    f"Jira has no application {key}; it has {', '.join(sorted(keys)) or 'none'}.",
                    remedy="Correct the target's applications.",
                )
        return found


def application(document: dict[str, Any]) -> Application:
    """One application of `/applicationrole`."""
    left, key = document.get("remainingSeats"), str(document.get("key", ""))
    is_limited = document.get("hasUnlimitedSeats") is not True and isinstance(left, int) and left >= 0
    groups = document.get("groups")
    return Application(
        key,
        str(document.get("name") or key),
        frozenset(group_key(str(group)) for group in groups) if isinstance(groups, list) else frozenset(),
        document.get("selectedByDefault") is True,
        left if is_limited else None,
    )


def _full(applications: Sequence[Application], needs: Callable[[Application], bool]) -> list[Application]:
    return [each for each in applications if each.left is not None and each.left <= 0 and needs(each)]
