"""Requests that are wrong, odd or hostile: each is answered with a SCIM error that says what to do, and never 500."""

import json
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from scim_calls import GROUP, PATCH, USER, assert_readable, change, new_group, new_user
from sqlalchemy import select

from core.scim.filter_limits import MAX_FILTER
from core.scim.listener import Listener, Served
from core.scim.service import LAST_INDEX, MAX_BODY
from core.store import Store, exchanges, tokens
from core.store.tables import Exchange

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PREFIX = f'{{"schemas":["{USER}"],"userName":'.encode()


def assert_error(answer: httpx.Response, status: int, says: str = "", scim_type: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/scim+json")
    document = answer.json()
    assert document["schemas"] == [ERROR]
    assert document["status"] == str(status)
    assert document.get("scimType") == scim_type
    assert says in document["detail"]
    assert len(document["detail"]) >= 10


async def post(entra: httpx.AsyncClient, body: bytes, path: str = "/Users", **headers: str) -> httpx.Response:
    return await entra.post(path, content=body, headers={"Content-Type": "application/scim+json"} | headers)


async def get_raw(listener: Listener, token: str, query: bytes) -> httpx.Response:
    """Ask for users with a query that no client library would send."""
    got: list[Any] = []

    async def send(message: Any) -> None:
        got.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/scim/entra/v2/Users",
        "query_string": query,
        "headers": [(b"authorization", f"Bearer {token}".encode())],
        "client": ("127.0.0.1", 1),
    }
    await listener(scope, receive, send)
    return httpx.Response(got[0]["status"], headers=got[0]["headers"], content=got[1]["body"])


class TestMethods:
    @pytest.mark.parametrize("method", ["OPTIONS", "PROPFIND", "TRACE", "BREW", "DELETE", "PUT", "PATCH"])
    async def test_a_method_that_a_place_does_not_serve_is_405_with_those_it_does(
        self, entra: httpx.AsyncClient, method: str
    ) -> None:
        answer = await entra.request(method, "/Users")
        assert_error(answer, 405, f"{method} is not served at /Users: use GET, POST")
        assert answer.headers["allow"] == "GET, POST"

    async def test_head_is_405_as_well(self, entra: httpx.AsyncClient) -> None:
        answer = await entra.head("/Users")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")

    async def test_a_method_in_lower_case_is_meant_as_such(self, entra: httpx.AsyncClient) -> None:
        assert (await entra.request("get", "/Users")).status_code == 200
        body = PREFIX + b'"ada"}'
        assert (await entra.request("post", "/Users", content=body)).status_code == 201


