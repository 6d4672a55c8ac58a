"""One provisioning cycle: the connection test, then users, managers, groups and memberships, in this order.

Each step works on what is due in it, several objects at a time, and takes an object off only once it is done. So what
fails, or is not reached because the job went into quarantine, is sent again by the next cycle. Real escrow waits 6 to
24 hours between attempts; here cycles follow each other at once, so every cycle tries again.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterator

from core.sandbox.entra.endpoint import Endpoint, ResourceType
from core.sandbox.entra.errors import INCOMPATIBLE, ProvisioningError
from core.sandbox.entra.groups import GroupExport
from core.sandbox.entra.report import CycleKind, CycleReport, Progress, Step
from core.sandbox.entra.session import Session
from core.sandbox.entra.users import UserExport

Push = Callable[[str], Awaitable[None]]
OnProgress = Callable[[Progress], None]

_PROBES: tuple[tuple[ResourceType, str], ...] = (("Users", "userName"), ("Groups", "displayName"))


async def probe(endpoint: Endpoint) -> None:
    """Test the connection: ask for a user and a group that cannot exist, and expect empty lists.

    Raises ProvisioningError if the target answers anything else.
    """
    for resource_type, attribute in _PROBES:
        if await endpoint.find(resource_type, attribute, str(uuid.uuid4())):
            detail = f"The target returned {resource_type} for a filter that matches none."
            raise ProvisioningError(INCOMPATIBLE, detail, request=f"GET /{resource_type}?filter")


class Cycle:
    """One run over everything that is due."""

    def __init__(self, kind: CycleKind, session: Session, in_flight: int, on_progress: OnProgress) -> None:
        self._kind = kind
        self._session = session
        self._memory = session.memory
        self._tally = session.tally
        self._in_flight = in_flight
        self._on_progress = on_progress
        self._done = 0

    async def run(self) -> CycleReport:
        """Run all steps and report. What fails is in the report; only defects of this program are raised."""
        started = time.perf_counter()
        if await self._connect():
            directory = self._session.directory
            users, groups = UserExport(self._session), GroupExport(self._session)
            await self._step(Step.USERS, directory.people, users.push)
            await self._step(Step.MANAGERS, directory.people, users.push_manager)
            await self._step(Step.GROUPS, directory.groups, groups.push)
            await self._step(Step.MEMBERSHIPS, directory.groups, groups.push_members)
        return self._tally.report(self._kind, self._memory.escrowed(), time.perf_counter() - started)

    async def _connect(self) -> bool:
        try:
            await probe(self._session.endpoint)
        except ProvisioningError as error:
            self._tally.fail(Step.CONNECTION, "", error)
            return False
        return True

    async def _step(self, step: Step, present: Collection[str], push: Push) -> None:
        """Push what is due in a step. What was deleted goes first, so that its name is free for the others."""
        due = self._memory.due(step)
        self._done = 0
        for objects in ([one for one in due if one not in present], [one for one in due if one in present]):
            remaining = iter(objects)
            async with asyncio.TaskGroup() as workers:
                for _ in range(min(self._in_flight, len(objects))):
                    workers.create_task(self._work(step, remaining, len(due), push))

    async def _work(self, step: Step, remaining: Iterator[str], total: int, push: Push) -> None:
        for object_id in remaining:
            if self._tally.quarantine is not None:
                return
            self._tally.count_attempt()
            try:
                await push(object_id)
            except ProvisioningError as error:
                self._tally.fail(step, object_id, error)
            else:
                self._memory.settle(step, object_id)
            self._done += 1
            failures = len(self._tally.failures)
            self._on_progress(Progress(self._kind, step, self._done, total, self._tally.sent, failures))
