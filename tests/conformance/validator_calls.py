"""What Microsoft's SCIM validator sends, and what it looks at in every answer."""

from typing import Any
from uuid import uuid4

import httpx
from protocol import ENTERPRISE, LIST, PATCH_OP, USER, Document, place_of, read

SCIM = "application/scim+json; charset=utf-8"


def full_user(manager: str | None = None) -> Document:
    """A user as the validator makes them up: every attribute, and a role with its primary as text."""
    name = f"{uuid4().hex[:12]}@contoso.example"
    parts = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
    address = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
    extension = ("employeeNumber", "department", "costCenter", "organization", "division")
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "active": True,
        "displayName": "Rosa Gomez",
        "title": "Engineer",
        "emails": [{"type": "work", "value": name, "primary": True}],
        "preferredLanguage": "es-MX",
        "name": {part: f"{part} of Rosa" for part in parts},
        "addresses": [{"type": "work", "primary": True} | {part: f"{part} 1" for part in address}],
        "phoneNumbers": [
            {"type": "work", "value": "55-1", "primary": True},
            {"type": "mobile", "value": "55-2"},
            {"type": "fax", "value": "55-3"},
        ],
        ENTERPRISE: {part: f"{part} 7" for part in extension} | ({"manager": {"value": manager}} if manager else {}),
        "roles": [{"primary": "True", "display": "Reader", "value": "reader", "type": "role"}],
        "userType": "Employee",
        "nickName": "Ro",
        "locale": "es-MX",
        "timezone": "America/Mexico_City",
        "profileUrl": "https://contoso.example/rosa",
        "externalId": uuid4().hex,
    }


async def made(scim: httpx.AsyncClient, path: str, body: Document) -> httpx.Response:
    return await scim.post(path, json=body, headers={"Content-Type": SCIM})


async def change(scim: httpx.AsyncClient, resource: Document, *operations: Document) -> Document:
    """The resource after a PATCH, read again as the validator does."""
    body = {"schemas": [PATCH_OP], "Operations": list(operations)}
    answer = await scim.patch(place_of(resource), json=body, headers={"Content-Type": SCIM})
    assert answer.status_code in (200, 204), answer.text
    if answer.status_code == 200:
        assert answer.headers["content-type"].startswith("application/scim+json")
    after = await read(scim, place_of(resource))
    assert answer.status_code == 204 or answer.json() == after
    return after


async def matches(scim: httpx.AsyncClient, path: str, text: str, **query: Any) -> list[Document]:
    """What a filter finds, after the checks that the validator makes of every list."""
    answer = await scim.get(path, params={"filter": text, **query})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["schemas"] == [LIST]
    assert document["totalResults"] == len(document["Resources"])
    for resource in document["Resources"]:
        assert resource["id"]
        assert resource["meta"]["resourceType"] == path[1:-1]
        assert resource["schemas"]
    resources: list[Document] = document["Resources"]
    return resources


def assert_holds(sent: Any, shown: Any) -> None:
    """Everything sent is shown again, whatever else is."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert_holds(value, shown[key])
    elif isinstance(sent, list):
        assert len(sent) == len(shown)
        for one, other in zip(sent, shown, strict=True):
            assert_holds(one, other)
    else:
        assert shown == (True if sent == "True" else sent)
