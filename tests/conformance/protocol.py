"""Calls of the SCIM protocol that many conformance tests make, and what every answer of a kind must be like."""

from typing import Any

import httpx

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
PATCH_OP = f"{MESSAGES}:PatchOp"
LIST = f"{MESSAGES}:ListResponse"
ERROR = f"{MESSAGES}:Error"
SEARCH = f"{MESSAGES}:SearchRequest"
BULK = f"{MESSAGES}:BulkRequest"

Document = dict[str, Any]


def user_body(name: str = "ada@example.com", /, **more: Any) -> Document:
    return {"schemas": [USER], "userName": name, **more}


def group_body(name: str, /, *members: Document, **more: Any) -> Document:
    return {"schemas": [GROUP], "displayName": name, "members": [{"value": each["id"]} for each in members], **more}


async def create(scim: httpx.AsyncClient, path: str, body: Document) -> Document:
    answer = await scim.post(path, json=body)
    assert answer.status_code == 201, answer.text
    document: Document = answer.json()
    return document


async def create_user(scim: httpx.AsyncClient, name: str = "ada@example.com", /, **more: Any) -> Document:
    return await create(scim, "/Users", user_body(name, **more))


async def create_group(scim: httpx.AsyncClient, name: str, /, *members: Document, **more: Any) -> Document:
    return await create(scim, "/Groups", group_body(name, *members, **more))


async def send_patch(scim: httpx.AsyncClient, place: str, *operations: Any, **more: Any) -> httpx.Response:
    return await scim.patch(place, json={"schemas": [PATCH_OP], "Operations": list(operations)}, **more)


async def patched(scim: httpx.AsyncClient, place: str, *operations: Any) -> Document:
    """What the resource is like after a PATCH that must succeed."""
    answer = await send_patch(scim, place, *operations)
    assert answer.status_code in (200, 204), answer.text
    return await read(scim, place)


async def read(scim: httpx.AsyncClient, place: str, **query: Any) -> Document:
    answer = await scim.get(place, params=query)
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


async def found(scim: httpx.AsyncClient, text: str, path: str = "/Users", **query: Any) -> list[str]:
    """The names of what matches a filter, as a set would hold them: sorted."""
    document = assert_list(await scim.get(path, params={"filter": text, **query}))
    return sorted(each.get("userName") or each.get("displayName") for each in document["Resources"])


def place_of(resource: Document) -> str:
    return f"/{resource['meta']['resourceType']}s/{resource['id']}"


def assert_list(answer: httpx.Response) -> Document:
    """A ListResponse whose numbers agree with what it holds (RFC 7644 §3.4.2)."""
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    assert document["schemas"] == [LIST]
    assert type(document["totalResults"]) is int
    document.setdefault("Resources", [])
    assert document.get("itemsPerPage", len(document["Resources"])) == len(document["Resources"])
    return document


def assert_error(answer: httpx.Response, status: int, scim_type: str | None = None, says: str = "") -> str:
    """An Error whose text tells an admin something (RFC 7644 §3.12); gives the text."""
    assert answer.status_code == status, answer.text
    document = answer.json()
    assert document["schemas"] == [ERROR]
    assert document["status"] == str(status)
    assert document.get("scimType") == scim_type, document
    detail: str = document["detail"]
    assert says in detail, detail
    assert len(detail) >= 10
    assert "\n" not in detail
    return detail
