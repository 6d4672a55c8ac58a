"""The simulated Microsoft Entra provisioning service, as one job that pushes one directory to one SCIM endpoint."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from core.sandbox.directory import Directory, Event
from core.sandbox.entra.cycle import Cycle, OnProgress, probe
from core.sandbox.entra.endpoint import Endpoint, TenantUrl
from core.sandbox.entra.errors import ProvisioningError
from core.sandbox.entra.memory import Memory, Snapshot
from core.sandbox.entra.pacing import UNPACED, Pace, Pacing
from core.sandbox.entra.report import CycleKind, CycleReport, Progress, Step, Tally
from core.sandbox.entra.session import Session
from core.sandbox.entra.wire import COMPLIANCE_FLAG, Dialect

MEMBERS_PER_PATCH = 100
"""How many members one PATCH names; Entra's own number is not documented."""
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """The outcome of Test Connection."""

    ok: bool
    code: str = ""
    """Entra's error code."""
    detail: str = ""


class EntraClient:
    """A provisioning job. It runs one cycle at a time; its memory lives as long as the object.

    `base_url` is the tenant URL as an admin would type it, with or without a trailing slash and flags; the flag
    `aadOptscim062020` in it turns the legacy dialect into the compliant one, as in Entra. A `client` that is given
    stays open on `close`, and its time-outs hold instead of 30 seconds.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        dialect: Dialect = "legacy",
        pacing: Pacing = UNPACED,
        client: httpx.AsyncClient | None = None,
        on_progress: OnProgress | None = None,
        members_per_patch: int = MEMBERS_PER_PATCH,
    ) -> None:
        self._tenant = TenantUrl.parse(base_url, dialect)
        flagged = COMPLIANCE_FLAG in self._tenant.flags.split("&")
        self._dialect: Dialect = "compliant" if dialect == "legacy" and flagged else dialect
        self._token = token
        self._pacing = pacing
        self._pace = Pace(pacing.per_second)
        self._on_progress = on_progress or _ignore
        self._members_per_patch = members_per_patch
        self._owns_client = client is None
        self._client = client or _http_client(pacing)
        self._memory = Memory()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that this job opened."""
        if self._owns_client:
            await self._client.aclose()

    async def test_connection(self) -> ConnectionTest:
        """Do what the button of that name does."""
        try:
            await probe(self._endpoint(Tally()))
        except ProvisioningError as error:
            return ConnectionTest(ok=False, code=error.code, detail=error.detail)
        return ConnectionTest(ok=True)

    async def initial_cycle(self, directory: Directory, *, forget: bool = False) -> CycleReport:
        """Evaluate the whole directory; also what a restart of the job does.

        With `forget` the cached ids go too (`resetScope=Full`), and every object is matched anew.
        """
        if forget:
            self._memory = Memory()
        self._memory.forget_passed_over()
        # The recycle bin is not listed; who is in it comes only through the change feed.
        people = [one for one in directory.people if not directory.person(one).soft_deleted]
        self._mark_due(people, directory.groups)
        return await self._run("initial", directory)

    async def incremental_cycle(self, directory: Directory, events: Iterable[Event]) -> CycleReport:
        """Evaluate what the events touched, and what failed before."""
        people: dict[str, None] = {}
        groups: dict[str, None] = {}
        for event in events:
            if event.group_id is not None:
                groups[event.group_id] = None
            elif event.person_id is not None:
                people[event.person_id] = None
        self._mark_due(people, groups)
        return await self._run("incremental", directory)

    def snapshot(self) -> Snapshot:
        """Return what Entra believes it provisioned."""
        return self._memory.snapshot()

    def _mark_due(self, people: Iterable[str], groups: Iterable[str]) -> None:
        for step in (Step.USERS, Step.MANAGERS):
            self._memory.mark_due(step, people)
        for step in (Step.GROUPS, Step.MEMBERSHIPS):
            self._memory.mark_due(step, groups)

    async def _run(self, kind: CycleKind, directory: Directory) -> CycleReport:
        tally = Tally()
        session = Session(
            directory=directory,
            endpoint=self._endpoint(tally),
            memory=self._memory,
            tally=tally,
            dialect=self._dialect,
            members_per_patch=self._members_per_patch,
        )
        return await Cycle(kind, session, self._pacing.in_flight, self._on_progress).run()

    def _endpoint(self, tally: Tally) -> Endpoint:
        return Endpoint(self._tenant, self._token, self._client, self._pace, tally)


def _http_client(pacing: Pacing) -> httpx.AsyncClient:
    # The service connects directly: proxies of the machine it is simulated on are not its own.
    limits = httpx.Limits(max_connections=pacing.in_flight, max_keepalive_connections=pacing.in_flight)
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False)


def _ignore(progress: Progress) -> None:
    pass
