"""Reference C.13: errors (RFC 7644 §3.12)."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from protocol import (
    BULK,
    GROUP,
    USER,
    assert_error,
    create_group,
    create_user,
    place_of,
    send_patch,
    user_body,
)
from providers import Provider

from core.store import StoreError, Writer


async def taken(scim: httpx.AsyncClient) -> httpx.Response:
    await create_user(scim)
    return await scim.post("/Users", json=user_body())


async def changed(scim: httpx.AsyncClient, operation: Any, **more: Any) -> httpx.Response:
    return await send_patch(scim, place_of(await create_user(scim)), operation, **more)


Wrong = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
WRONG: list[tuple[str, int, str | None, str, Wrong]] = [
    ("filter", 400, "invalidFilter", "", lambda scim: scim.get("/Users", params={"filter": "userName"})),
    ("name", 409, "uniqueness", "ada@example.com", taken),
    ("id", 400, "mutability", "id", lambda scim: changed(scim, {"op": "replace", "path": "id", "value": "x"})),
    ("syntax", 400, "invalidSyntax", "JSON", lambda scim: scim.post("/Users", content=b"{")),
    ("path", 400, "invalidPath", "", lambda scim: changed(scim, {"op": "replace", "path": "emails[", "value": 1})),
    ("target", 400, "noTarget", "path", lambda scim: changed(scim, {"op": "remove"})),
    ("value", 400, "invalidValue", "active", lambda scim: scim.post("/Users", json=user_body(active="x"))),
    ("version", 400, "invalidVers", "/v2", lambda scim: scim.get(f"{scim.base_url}".replace("/v2", "/v9") + "Users")),
    ("id", 404, None, "nobody", lambda scim: scim.get("/Users/nobody")),
    ("place", 404, None, "/Robots", lambda scim: scim.get("/Robots")),
    ("method", 405, None, "GET, POST", lambda scim: scim.delete("/Users")),
    ("method", 405, None, "GET", lambda scim: scim.post("/Users/x", json=user_body())),
    ("stale", 412, None, "again", lambda scim: changed(
        scim, {"op": "add", "path": "title", "value": "x"}, headers={"If-Match": 'W/"9"'})),
    ("body", 413, None, "8388608 bytes", lambda scim: scim.post("/Users", content=b" " * 8_400_000)),
    ("many", 413, None, "1000", lambda scim: scim.post("/Bulk", json={"schemas": [BULK], "Operations": [{}] * 1001})),
    ("type", 415, None, "application/scim+json", lambda scim: scim.post(
        "/Users", content=b"<user/>", headers={"Content-Type": "text/xml"})),
    ("coding", 415, None, "gzip", lambda scim: scim.post(
        "/Users", content=b"x", headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})),
    ("me", 501, None, "/Users/<id>", lambda scim: scim.get("/Me")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("about", "status", "scim_type", "says", "wrong"), WRONG, ids=[f"{each[1]} {each[2]} {each[0]}" for each in WRONG]
)
async def test_72_every_error_has_its_status_as_text_its_type_and_a_detail(
    scim: httpx.AsyncClient, about: str, status: int, scim_type: str | None, says: str, wrong: Wrong
) -> None:
    answer = await wrong(scim)
    assert_error(answer, status, scim_type, says)
    assert answer.headers["content-type"] == "application/scim+json"


async def test_73_a_404_has_no_scim_type_on_any_place_and_method(scim: httpx.AsyncClient) -> None:
    """noTarget is for the paths of a PATCH."""
    for path, body in (("/Users/x", user_body()), ("/Groups/x", {"schemas": [GROUP], "displayName": "G"})):
        for answer in (
            await scim.get(path),
            await scim.put(path, json=body),
            await send_patch(scim, path, {"op": "replace", "path": "displayName", "value": "x"}),
            await send_patch(scim, path, {"op": "replace", "path": "members", "value": []}),
            await scim.delete(path),
        ):
            assert_error(answer, 404)


async def test_73_an_unsupported_method_on_an_id_that_exists_is_405(scim: httpx.AsyncClient) -> None:
    for resource in (await create_user(scim), await create_group(scim, "G")):
        answer = await scim.post(place_of(resource), json={})
        assert_error(answer, 405)
        assert answer.headers["allow"] == "DELETE, GET, PATCH, PUT"


async def test_73_a_store_that_takes_no_writes_is_503_with_retry_after(
    scim: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(self: Writer, write: Any) -> Any:
        raise StoreError("the disk is full")

    with caplog.at_level(logging.CRITICAL), monkeypatch.context() as patched:
        patched.setattr(Writer, "write", full)
        answer = await scim.post("/Users", json=user_body())
    assert_error(answer, 503, None, "again")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (user_body(emails=[{"value": 7}]), ["emails", "value"]),
        (user_body(active="perhaps"), ["active"]),
        (user_body(name=[]), ["name"]),
        ({"schemas": [USER]}, ["userName"]),
        (user_body("a\0b"), ["userName", "U+0000"]),
        (user_body(emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]), ["emails", "primary"]),
    ],
)
async def test_74_the_detail_names_the_attribute(scim: httpx.AsyncClient, body: Any, says: list[str]) -> None:
    answer = await scim.post("/Users", json=body)
    detail = assert_error(answer, 400, answer.json()["scimType"])
    assert all(part in detail for part in says), detail


async def test_74_no_detail_holds_a_secret_or_the_inside_of_the_program(
    scim: httpx.AsyncClient, provider: Provider
) -> None:
    bodies = [{"schemas": [USER], "userName": 7, "password": "hunter2-secret"}, user_body(password=["hunter2-secret"])]
    for body in bodies:
        answer = await scim.post("/Users", json=body)
        for inside in ("hunter2-secret", provider.token, "Traceback", "pydantic", "core.scim", "File "):
            assert inside not in answer.text
