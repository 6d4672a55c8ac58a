"""What IdPs send most takes the typed path: whether it would be slow is not left to chance."""

from typing import Any
from unittest.mock import patch as patched

import httpx
import orjson
import pytest
from scim_calls import new_group, new_user
from wire_forms import ENTRA_GROUP, ENTRA_USER, GROUP_PATCHES, OKTA_USER, USER_PATCHES


@pytest.fixture(autouse=True)
def no_library() -> Any:
    asked = AssertionError("the typed path was not taken")
    with (
        patched("core.scim.handling.ScimHandler", side_effect=asked),
        patched("core.scim.handling.search", side_effect=asked),
    ):
        yield


def filled(document: Any, **ids: str) -> bytes:
    text = orjson.dumps(document).decode()
    for name, ident in ids.items():
        text = text.replace(f"<{name}>", ident)
    return text.encode()


@pytest.mark.parametrize("sent", [ENTRA_USER, OKTA_USER])
async def test_users_are_created_read_replaced_and_deleted(entra: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    made = await entra.post("/Users", json=sent)
    assert made.status_code == 201
    place = f"/Users/{made.json()['id']}"
    assert (await entra.get(place)).status_code == 200
    assert (await entra.put(place, json=made.json() | {"title": "Dr"})).json()["title"] == "Dr"
    assert (await entra.delete(place)).status_code == 204


@pytest.mark.parametrize("sent", USER_PATCHES.values(), ids=USER_PATCHES)
async def test_users_are_changed(entra: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    boss = await new_user(entra, "boss")
    made = (await entra.post("/Users", json=ENTRA_USER)).json()
    answer = await entra.patch(f"/Users/{made['id']}", content=filled(sent, user=boss["id"]))
    assert answer.status_code == 200, answer.text
    assert answer.json() != made


@pytest.mark.parametrize("sent", GROUP_PATCHES.values(), ids=GROUP_PATCHES)
async def test_groups_are_changed(entra: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    ada, made = await new_user(entra), (await entra.post("/Groups", json=ENTRA_GROUP)).json()
    answer = await entra.patch(f"/Groups/{made['id']}", content=filled(sent, user=ada["id"], group=made["id"]))
    assert (answer.status_code, answer.content) == (204, b""), answer.text


async def test_groups_are_created_read_replaced_and_deleted(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra)
    group = await new_group(entra, ada)
    place = f"/Groups/{group['id']}"
    assert (await entra.get(place)).json()["members"][0]["value"] == ada["id"]
    assert (await entra.get(f"{place}?excludedAttributes=members")).status_code == 200
    assert (await entra.put(place, json=group | {"members": []})).json()["members"] == []
    assert (await entra.delete(place)).status_code == 204


@pytest.mark.parametrize(
    "query",
    [
        'filter=userName eq "ada@example.com"',
        'filter=externalId eq "x"&aadOptscim062020',
        "filter=userName%20eq%20%22ada@example.com%22&startIndex=1&count=100",
        'filter=USERNAME EQ "nobody"&attributes=id',
    ],
)
async def test_one_is_looked_for(entra: httpx.AsyncClient, query: str) -> None:
    await new_user(entra)
    expected = 1 if "ada@example.com" in query else 0
    assert (await entra.get(f"/Users?{query}")).json()["totalResults"] == expected
    assert (await entra.get('/Groups?excludedAttributes=members&filter=displayName eq "G"')).status_code == 200
