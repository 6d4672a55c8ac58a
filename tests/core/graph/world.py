"""A simulated tenant, and a manciple that pulls it: what the tests of pulling share.

Requests go to the simulator's application without a socket, with a plain HTTP client in the place of Microsoft's SDK;
`test_graph_with_sdk` shows that the SDK does the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import orjson

from core.config.graph_settings import GraphSettings
from core.credentials import SecretReference
from core.graph.client import Client
from core.graph.documents import user_document
from core.graph.pull import Pulled, pull
from core.graph.recording import RecordingClient
from core.graph.session import Session
from core.sandbox.graph import ENTERPRISE_APP, NO_QUIRKS, Graph, Tenant, User
from core.store import Store, identities, member_rows
from core.store.identities import Kind, Stored
from core.targets.timing import Timing

PROVIDER, TARGET = "entra", "wiki"
BASE = "https://graph.example"
SETTINGS = GraphSettings(
    token=SecretReference("plain", "t"), base_url=BASE, application=ENTERPRISE_APP.app_id, scope="all"
)
ASSIGNED = replace(SETTINGS, scope="assigned")
Document = dict[str, Any]


class PlainSender:
    """Signs in with a ready token, over a client of ours."""

    def __init__(self, client: httpx.AsyncClient, token: Callable[[], str]) -> None:
        self.client = client
        self.token = token

    async def send(self, method: str, url: str, headers: dict[str, str]) -> httpx.Response:
        signed = {**headers, "Authorization": f"Bearer {self.token()}"}
        return await self.client.send(self.client.build_request(method, url, headers=signed))


@dataclass
class Clock:
    """Seconds that pass when somebody waits."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """One tenant and one store. `transport` stands between them, and may fail."""

    store: Store
    graph: Graph
    settings: GraphSettings = SETTINGS
    page_size: int | None = None
    waits: list[tuple[float, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    transport: httpx.AsyncBaseTransport | None = None
    permissions: frozenset[str] | None = None

    async def pull(self) -> Pulled:
        transport = self.transport or httpx.ASGITransport(self.graph.app)
        timing = Timing(sleep=self._slept)
        log = self.store.writer.log
        async with RecordingClient(party=PROVIDER, log=log, timing=timing, transport=transport) as http:
            token = self.graph.issue_token(self.permissions)
            client = Client(
                PlainSender(http, lambda: token), f"{BASE}/v1.0", timing=timing, client_id="the-app",
                on_wait=lambda seconds, reason: self.waits.append((seconds, reason)),
            )  # fmt: skip
            return await pull(
                Session(self.store, client, PROVIDER, self.settings, [TARGET], self.told.append, self.page_size)
            )

    async def _slept(self, seconds: float) -> None:
        """Waiting is over at once, for the simulator's clock as well."""
        clock = self.graph.tenant.clock
        assert isinstance(clock, Clock)
        clock.now += seconds

    # The identity store

    def all(self, kind: Kind) -> list[Stored]:
        with self.store.read() as connection:
            return identities.page(connection, PROVIDER, kind, 0, None)[1]

    def users(self) -> dict[str, Document]:
        """By userName."""
        return {stored.document["userName"]: stored.document for stored in self.all("User")}

    def active(self) -> set[str]:
        return {name for name, document in self.users().items() if document["active"]}

    def user(self, name: str) -> Stored:
        (found,) = (stored for stored in self.all("User") if stored.document["userName"] == name)
        return found

    def groups(self) -> dict[str, set[str]]:
        """The userNames of the members, by displayName."""
        names = {stored.key: stored.document["userName"] for stored in self.all("User")}
        with self.store.read() as connection:
            return {
                group.document["displayName"]: {names[m.key] for m in member_rows.members(connection, group.key)}
                for group in self.all("Group")
            }

    def missed(self, name: str) -> int:
        from core.store import sources

        with self.store.read() as connection:
            (found,) = sources.users(connection, PROVIDER, [self.user(name).id])
            return found.missed_reads

    def exchanges(self) -> list[Any]:
        from core.store import exchanges

        self.store.writer.write_now(lambda tx: None)
        with self.store.read() as connection:
            return exchanges.window(connection, 1, 0, 100_000)


def expected(user: User, manager: str | None = None) -> Document:
    """The document of a user in scope, by way of another mapping: the one of the simulated provisioning by SCIM."""
    properties = {
        "userPrincipalName": user.user_principal_name, "displayName": user.display_name, "jobTitle": user.job_title,
        "mailNickname": user.mail_nickname, "mail": user.mail, "givenName": user.given_name, "surname": user.surname,
        "department": user.department, "employeeId": user.employee_id,
    }  # fmt: skip
    return orjson.loads(orjson.dumps(user_document(properties, active=user.account_enabled, manager=manager)))


def tenant_of(users: int, **quirks: Any) -> Graph:
    """A tenant of numbered users in one group, which is assigned to the application."""
    habits = replace(NO_QUIRKS, **quirks)
    graph = Graph(Tenant(quirks=habits, clock=Clock()), quirks=habits)
    made = [graph.tenant.new_user(f"user{n}@contoso.example", f"User {n}", mail=f"user{n}@contoso.example")
            for n in range(users)]  # fmt: skip
    graph.tenant.add_application(ENTERPRISE_APP)
    group = graph.tenant.new_group("Wiki", [user.id for user in made])
    graph.tenant.assign(ENTERPRISE_APP.id, group.id, ENTERPRISE_APP.roles[0].id)
    return graph