class TestBodies:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    @pytest.mark.parametrize("body", [b"", b"x", b"{", b"null", b"5", b'"a"', b"[]", b"\xff\xfe", b"\x1f\x8b\x08"])
    async def test_what_is_no_json_object_is_400(self, entra: httpx.AsyncClient, method: str, body: bytes) -> None:
        user = await new_user(entra)
        path = "/Users" if method == "POST" else f"/Users/{user['id']}"
        answer = await entra.request(method, path, content=body, headers={"Content-Type": "application/json"})
        assert_error(answer, 400, scim_type="invalidSyntax")

    async def test_invalid_utf_8_is_400(self, entra: httpx.AsyncClient) -> None:
        assert_error(await post(entra, PREFIX + b'"\xff"}'), 400, "UTF-8", "invalidSyntax")

    async def test_half_of_a_surrogate_pair_is_400(self, entra: httpx.AsyncClient) -> None:
        assert_error(await post(entra, PREFIX + rb'"\ud800"}'), 400, "not JSON", "invalidSyntax")

    @pytest.mark.parametrize("type_", ["text/xml", "application/x-www-form-urlencoded", "text/plain", "x"])
    async def test_another_content_type_than_json_is_415(self, entra: httpx.AsyncClient, type_: str) -> None:
        answer = await post(entra, PREFIX + b'"ada"}', **{"Content-Type": type_})
        assert_error(answer, 415, "send it as application/scim+json or application/json")

    @pytest.mark.parametrize("type_", ["application/json", "application/scim+json; charset=utf-8", ""])
    async def test_json_by_any_of_its_names_is_taken(self, entra: httpx.AsyncClient, type_: str) -> None:
        assert (await post(entra, PREFIX + b'"ada"}', **{"Content-Type": type_})).status_code == 201

    async def test_a_compressed_body_is_415(self, entra: httpx.AsyncClient) -> None:
        answer = await post(entra, b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"})
        assert_error(answer, 415, "'gzip': send it as plain JSON")

    @pytest.mark.parametrize("depth", [70, 300, 1_100, 100_000])
    @pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"name":', b"}")])
    async def test_deep_json_is_400(self, entra: httpx.AsyncClient, depth: int, opening: bytes, closing: bytes) -> None:
        user = await new_user(entra)
        deep = opening * depth + b"1" + closing * depth
        for answer in (
            await post(entra, b'{"name":' + deep + b"}"),
            await post(entra, PREFIX + b'"ben","x":' + deep + b"}"),
            await entra.patch(f"/Users/{user['id']}", content=b'{"Operations":' + deep + b"}"),
        ):
            assert_error(answer, 400, scim_type="invalidSyntax")

    @pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
    async def test_a_body_over_the_limit_is_413_and_ends_the_connection(
        self, entra: httpx.AsyncClient, size: int
    ) -> None:
        answer = await post(entra, b" " * size)
        assert_error(answer, 413, f"larger than {MAX_BODY} bytes: send fewer members")
        assert answer.headers["connection"] == "close"

    async def test_a_body_at_the_limit_is_read(self, entra: httpx.AsyncClient) -> None:
        body = PREFIX + b'"ada"}'
        assert (await post(entra, body + b" " * (MAX_BODY - len(body)))).status_code == 201

    @pytest.mark.parametrize(
        ("name", "says"),
        [("a\0b", "U+0000"), ("a\nb", "U+000A"), ("\x1b[31m", "U+001B"), ("", "empty"), (" ", "empty")],
    )
    async def test_a_name_with_control_characters_or_without_any_is_400(
        self, entra: httpx.AsyncClient, name: str, says: str
    ) -> None:
        user, group = await new_user(entra), await new_group(entra)
        rename = {"op": "replace", "path": "userName", "value": name}
        for answer in (
            await entra.post("/Users", json={"schemas": [USER], "userName": name}),
            await entra.put(f"/Users/{user['id']}", json={"schemas": [USER], "userName": name}),
            await change(entra, f"/Users/{user['id']}", rename),
        ):
            assert_error(answer, 400, "userName", "invalidValue")
        for answer in (
            await entra.post("/Groups", json={"schemas": [GROUP], "displayName": name}),
            await change(entra, f"/Groups/{group['id']}", {"op": "replace", "value": {"displayName": name}}),
        ):
            assert_error(answer, 400, "displayName", "invalidValue")
        assert says in answer.json()["detail"] or "required" in answer.json()["detail"]


class TestQueries:
    @pytest.mark.parametrize("query", [b"filter=userName+eq+%22%ff%22", b"filter=%ED%A0%80", b"count=1&x=\xff"])
    async def test_a_query_that_is_not_utf_8_is_400(self, listener: Listener, token: str, query: bytes) -> None:
        assert_error(await get_raw(listener, token, query), 400, "not UTF-8", "invalidValue")

    async def test_utf_8_is_taken_percent_encoded_or_not(
        self, entra: httpx.AsyncClient, listener: Listener, token: str
    ) -> None:
        zoe = await new_user(entra, "zoë")
        for name in (b"zo%C3%AB", "zoë".encode()):
            found = (await get_raw(listener, token, b'filter=userName+eq+"' + name + b'"')).json()
            assert [resource["id"] for resource in found["Resources"]] == [zoe["id"]]

    @pytest.mark.parametrize(
        "text",
        [r'userName eq "\ud800"', r'id eq "\u0000"', r'externalId eq "\u0000"', r'emails.value eq "\udfff"'],
    )
    async def test_a_filter_for_what_cannot_be_stored_finds_nothing(self, entra: httpx.AsyncClient, text: str) -> None:
        await new_user(entra)
        found = await entra.get("/Users", params={"filter": text})
        assert (found.status_code, found.json()["totalResults"]) == (200, 0)

    @pytest.mark.parametrize("text", ["", "(", "userName", "nope eq 1", "active gt true", "(" * 3_000, 'userName eq "'])
    async def test_a_wrong_filter_is_400_and_never_everything(self, entra: httpx.AsyncClient, text: str) -> None:
        assert_error(await entra.get("/Users", params={"filter": text}), 400, scim_type="invalidFilter")
        assert_error(await entra.post("/Users/.search", json={"filter": text}), 400, scim_type="invalidFilter")

    async def test_a_filter_that_is_too_long_is_400(self, entra: httpx.AsyncClient) -> None:
        text = f'userName eq "{"a" * MAX_FILTER}"'
        for answer in (
            await entra.get("/Users", params={"filter": text}),
            await entra.post("/.search", json={"Filter": text}),
        ):
            assert_error(answer, 400, "ask in parts", "invalidFilter")

    @pytest.mark.parametrize("query", ["count=abc", "startIndex=1.5", "count=1e3"])
    async def test_a_number_that_is_none_is_400(self, entra: httpx.AsyncClient, query: str) -> None:
        assert_error(await entra.get(f"/Users?{query}"), 400, query.split("=")[0], "invalidValue")

    @pytest.mark.parametrize("index", [2, LAST_INDEX, 1 << 62, 1 << 63, 1 << 100, 10**400])
    async def test_a_page_beyond_the_end_is_empty_however_far(self, entra: httpx.AsyncClient, index: int) -> None:
        await new_user(entra)
        for query in (f"startIndex={index}&count=1", f"startIndex={index}&filter=userName pr", f"startIndex={index}"):
            page = (await entra.get(f"/Users?{query}")).json()
            assert (page["totalResults"], page["itemsPerPage"]) == (1, 0)
            assert page["startIndex"] == min(index, LAST_INDEX)

    @pytest.mark.parametrize("query", ["startIndex=0", "startIndex=-5", f"startIndex=-{1 << 70}"])
    async def test_a_page_before_the_beginning_is_the_first(self, entra: httpx.AsyncClient, query: str) -> None:
        await new_user(entra)
        page = (await entra.get(f"/Users?{query}")).json()
        assert (page["startIndex"], page["itemsPerPage"]) == (1, 1)


class TestPlaces:
    async def test_slashes_too_many_and_a_tenant_flag_change_nothing(self, entra: httpx.AsyncClient) -> None:
        user = await new_user(entra)
        for place in (b"/scim/entra/v2//Users/", b"//scim/entra/v2/Users", b"/scim/entra/v2/Users?aadOptscim062020"):
            found = (await entra.get(entra.base_url.copy_with(raw_path=place))).json()
            assert [resource["id"] for resource in found["Resources"]] == [user["id"]]

    @pytest.mark.parametrize("path", ["/Users/a%2Fb", "/Users/%00", "/Users/%ff", "/Users/%2e%2e", "/Users/%E2%82%AC"])
    async def test_an_id_that_cannot_be_is_404(self, entra: httpx.AsyncClient, path: str) -> None:
        url = entra.base_url.copy_with(raw_path=b"/scim/entra/v2" + path.encode())
        for method in ("GET", "DELETE"):
            assert_error(await entra.request(method, url), 404)

    @pytest.mark.parametrize("path", ["/Nope", "/Users/1/2", "/Schemas/x", "/ResourceTypes/x", "/Users/.search/x"])
    async def test_a_place_that_is_not_there_is_404(self, entra: httpx.AsyncClient, path: str) -> None:
        assert_error(await entra.get(path), 404)

    @pytest.mark.parametrize("path", ["/scim/nobody/v2/Users", "/scim/entra/Users", "/scim/entra", "/scim"])
    async def test_an_unknown_provider_or_a_base_url_without_version_is_404_with_the_remedy(
        self, entra: httpx.AsyncClient, path: str
    ) -> None:
        assert_error(await entra.get(f"http://test{path}"), 404, "compare the base URL with `manciple status`")

    async def test_another_version_is_400_with_the_remedy(self, entra: httpx.AsyncClient) -> None:
        answer = await entra.get("http://test/scim/entra/v1/Users")
        assert_error(answer, 400, "end the base URL in /v2", "invalidVers")

    async def test_what_this_service_does_not_do_is_501(self, entra: httpx.AsyncClient) -> None:
        assert_error(await entra.get("/Me"), 501, "use /Users/<id>")


@pytest.mark.parametrize("operation", [
    {"op": "replace", "path": "emails[" * 500, "value": 1},
    {"op": "replace", "path": 'emails[type eq "\ud800"].value', "value": "x"},
    {"op": "replace", "path": "userName[", "value": "x"},
    {"op": "replace", "path": 7, "value": "x"},
    {"op": "burn", "path": "title"},
    {"op": "remove"},
    {"op": "remove", "path": "userName"},
    {"op": "add", "path": "members", "value": "x"},
    {"op": "replace", "path": "active", "value": "perhaps"},
    {"op": "replace", "path": "emails", "value": [[[]]]},
    {"op": "replace", "path": "id", "value": "x"},
    {"op": "replace", "value": "x"},
    "x",
])  # fmt: skip
async def test_an_operation_that_cannot_be_is_400_or_changes_nothing(entra: httpx.AsyncClient, operation: Any) -> None:
    user = await new_user(entra)
    place = f"/Users/{user['id']}"
    body = json.dumps({"schemas": [PATCH], "Operations": [operation]}).encode()  # orjson takes no half surrogates
    answer = await entra.patch(place, content=body)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert_readable(answer)
    assert (await entra.get(place)).json() == user


async def test_every_refusal_is_in_the_log(entra: httpx.AsyncClient, store: Store) -> None:
    await post(entra, b" " * (MAX_BODY + 1))
    await post(entra, b"{}", **{"Content-Encoding": "gzip"})
    await entra.request("BREW", "/Users")
    await entra.get("/Users/%00")
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        logged = connection.execute(select(Exchange.status).order_by(Exchange.id)).scalars().all()
    assert logged == [413, 415, 405, 404]


async def test_a_password_in_a_body_that_is_no_json_is_not_kept_even_where_bodies_are(store: Store) -> None:
    token = store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))
    allow = [ip_network("127.0.0.0/8")]
    listener = Listener(store, [Served("entra")], "https://scim.example.com", "full", allow=allow)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
        answer = await client.post(
            "/scim/entra/v2/Users",
            content=b'{"userName":"ada","password":"hunter2","x":NaN}',
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"},
        )
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        logged = exchanges.opened(connection, exchanges.newest(connection))
    assert logged is not None
    assert logged.request_body == b"[47 bytes, not JSON: not kept]"
