"""Reference C.1: media types, addresses and authentication (RFC 7644 §2, §3.8, §3.13, §8.1)."""

import json

import httpx
import pytest
from protocol import assert_error, assert_list, create_group, create_user, place_of, read, user_body
from providers import Provider


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/scim+json", "application/scim+json"),
        ("*/*", "application/scim+json"),
        ("", "application/scim+json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/scim+json, application/json;q=0.9", "application/scim+json"),
        ("application/json, text/plain, */*", "application/scim+json"),
    ],
)
async def test_01_the_answer_has_the_media_type_that_is_accepted(
    scim: httpx.AsyncClient, accept: str, given: str
) -> None:
    for answer in (
        await scim.get("/Users", headers={"Accept": accept}),
        await scim.get("/Users/nobody", headers={"Accept": accept}),
        await scim.post("/Users", json=user_body(), headers={"Accept": accept}),
    ):
        assert answer.headers["content-type"].split(";")[0] == given


async def test_01_bodies_are_utf_8_in_both_directions(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, "zoë@example.com", displayName="Zoë 李 🜁")
    answer = await scim.get(place_of(user))
    assert json.loads(answer.content.decode("utf-8"))["displayName"] == "Zoë 李 🜁"


@pytest.mark.parametrize("content_type", [
    "application/scim+json",
    "application/json",
    "application/scim+json; charset=utf-8",
    "application/json;charset=UTF-8",
    "",
])  # fmt: skip
async def test_02_a_json_body_is_taken_under_any_of_its_types_or_none(
    scim: httpx.AsyncClient, content_type: str
) -> None:
    body = json.dumps(user_body()).encode()
    answer = await scim.post("/Users", content=body, headers={"Content-Type": content_type} if content_type else {})
    assert answer.status_code == 201


@pytest.mark.parametrize("version", ["v1", "v3", "v9", "V9", "v2.1"])
async def test_03_an_unknown_version_is_400_invalid_vers(
    scim: httpx.AsyncClient, provider: Provider, version: str
) -> None:
    answer = await scim.get(f"http://test/scim/{provider.name}/{version}/Users")
    assert_error(answer, 400, "invalidVers", "/v2")


async def test_03_the_base_url_holds_the_version(scim: httpx.AsyncClient, provider: Provider) -> None:
    assert_list(await scim.get(f"http://test/scim/{provider.name}/v2/Users"))


@pytest.mark.parametrize("path", ["/Users", "/Users/", "//Users", "/users", "/USERS//", "/uSeRs"])
async def test_04_slashes_and_case_of_resource_names_route_the_same(scim: httpx.AsyncClient, path: str) -> None:
    user = await create_user(scim)
    url = scim.base_url.copy_with(raw_path=scim.base_url.raw_path.rstrip(b"/") + path.encode())
    assert [each["id"] for each in assert_list(await scim.get(url))["Resources"]] == [user["id"]]
    one = url.copy_with(raw_path=url.raw_path.rstrip(b"/") + b"/" + user["id"].encode() + b"/")
    assert (await scim.get(one)).json() == user


async def test_04_every_place_of_the_standard_is_found_in_any_case(scim: httpx.AsyncClient) -> None:
    group = await create_group(scim, "G")
    assert (await read(scim, f"/GROUPS/{group['id']}"))["id"] == group["id"]
    for path in ("/serviceproviderconfig", "/RESOURCETYPES", "/resourcetypes/user", "/schemas"):
        assert (await scim.get(path)).status_code == 200
    assert (await scim.post("/groups/.SEARCH", json={})).status_code == 200
    assert (await scim.get("/me")).status_code == 501


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "Digest x"])
async def test_05_without_a_valid_token_it_is_401_with_a_challenge_and_an_error_body(
    provider: Provider, header: str | None
) -> None:
    async with provider.client() as client:
        del client.headers["Authorization"]
        answer = await client.get("/Users", headers={} if header is None else {"Authorization": header})
    assert_error(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="')


async def test_05_a_known_token_without_the_right_is_403(provider: Provider, other: Provider) -> None:
    async with provider.client(other.token) as client:
        assert_error(await client.get("/Users"), 403, None, "another provider")


async def test_06_a_token_in_the_query_opens_nothing(provider: Provider) -> None:
    async with provider.client("wrong") as client:
        for name in ("access_token", "token"):
            assert_error(await client.get("/Users", params={name: provider.token}), 401)


async def test_07_what_the_service_can_do_is_readable_without_a_token_and_holds_no_data(provider: Provider) -> None:
    async with provider.client() as client:
        del client.headers["Authorization"]
        document = await read(client, "/ServiceProviderConfig")
        assert document["authenticationSchemes"][0]["type"] == "oauthbearertoken"
        for path in ("/Users", "/Groups", "/Me"):
            assert_error(await client.get(path), 401)
