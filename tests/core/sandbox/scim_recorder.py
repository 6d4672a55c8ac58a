"""A small SCIM target for tests of the simulated provisioning client: it records every request and obeys it.

Written apart from the client's own code, straight from RFC 7644 and the two dialects as reference notes have them, so
that a wrong body of the client leads to a wrong state here.
"""

import asyncio
import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True)
class Recorded:
    """One request as it came over the wire."""

    method: str
    path: str
    """Undecoded."""
    query: str
    """Undecoded."""
    headers: dict[str, str]
    body: Any

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}" + (f"?{self.query}" if self.query else "")


@dataclass
class Fault:
    """What happens to the next requests that match; `times` of them."""

    matches: Callable[[Recorded], bool]
    times: int
    status: int = 500
    body: bytes = b""
    after_effect: bool = False
    raises: Exception | None = None


@dataclass
class ScimRecorder:
    """An ASGI application."""

    base: str = "/scim/v2"
    requests: list[Recorded] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    yields: int = 0
    """How often a request lets others run before it is answered."""
    in_flight: int = 0
    most_in_flight: int = 0
    _ids: int = 0

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self), timeout=5)

    def lines(self, method: str = "") -> list[str]:
        return [one.line for one in self.requests if one.method.startswith(method)]

    def bodies(self, method: str) -> list[Any]:
        return [one.body for one in self.requests if one.method == method]

    def fail(self, pattern: str, times: int = 1, **how: Any) -> None:
        """Spoil the next `times` requests whose request line matches."""
        self.faults.append(Fault(lambda one: re.search(pattern, one.line) is not None, times, **how))

    def user(self, user_name: str) -> dict[str, Any]:
        return next(user for user in self.users.values() if user["userName"] == user_name)

    def group(self, display_name: str) -> dict[str, Any]:
        return next(group for group in self.groups.values() if group["displayName"] == display_name)

    def memberships(self) -> set[tuple[str, str]]:
        return {
            (group["displayName"], self.users[member["value"]]["userName"])
            for group in self.groups.values()
            for member in group["members"]
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        request = Recorded(
            method=scope["method"],
            path=scope["raw_path"].decode(),
            query=scope["query_string"].decode(),
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
            body=json.loads(content) if content else None,
        )
        self.requests.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            for _ in range(self.yields):
                await asyncio.sleep(0)
            status, body = self._answer_or_fail(request)
        finally:
            self.in_flight -= 1
        headers = [(b"content-type", b"application/scim+json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer_or_fail(self, request: Recorded) -> tuple[int, bytes]:
        fault = next((one for one in self.faults if one.times > 0 and one.matches(request)), None)
        if fault is None:
            return self._answer(request)
        fault.times -= 1
        if fault.after_effect:
            self._answer(request)
        if fault.raises is not None:
            raise fault.raises
        return fault.status, fault.body

    def _answer(self, request: Recorded) -> tuple[int, bytes]:
        _, _, rest = request.path.partition(f"{self.base}/")
        kind, _, resource_id = rest.partition("/")
        store = {"Users": self.users, "Groups": self.groups}[kind]
        if request.method == "POST":
            return self._create(store, request.body)
        if not resource_id:
            return 200, self._list(store, dict(parse_qsl(request.query, keep_blank_values=True)))
        if resource_id not in store:
            return 404, _error(404, f"Resource {resource_id} not found")
        if request.method == "GET":
            return 200, _json(_without_members(store[resource_id]))
        if request.method == "DELETE":
            del store[resource_id]
            for group in self.groups.values():
                group["members"] = [one for one in group["members"] if one["value"] != resource_id]
            return 204, b""
        for operation in request.body["Operations"]:
            _apply(store[resource_id], operation)
        return 204, b""

    def _create(self, store: dict[str, Any], body: Any) -> tuple[int, bytes]:
        key = "userName" if store is self.users else "displayName"
        if any(one[key].casefold() == body[key].casefold() for one in store.values()):
            return 409, _error(409, f"{body[key]} exists already")
        self._ids += 1
        # A deep copy: the body stays in the record as it was sent.
        resource = {**copy.deepcopy(body), "id": f"{'u' if store is self.users else 'g'}{self._ids}"}
        manager = resource.get(ENTERPRISE, {}).get("manager")
        if manager is not None:
            resource[ENTERPRISE]["manager"] = {"value": manager}
        store[resource["id"]] = resource
        return 201, _json(_without_members(resource))

    def _list(self, store: dict[str, Any], query: dict[str, str]) -> bytes:
        clauses = re.fullmatch(r'(\w+) eq (".*?")(?: and manager eq (".*"))?', query["filter"])
        assert clauses is not None, query["filter"]
        attribute, wanted, manager = clauses[1], json.loads(clauses[2]), clauses[3]
        found = [one for one in store.values() if str(one.get(attribute)).casefold() == wanted.casefold()]
        if manager is not None:
            held = [one.get(ENTERPRISE, {}).get("manager", {}).get("value") for one in found]
            found = [one for one, value in zip(found, held, strict=True) if value == json.loads(manager)]
        resources = [_without_members(one) for one in found]
        return _json({"schemas": [LIST], "totalResults": len(found), "startIndex": 1, "Resources": resources})


def _apply(resource: dict[str, Any], operation: Any) -> None:
    verb, path, value = operation["op"].lower(), operation.get("path"), operation.get("value")
    if path is None:
        for key, one in value.items():
            _set(resource, key, one)
    elif path == "members" and verb == "add":
        known = [one["value"] for one in resource["members"]]
        resource["members"] += [{"value": one["value"]} for one in value if one["value"] not in known]
    elif verb == "remove":
        removed = re.fullmatch(r'members\[value eq "(.+)"\]', path)
        gone = {removed[1]} if removed else {one["value"] for one in value}
        resource["members"] = [one for one in resource["members"] if one["value"] not in gone]
    else:
        _set(resource, path, value)


def _set(resource: dict[str, Any], path: str, value: Any) -> None:
    selected = re.fullmatch(r'(\w+)\[type eq "(\w+)"\]\.(\w+)', path)
    if path.startswith(f"{ENTERPRISE}:"):
        name = path.removeprefix(f"{ENTERPRISE}:")
        held = value if name != "manager" or isinstance(value, dict) else {"value": value}
        resource.setdefault(ENTERPRISE, {})[name] = held
    elif selected:
        elements = resource.setdefault(selected[1], [])
        if not any(one["type"] == selected[2] for one in elements):
            elements.append({"type": selected[2]})
        next(one for one in elements if one["type"] == selected[2])[selected[3]] = value
    elif "." in path:
        name, _, sub_attribute = path.partition(".")
        resource.setdefault(name, {})[sub_attribute] = value
    else:
        resource[path] = {"True": True, "False": False}.get(value, value) if path == "active" else value


def _without_members(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name != "members"}


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def _error(status: int, detail: str) -> bytes:
    schema = "urn:ietf:params:scim:api:messages:2.0:Error"
    return _json({"schemas": [schema], "status": str(status), "detail": detail})
