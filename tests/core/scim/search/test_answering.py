"""Lists and queries over the listener: in an IdP's dialect, as single reads show them, and no secret is logged."""

from typing import Any

import httpx
import pytest
from scim_calls import new_group, new_user

from core.redaction import MASK
from core.scim.storage import IdentityStorage
from core.store import Store, exchanges

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


async def found(entra: httpx.AsyncClient, path: str = "/Users", /, **body: Any) -> list[dict[str, Any]]:
    answer = await entra.post(f"{path}/.search", json={"schemas": [SEARCH], **body})
    assert answer.status_code == 200, answer.text
    resources: list[dict[str, Any]] = answer.json()["Resources"]
    return resources


async def test_a_search_by_post_is_read_in_the_dialect_of_the_idp(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra, emails=[{"type": "work", "value": "ada@example.com", "primary": True}])
    await new_user(entra, "ben@example.com")
    for text in ("userName eq ada@example.com", 'emails[type eq "work"].value eq "ADA@example.com"'):
        assert [each["id"] for each in await found(entra, filter=text)] == [ada["id"]]


@pytest.mark.parametrize(
    "path", ["/Users", "/Groups", "/", "/Users?filter=title+pr", "/?sortBy=displayName", "/Users?cursor="]
)
async def test_no_list_and_no_query_is_left_to_the_library(
    entra: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await new_group(entra, await new_user(entra, title="Dr"))
    monkeypatch.delattr(IdentityStorage, "search")
    answer = await entra.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["Resources"]
    assert answer.headers["content-type"] == "application/scim+json"


async def test_a_list_shows_a_resource_as_its_own_place_does(entra: httpx.AsyncClient) -> None:
    user = await new_user(entra, title="Dr")
    group = await new_group(entra, user)
    for path, each in (("/Users", user), ("/Groups", group)):
        whole = (await entra.get(f"{path}/{each['id']}")).json()
        assert (await entra.get(path)).json()["Resources"] == [whole]
        part = (await entra.get(f"{path}/{each['id']}", params={"attributes": "meta.version,groups,members"})).json()
        assert await found(entra, path, attributes=["meta.version", "groups", "members"]) == [part]


async def test_a_cursor_goes_on_where_the_page_ended(entra: httpx.AsyncClient) -> None:
    names = [f"u{number}" for number in range(5)]
    for name in names:
        await new_user(entra, name)
    first = (await entra.get("/Users", params={"cursor": "", "count": 3})).json()
    second = (await entra.get("/Users", params={"cursor": first["nextCursor"], "count": 3})).json()
    assert [each["userName"] for each in first["Resources"] + second["Resources"]] == names
    answer = await entra.get("/Users", params={"cursor": first["nextCursor"], "count": 2})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidCount")


@pytest.mark.parametrize(
    "query", ['password eq "hunter2"', 'userName pr and PASSWORD eq "hunter2"', "password eq hunter2"]
)
async def test_what_a_password_is_compared_with_is_not_logged(
    entra: httpx.AsyncClient, store: Store, query: str
) -> None:
    await new_user(entra)
    assert (await entra.get("/Users", params={"filter": query})).json()["totalResults"] == 0
    assert await found(entra, filter=query) == []
    await entra.get("/Users", params={"filter": query.replace("eq", "gt")})  # refused
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        kept = [exchanges.opened(connection, row.id) for row in exchanges.window(connection, 1, 0, 10)]
    assert len(kept) >= 4
    assert "hunter2" not in repr(kept)
    assert MASK in repr(kept)
