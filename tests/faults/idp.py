"""An IdP that pushes work in small pieces, believes only what was acknowledged, and repeats the rest as Entra does.

A piece that was not acknowledged is begun anew: the match query first, then whatever is still missing.
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random

import httpx

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(slots=True)
class Idp:
    """What is still to be pushed, and what was acknowledged."""

    rng: Random
    work: deque[tuple[str, ...]] = field(default_factory=deque)
    users: dict[str, str] = field(default_factory=dict)
    """userName → id, as acknowledged."""
    groups: dict[str, str] = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    """Acknowledged memberships: group, userName."""
    dismissed: set[str] = field(default_factory=set)

    def plan(self, people: int, groups: int) -> None:
        """Everything that is to happen, in an order in which it can."""
        self.work.extend(("group", f"Group {number}") for number in range(groups))
        for number in range(people):
            name = f"person{number:03d}"
            self.work.append(("hire", name))
            for group in self.rng.sample(range(groups), 2):
                self.work.append(("join", f"Group {group}", name))
            if number >= 10 and number % 5 == 0:
                self.work.append(("dismiss", f"person{number - 10:03d}"))

    async def push(self, client: httpx.AsyncClient, pieces: int) -> None:
        """Push so many pieces; one that fails is kept for the next time."""
        for _ in range(min(pieces, len(self.work))):
            piece = self.work[0]
            await self._push(client, *piece)
            self.work.popleft()

    async def _push(self, client: httpx.AsyncClient, kind: str, *names: str) -> None:
        if kind == "hire":
            self.users[names[0]] = await self._ensured(client, "Users", "userName", names[0], _user(names[0]))
        elif kind == "group":
            body = {"schemas": [GROUP], "displayName": names[0], "members": []}
            self.groups[names[0]] = await self._ensured(client, "Groups", "displayName", names[0], body)
        elif kind == "join":
            value = [{"value": self.users[names[1]]}]
            await self._patch(
                client, f"Groups/{self.groups[names[0]]}", {"op": "Add", "path": "members", "value": value}
            )
            self.members.add((names[0], names[1]))
        else:
            operation = {"op": "Replace", "path": "active", "value": "False"}
            await self._patch(client, f"Users/{self.users[names[0]]}", operation)
            self.dismissed.add(names[0])

    async def _ensured(
        self, client: httpx.AsyncClient, kind: str, attribute: str, name: str, body: dict[str, object]
    ) -> str:
        found = (await _good(client.get(kind, params={"filter": f'{attribute} eq "{name}"'}))).json()
        resource = (
            found["Resources"][0] if found["totalResults"] else (await _good(client.post(kind, json=body))).json()
        )
        ident: str = resource["id"]
        return ident

    async def _patch(self, client: httpx.AsyncClient, path: str, operation: dict[str, object]) -> None:
        await _good(client.patch(path, json={"schemas": [PATCH], "Operations": [operation]}))


async def _good(answer: object) -> httpx.Response:
    response: httpx.Response = await answer  # type: ignore[misc]
    assert response.is_success, f"{response.status_code} {response.text}"
    return response


def _user(name: str) -> dict[str, object]:
    email = {"type": "work", "value": f"{name}@contoso.example", "primary": True}
    return {"schemas": [USER], "userName": name, "displayName": name.title(), "active": True, "emails": [email]}
