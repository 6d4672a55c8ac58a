"""The two ways in which the demonstration's company reaches manciple: Entra pushes it over SCIM, or Graph is pulled."""

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol

from core.sandbox.demo.workplace import DemoFailed
from core.sandbox.directory import Directory, Event
from core.sandbox.entra import CycleReport, EntraClient, ProvisionedGroup, ProvisionedUser, Snapshot
from core.sandbox.entra.attributes import user_attributes
from core.sandbox.graph import Graph
from core.store import Store, graph_feeds, graph_objects
from core.store.clock import now_ms

_CYCLES = 7
"""Incremental cycles at most, the first included: Entra gets to send again what failed under faults."""
_PULL_SECONDS = 180.0
_LOOK_SECONDS = 0.1
_FEEDS = ("users", "groups")

Document = dict[str, Any]


class Feed(Protocol):
    """One of the ways."""

    async def first(self) -> None:
        """Bring everybody there.

        :raises DemoFailed: when that cannot be.
        """

    async def go_on(self, events: Iterable[Event]) -> None:
        """Bring what happened since."""

    def snapshot(self) -> Snapshot:
        """What should have arrived, by manciple's own ids."""

    def told(self) -> Document:
        """What there was to do, for the document of a run."""

    def problems(self) -> list[str]:
        """What did not arrive, each as a sentence."""


class Pushed:
    """Entra's own provisioning, over SCIM."""

    def __init__(self, entra: EntraClient, directory: Directory) -> None:
        self._entra, self._directory = entra, directory
        self._reports: list[CycleReport] = []

    async def first(self) -> None:
        """Test the connection, as Entra does, and run the initial cycle."""
        test = await self._entra.test_connection()
        if not test.ok:
            raise DemoFailed(f"Entra's test of the connection failed: {test.code} {test.detail}")
        self._reports.append(await self._entra.initial_cycle(self._directory))

    async def go_on(self, events: Iterable[Event]) -> None:
        """Run an incremental cycle, and more of them while anything is left to send again."""
        self._reports.append(await self._entra.incremental_cycle(self._directory, list(events)))
        while self._reports[-1].escrowed and len(self._reports) < _CYCLES:
            self._reports.append(await self._entra.incremental_cycle(self._directory, []))

    def snapshot(self) -> Snapshot:
        """What Entra believes it provisioned."""
        return self._entra.snapshot()

    def told(self) -> Document:
        """The cycles."""
        return {"pushed": [_cycle(report) for report in self._reports]}

    def problems(self) -> list[str]:
        """What the last cycle could not send."""
        return [
            f"Entra could not push {failure.step} {failure.object_id}: {failure.detail}"
            for failure in self._reports[-1].failures
        ]


class Pulled:
    """A simulated Microsoft Graph, which an engine reads on its schedule."""

    def __init__(self, graph: Graph, directory: Directory, store: Store, provider: str) -> None:
        self._graph, self._directory, self._store, self._provider = graph, directory, store, provider
        self._pulls = 0

    async def first(self) -> None:
        """Wait until it was read."""
        await self._read()

    async def go_on(self, events: Iterable[Event]) -> None:
        """Let it happen at Graph too, and wait until that was read."""
        self._graph.follow(self._directory, events)
        await self._read()

    def snapshot(self) -> Snapshot:
        """The company, by the ids that manciple gave to what it read."""
        with self._store.read() as connection:
            known = graph_objects.of_ids(connection, self._provider, [*self._directory.people, *self._directory.groups])
        ids = {object_id: mirrored.identity for object_id, mirrored in known.items() if mirrored.identity}
        people = [self._directory.person(each) for each in self._directory.people if each in ids]
        groups = [self._directory.group(each) for each in self._directory.groups if each in ids]
        users = {}
        for person in people:
            wanted = user_attributes(person)
            users[ids[person.id]] = ProvisionedUser(
                ids[person.id], str(wanted["userName"]), person.in_service, person.display_name, person.mail
            )
        return Snapshot(users, {ids[group.id]: self._group(group.id, ids) for group in groups})

    def told(self) -> Document:
        """What Graph was asked."""
        requests = sum(self._graph.requests.values())
        return {"pulled": {"requests": requests, "units": self._graph.units, "throttled": self._graph.throttled}}

    def problems(self) -> list[str]:
        """Who is at Graph and did not arrive."""
        with self._store.read() as connection:
            known = graph_objects.of_ids(connection, self._provider, list(self._directory.people))
        return [
            f"{person.user_principal_name} is at Graph, and was not read"
            for person in map(self._directory.person, self._directory.people)
            if person.in_service and (person.id not in known or known[person.id].identity is None)
        ]

    def _group(self, group_id: str, ids: dict[str, str]) -> ProvisionedGroup:
        members = frozenset(ids[each] for each in self._directory.members(group_id) if each in ids)
        return ProvisionedGroup(ids[group_id], self._directory.group(group_id).display_name, members)

    async def _read(self) -> None:
        """Wait for three pulls to end: the first may have begun before, the third shows that the second is stored."""
        for _ in range(3):
            since = now_ms()
            await _until(partial(self._was_read, since))

    def _was_read(self, since: int) -> bool:
        with self._store.read() as connection:
            feeds = {feed.feed: feed for feed in graph_feeds.feeds(connection, self._provider)}
        return all(name in feeds and (feeds[name].done_at or 0) > since for name in _FEEDS)


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PULL_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise DemoFailed(f"the engine has not read Graph to its end within {_PULL_SECONDS:.0f} s")
        await asyncio.sleep(_LOOK_SECONDS)


def _cycle(report: CycleReport) -> Document:
    return {
        "cycle": report.cycle,
        "pushed": {step: dict(actions) for step, actions in report.pushed.items()},
        "requests": sum(sum(outcomes.values()) for outcomes in report.requests.values()),
        "failures": len(report.failures),
        "seconds": round(report.duration, 2),
    }
