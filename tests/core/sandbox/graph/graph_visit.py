"""What the tests of the simulated Graph share: a client over ASGI, a clock to wind, and a mirror that follows delta."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from core.sandbox.graph import Graph, Quirks

Document = dict[str, Any]
EVENTUAL = {"ConsistencyLevel": "eventual"}
MINIMAL = {"Prefer": "return=minimal"}
BASE = "https://graph.example/v1.0"


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


class Visit:
    """A client of one simulated Graph, with a token."""

    def __init__(self, graph: Graph, token: str | None = None) -> None:
        self.graph = graph
        self.token = token or graph.issue_token()
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(graph.app), base_url=BASE)

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        url = path if "://" in path else f"{BASE}/{path}"
        authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self._client.request(method, url, headers={**authorization, **(headers or {})}, **body)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.ask("GET", path, headers)

    async def document(self, path: str, headers: Mapping[str, str] | None = None) -> Document:
        answer = await self.get(path, headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def value(self, path: str, headers: Mapping[str, str] | None = None) -> list[Document]:
        return list((await self.document(path, headers))["value"])

    async def pages(self, path: str, headers: Mapping[str, str] | None = None) -> list[Document]:
        found = [await self.document(path, headers)]
        while "@odata.nextLink" in found[-1]:
            found.append(await self.document(found[-1]["@odata.nextLink"], headers))
        return found

    async def all(self, path: str, headers: Mapping[str, str] | None = None) -> list[Document]:
        return [item for page in await self.pages(path, headers) for item in page["value"]]

    async def round(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[list[Document], str]:
        """The items of a round of delta, and the link to the next."""
        pages = await self.pages(path, headers)
        return [item for page in pages for item in page["value"]], pages[-1]["@odata.deltaLink"]


@dataclass
class Mirror:
    """What a careful client knows of users and groups after some rounds: merged by id, the last word on each."""

    users: dict[str, Document] = field(default_factory=dict)
    groups: dict[str, Document] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)

    def take_users(self, items: list[Document]) -> None:
        for item in items:
            if "@removed" in item:
                self.users.pop(item["id"], None)
            else:
                self.users.setdefault(item["id"], {}).update(item)

    def take_groups(self, items: list[Document]) -> None:
        for item in items:
            if "@removed" in item:
                self.groups.pop(item["id"], None)
                self.members.pop(item["id"], None)
                continue
            told = item.pop("members@delta", [])
            self.groups.setdefault(item["id"], {}).update(item)
            members = self.members.setdefault(item["id"], set())
            for entry in told:
                (members.discard if "@removed" in entry else members.add)(entry["id"])

    def present_members(self, group_id: str) -> set[str]:
        """Members that are users we know: a user who was removed has left all groups."""
        return self.members[group_id] & self.users.keys()


def company(users: int = 3, **quirks: Any) -> Graph:
    """A tenant of users who are numbered, and of nothing else."""
    graph = Graph(quirks=Quirks(**quirks))
    for number in range(users):
        graph.tenant.new_user(f"user{number}@contoso.example", f"User {number}")
    return graph
