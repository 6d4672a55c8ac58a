"""The requests: for each operation an endless row of them, for one connection.

PATCHes have the form that Entra ID sends without its `aadOptscim062020` flag: capital operations, booleans as text.
"""

import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from tests.bench.scim.people import Population, user

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PAGE = 100


class Request(NamedTuple):
    """One request, and how a right answer is known."""

    kind: str
    raw: bytes
    statuses: tuple[int, ...]
    holds: bytes = b""
    """What the body must have in it."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How requests to one contender are written."""

    prefix: str
    """Path before `/Users`."""
    headers: str
    """Header lines that every request has, each with its line end."""
    text_booleans: bool
    """Whether it takes "False" for false, as Entra sends it; the strict peers get the boolean."""

    def read(self, path: str) -> bytes:
        return f"GET {self.prefix}{path} HTTP/1.1\r\n{self.headers}\r\n".encode()

    def write(self, method: str, path: str, body: bytes) -> bytes:
        return b"%s %b HTTP/1.1\r\n%bContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n%b" % (
            method.encode(), f"{self.prefix}{path}".encode(), self.headers.encode(), len(body), body,
        )  # fmt: skip

    def boolean(self, value: bool) -> bool | str:
        return str(value) if self.text_booleans else value


@dataclass(frozen=True, slots=True)
class Lane:
    """What one connection sends from: its own part of the members, its own chance."""

    people: Population
    wire: Wire
    number: int
    of: int
    group: str
    chance: random.Random


Operation = Callable[[Lane], Iterator[Request]]


def create(lane: Lane) -> Iterator[Request]:
    """POST of users who are new every time."""
    mark = "@name@"
    template = orjson.dumps(user(mark))
    run = f"new{secrets.token_hex(4)}-"
    count = 0
    while True:
        count += 1
        body = template.replace(mark.encode(), f"{run}{count}".encode())
        yield Request("create", lane.wire.write("POST", "/Users", body), (201,), b'"id"')


def get(lane: Lane) -> Iterator[Request]:
    """GET of a random user by id."""
    while True:
        ident, name, _ = lane.chance.choice(lane.people.users)
        yield Request("get", lane.wire.read(f"/Users/{ident}"), (200,), name.encode())


def user_name(lane: Lane) -> Iterator[Request]:
    """The match query of most IdPs."""
    while True:
        ident, name, _ = lane.chance.choice(lane.people.users)
        path = "/Users?filter=" + quote(f'userName eq "{name}"')
        yield Request("userName eq", lane.wire.read(path), (200,), ident.encode())


def external_id(lane: Lane) -> Iterator[Request]:
    """The match query where the IdP matches by its own id."""
    while True:
        ident, _, external = lane.chance.choice(lane.people.users)
        path = "/Users?filter=" + quote(f'externalId eq "{external}"')
        yield Request("externalId eq", lane.wire.read(path), (200,), ident.encode())


def patch(lane: Lane) -> Iterator[Request]:
    """PATCH that disables users one after the other, then enables them: each changes a row."""
    mine = lane.people.users[lane.number :: lane.of]
    active = False
    while True:
        body = _patch({"op": "Replace", "path": "active", "value": lane.wire.boolean(active)})
        for ident, _, _ in mine:
            yield Request("patch active", lane.wire.write("PATCH", f"/Users/{ident}", body), (200, 204))
        active = not active


def members(lane: Lane) -> Iterator[Request]:
    """A member is added to a group, then removed from it: each changes it, and its size stays."""
    mine = lane.people.spare[lane.number :: lane.of]
    path = f"/Groups/{lane.people.groups[lane.group]}"
    while True:
        for ident in mine:
            for kind, op in (("add member", "Add"), ("remove member", "Remove")):
                body = _patch({"op": op, "path": "members", "value": [{"value": ident}]})
                yield Request(kind, lane.wire.write("PATCH", path, body), (200, 204))


def page(lane: Lane) -> Iterator[Request]:
    """GET of a page of users from anywhere in the list."""
    while True:
        start = lane.chance.randrange(max(1, lane.people.total - PAGE)) + 1
        yield Request("list", lane.wire.read(f"/Users?startIndex={start}&count={PAGE}"), (200,), b'"userName"')


def group(lane: Lane) -> Iterator[Request]:
    """GET of a group without its members."""
    ident = lane.people.groups[lane.group]
    raw = lane.wire.read(f"/Groups/{ident}?excludedAttributes=members")
    while True:
        yield Request("get group", raw, (200,), ident.encode())


def mix(lane: Lane) -> Iterator[Request]:
    """What Entra ID sends in a cycle: match, create; now and then a change, a member, a look."""
    matching, creating, reading = user_name(lane), create(lane), get(lane)
    patching, joining = patch(lane), members(lane)
    weights = ((matching, 35), (creating, 10), (patching, 20), (joining, 20), (reading, 15))
    while True:
        yield next(lane.chance.choices([row for row, _ in weights], [weight for _, weight in weights])[0])


OPERATIONS: dict[str, Operation] = {
    "create": create,
    "get": get,
    "userName": user_name,
    "externalId": external_id,
    "patch": patch,
    "members": members,
    "list": page,
    "group": group,
    "mix": mix,
}


def _patch(operation: dict[str, Any]) -> bytes:
    return orjson.dumps({"schemas": [PATCH], "Operations": [operation]})
