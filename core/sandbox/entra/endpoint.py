"""The target's SCIM endpoint as Entra addresses it: URLs, headers, and what it demands of every answer.

Every answer that Entra cannot use is raised as a ProvisioningError. Nothing is retried here: Entra leaves that to
the next cycle, whatever the target says in `Retry-After`.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal, Self
from urllib.parse import quote, quote_plus

import httpx
import orjson

from core.sandbox.entra.attributes import ENTERPRISE_USER, MANAGER, Resource, value_at
from core.sandbox.entra.errors import (
    INCOMPATIBLE,
    INVALID_ANCHOR,
    MULTIPLE_ENTRIES,
    PROTOCOL_ERROR,
    TIMEOUT,
    ProvisioningError,
    refusal,
)
from core.sandbox.entra.pacing import Pace
from core.sandbox.entra.report import Tally
from core.sandbox.entra.wire import COMPLIANCE_FLAG, Dialect

ResourceType = Literal["Users", "Groups"]

CONTENT_TYPE = "application/scim+json; charset=utf-8"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True, slots=True)
class TenantUrl:
    """The URL that an admin typed into Entra: where the endpoint is, and flags that go along with every request."""

    base: str
    """Without a trailing slash."""
    flags: str
    """The query, without its question mark."""

    @classmethod
    def parse(cls, text: str, dialect: Dialect) -> Self:
        """Split the URL, and add the flag of the dialect where the admin did not type it."""
        base, _, flags = text.partition("?")
        if dialect != "legacy" and COMPLIANCE_FLAG not in flags.split("&"):
            flags = f"{flags}&{COMPLIANCE_FLAG}" if flags else COMPLIANCE_FLAG
        return cls(base.rstrip("/"), flags)

    def at(self, path: str, query: str = "") -> str:
        """Return the address of a resource, with the flags before the request's own query."""
        full_query = "&".join(part for part in (self.flags, query) if part)
        return f"{self.base}/{path}?{full_query}" if full_query else f"{self.base}/{path}"


class Endpoint:
    """Sends the requests of one cycle and counts them."""

    def __init__(self, tenant: TenantUrl, token: str, client: httpx.AsyncClient, pace: Pace, tally: Tally) -> None:
        self._tenant = tenant
        self._headers = {"Authorization": f"Bearer {token}"}
        self._client = client
        self._pace = pace
        self._tally = tally

    async def find(self, resource_type: ResourceType, attribute: str, value: str) -> list[Resource]:
        """Return what matches `attribute eq "value"`; of groups everything but their members."""
        query = f"filter={_encoded(f'{attribute} eq {_quoted(value)}')}"
        if resource_type == "Groups":
            query = f"excludedAttributes=members&{query}"
        found = await self._query(f"GET /{resource_type}?filter", resource_type, query)
        return [_checked(one, f"GET /{resource_type}?filter") for one in found]

    async def has_manager(self, user_id: str, manager_id: str) -> bool:
        """Ask whether a user has this very manager already, as Entra does before it writes a reference."""
        expression = f"id eq {_quoted(user_id)} and manager eq {_quoted(manager_id)}"
        query = f"filter={_encoded(expression)}&attributes=id"
        return bool(await self._query("GET /Users?filter=manager", "Users", query))

    async def read(self, resource_type: ResourceType, resource_id: str) -> Resource:
        """Return the present state behind a cached id; of groups everything but their members."""
        kind = f"GET /{resource_type}/{{id}}"
        query = "excludedAttributes=members" if resource_type == "Groups" else ""
        response = await self._send(kind, self._address(resource_type, resource_id, query))
        return _checked(_body(response, kind), kind)

    async def create(self, resource_type: ResourceType, body: Resource) -> Resource:
        """Create a resource and return it as the target made it."""
        kind = f"POST /{resource_type}"
        response = await self._send(kind, self._tenant.at(resource_type), body)
        return _checked(_body(response, kind), kind)

    async def patch(self, resource_type: ResourceType, resource_id: str, body: Resource) -> None:
        """Change a resource. An answer may hold the resource or be empty; Entra uses neither."""
        await self._send(f"PATCH /{resource_type}/{{id}}", self._address(resource_type, resource_id), body)

    async def delete(self, resource_type: ResourceType, resource_id: str) -> None:
        """Delete a resource; one that is gone already is as good."""
        try:
            await self._send(f"DELETE /{resource_type}/{{id}}", self._address(resource_type, resource_id))
        except ProvisioningError as error:
            if error.code != INVALID_ANCHOR:
                raise

    def _address(self, resource_type: ResourceType, resource_id: str, query: str = "") -> str:
        return self._tenant.at(f"{resource_type}/{quote(resource_id, safe='')}", query)

    async def _query(self, kind: str, resource_type: ResourceType, query: str) -> list[Any]:
        body = _body(await self._send(kind, self._tenant.at(resource_type, query)), kind)
        found = body.get("Resources", [])
        well_formed = LIST_RESPONSE in body.get("schemas", []) and type(body.get("totalResults")) is int
        if not well_formed or not isinstance(found, list):
            raise ProvisioningError(INCOMPATIBLE, "The answer is not a SCIM list.", request=kind, status=200)
        return found

    async def _send(self, kind: str, url: str, body: Resource | None = None) -> httpx.Response:
        await self._pace.turn()
        content = None if body is None else orjson.dumps(body)
        headers = self._headers if body is None else {**self._headers, "Content-Type": CONTENT_TYPE}
        started = time.perf_counter()
        try:
            response = await self._client.request(kind.partition(" ")[0], url, content=content, headers=headers)
        except httpx.TransportError as error:
            code = TIMEOUT if isinstance(error, httpx.TimeoutException) else PROTOCOL_ERROR
            self._tally.count_request(kind, code, time.perf_counter() - started)
            detail = str(error) or type(error).__name__
            raise ProvisioningError(code, detail, request=kind) from error
        self._tally.count_request(kind, str(response.status_code), time.perf_counter() - started)
        if response.is_success:
            return response
        failed = refusal(kind, response)
        if response.status_code == 404 and kind.endswith("{id}"):
            failed.code = INVALID_ANCHOR
        raise failed


def _body(response: httpx.Response, kind: str) -> Resource:
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        detail = "The answer is not a JSON object."
        raise ProvisioningError(INCOMPATIBLE, detail, request=kind, status=response.status_code)
    return body


def _checked(resource: Any, kind: str) -> Resource:
    """Return a resource that Entra can read: it has an id, and references in their complex form."""
    if not isinstance(resource, dict) or not isinstance(resource.get("id"), str) or not resource["id"]:
        raise ProvisioningError(INCOMPATIBLE, "The resource has no id.", request=kind)
    if "Groups" in kind and kind.startswith("GET") and resource.get("members"):
        raise ProvisioningError(MULTIPLE_ENTRIES, "Members were returned although excluded.", request=kind)
    if ENTERPRISE_USER in resource and not isinstance(value_at(resource, MANAGER), dict | None):
        raise ProvisioningError(INCOMPATIBLE, "The manager is not a complex value.", request=kind)
    return resource


def _encoded(expression: str) -> str:
    return quote_plus(expression)


def _quoted(value: str) -> str:
    return orjson.dumps(value).decode()
