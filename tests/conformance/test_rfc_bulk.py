"""Reference C.9: bulk requests (RFC 7644 §3.7)."""

from typing import Any

import httpx
import pytest
from protocol import (
    BULK,
    ENTERPRISE,
    ERROR,
    MESSAGES,
    PATCH_OP,
    Document,
    assert_error,
    assert_list,
    create_group,
    create_user,
    found,
    group_body,
    place_of,
    read,
    user_body,
)
from providers import Provider
from sqlalchemy import select

from core.store import Store, pending
from core.store.tables import Exchange


def operation(method: str, path: str, data: Any = None, **more: Any) -> Document:
    return {"method": method, "path": path, **({} if data is None else {"data": data}), **more}


def new_user(name: str, bulk_id: str | None = None, **more: Any) -> Document:
    return operation("POST", "/Users", user_body(name, **more), bulkId=bulk_id or name)


async def send(scim: httpx.AsyncClient, *operations: Any, **more: Any) -> httpx.Response:
    return await scim.post("/Bulk", json={"schemas": [BULK], "Operations": list(operations), **more})


async def done(scim: httpx.AsyncClient, *operations: Any, **more: Any) -> list[Document]:
    """What came of each operation of a bulk request that is answered."""
    answer = await send(scim, *operations, **more)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["schemas"] == [f"{MESSAGES}:BulkResponse"]
    results: list[Document] = document["Operations"]
    for result in results:
        assert isinstance(result["status"], str)
        assert "location" in result or (result["method"] == "POST" and result["status"] >= "400")
        assert ("response" in result) == (result["status"] >= "400")
        if "response" in result:
            assert (result["response"]["schemas"], result["response"]["status"]) == ([ERROR], result["status"])
            assert len(result["response"]["detail"]) >= 10
    return results


def statuses(results: list[Document]) -> list[str]:
    return [result["status"] for result in results]


async def test_65_each_method_is_done_and_reported_in_the_order_sent(scim: httpx.AsyncClient) -> None:
    put, patch, gone = [await create_user(scim, name) for name in ("put", "patch", "gone")]
    change = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": "Dr"}]}
    results = await done(
        scim,
        new_user("new", "b1"),
        operation("PUT", place_of(put), user_body("put2")),
        operation("PATCH", place_of(patch), change),
        operation("DELETE", place_of(gone)),
    )
    assert statuses(results) == ["201", "200", "200", "204"]
    assert [result["method"] for result in results] == ["POST", "PUT", "PATCH", "DELETE"]
    assert results[0]["bulkId"] == "b1"
    new = await read(scim, results[0]["location"].removeprefix("https://scim.example.com").split("/v2")[1])
    assert (new["userName"], results[0]["version"]) == ("new", new["meta"]["version"])
    assert (await read(scim, place_of(patch)))["title"] == "Dr"
    assert results[2]["version"] == (await read(scim, place_of(patch)))["meta"]["version"]
    assert await found(scim, "userName pr") == ["new", "patch", "put2"]


async def test_65_bulk_ids_stand_for_what_is_created_wherever_it_is_in_the_request(scim: httpx.AsyncClient) -> None:
    group = group_body("G")
    group["members"] = [{"value": "bulkId:ada"}, {"value": "bulkId:ben"}]
    manager = {ENTERPRISE: {"manager": {"value": "bulkId:ada"}}}
    results = await done(
        scim,
        operation("POST", "/Groups", group, bulkId="g"),
        new_user("ada"),
        new_user("ben", **manager),
        operation("PATCH", "/Groups/bulkId:g", {
            "schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "displayName", "value": "H"}]
        }),
    )  # fmt: skip
    assert statuses(results) == ["201", "201", "201", "204"]
    (made,) = assert_list(await scim.get("/Groups"))["Resources"]
    assert results[3]["location"] == made["meta"]["location"]
    ids = [result["location"].rsplit("/", 1)[1] for result in results[1:3]]
    assert made["displayName"] == "H"
    assert sorted(each["value"] for each in made["members"]) == sorted(ids)
    assert (await read(scim, f"/Users/{ids[1]}"))[ENTERPRISE]["manager"]["value"] == ids[0]


async def test_65_a_circular_reference_is_409_and_leaves_nothing_of_its_operation(scim: httpx.AsyncClient) -> None:
    first, second = group_body("A"), group_body("B")
    first["members"], second["members"] = [{"value": "bulkId:b"}], [{"value": "bulkId:a"}]
    results = await done(
        scim, operation("POST", "/Groups", first, bulkId="a"), operation("POST", "/Groups", second, bulkId="b")
    )
    assert "409" in statuses(results)
    assert len([each for each in results if each["status"] == "201"]) == len(await found(scim, "id pr", "/Groups"))


async def test_65_what_refers_to_a_failed_creation_fails_with_it(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "ada")
    group = group_body("G")
    group["members"] = [{"value": "bulkId:ada"}]
    results = await done(scim, operation("POST", "/Groups", group, bulkId="g"), new_user("ada"))
    assert statuses(results) == ["409", "409"]
    assert await found(scim, "id pr", "/Groups") == []


async def test_65_an_operation_that_fails_leaves_nothing_and_the_others_stand(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, "ada")
    half = group_body("half")
    half["members"] = [{"value": "nobody"}]
    rename = {"op": "replace", "path": "displayName", "value": "x"}
    results = await done(
        scim,
        operation("POST", "/Groups", half, bulkId="g"),
        operation("PATCH", place_of(user), {
            "schemas": [PATCH_OP], "Operations": [rename, {"op": "replace", "path": "id", "value": "x"}]
        }),
        new_user("ben"),
    )  # fmt: skip
    assert statuses(results) == ["400", "400", "201"]
    assert results[0]["response"]["scimType"] == "invalidValue"
    assert await found(scim, "id pr", "/Groups") == []
    assert await read(scim, place_of(user)) == user


async def test_65_fail_on_errors_stops_after_that_many(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "ada")
    taken = [new_user("ada", f"b{number}") for number in range(3)]
    assert statuses(await done(scim, *taken, new_user("ben"))) == ["409", "409", "409", "201"]
    results = await done(scim, new_user("eva"), *taken, new_user("zoe"), failOnErrors=2)
    assert statuses(results) == ["201", "409", "409"]
    assert await found(scim, "userName pr") == ["ada", "ben", "eva"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (operation("POST", "/Users", user_body("x")), "bulkId"),
        (operation("POST", "/Users", bulkId="x"), "data"),
        (operation("PUT", "/Users/1"), "data"),
        (operation("GET", "/Users/1"), "method"),
        (operation("DELETE", ""), "path"),
        (operation("POST", "/Me", user_body("x"), bulkId="x"), "path"),
        (operation("POST", "/Bulk", {}, bulkId="x"), "path"),
        (operation("POST", "/Users/.search", {}, bulkId="x"), "path"),
        (operation("POST", "/Schemas", {}, bulkId="x"), "path"),
        (operation("POST", "/Robots", {}, bulkId="x"), "path"),
        (operation("DELETE", "/Users/1", version=1), "version"),
        ({"method": ["POST"], "path": {"a": 1}, "bulkId": 7, "data": []}, "method"),
        ("x", "operation"),
        ({}, "operation"),
    ],
)
async def test_65_an_operation_that_cannot_be_fails_alone_and_says_why(
    scim: httpx.AsyncClient, sent: Any, says: str
) -> None:
    answer = await send(scim, sent, new_user("ada"))
    assert answer.status_code == 200, answer.text
    wrong, right = answer.json()["Operations"]
    assert (wrong["status"], right["status"]) == ("400", "201")
    assert says in wrong["response"]["detail"]


async def test_65_an_operation_is_answered_as_it_would_be_by_itself(scim: httpx.AsyncClient) -> None:
    group = await create_group(scim, "G", await create_user(scim))
    null = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "members", "value": None}]}
    legacy = {"schemas": [PATCH_OP], "Operations": [{"op": "Replace", "value": {"displayName": "H"}}]}
    results = await done(
        scim,
        operation("DELETE", "/Users/nobody"),
        operation("POST", "/Users/1", user_body("x"), bulkId="x"),
        operation("PUT", "/Users", user_body("x")),
        operation("PATCH", place_of(group), null),
        operation("patch", place_of(group).lower().replace(group["id"].lower(), group["id"]), legacy),
    )
    assert statuses(results) == ["404", "405", "405", "400", "204"]
    assert (await read(scim, place_of(group)))["displayName"] == "H"
    assert len((await read(scim, place_of(group)))["members"]) == 1


async def test_65_a_version_that_is_no_longer_is_412(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    results = await done(
        scim,
        operation("PUT", place_of(user), user_body(title="Dr"), version='W/"999"'),
        operation("PUT", place_of(user), user_body(title="Dr"), version=user["meta"]["version"]),
        operation("DELETE", place_of(user), version=user["meta"]["version"]),
    )
    assert statuses(results) == ["412", "200", "412"]


async def test_65_one_bulk_id_names_one_creation(scim: httpx.AsyncClient) -> None:
    assert statuses(await done(scim, new_user("a", "same"), new_user("b", "same"))) == ["201", "400"]


async def test_65_over_max_operations_is_413_with_the_limit(scim: httpx.AsyncClient) -> None:
    most = (await read(scim, "/ServiceProviderConfig"))["bulk"]["maxOperations"]
    assert_error(
        await send(scim, *[operation("DELETE", "/Users/x")] * (most + 1)), 413, None, f"maxOperations ({most})"
    )
    assert statuses(await done(scim, *[operation("DELETE", "/Users/x")] * most)) == ["404"] * most


async def test_65_over_max_payload_size_is_413_with_the_limit(scim: httpx.AsyncClient) -> None:
    most = (await read(scim, "/ServiceProviderConfig"))["bulk"]["maxPayloadSize"]
    answer = await send(scim, new_user("ada", title="x" * most))
    assert str(most) in assert_error(answer, 413, None, "maxPayloadSize")


@pytest.mark.parametrize(
    "body",
    [
        {"Operations": [new_user("ada")]},
        {"schemas": [PATCH_OP], "Operations": [new_user("ada")]},
        {"schemas": [BULK]},
        {"schemas": [BULK], "Operations": []},
        {"schemas": [BULK], "Operations": {}},
        {"schemas": [BULK], "Operations": [new_user("ada")], "failOnErrors": 0},
        {"schemas": [BULK], "Operations": [new_user("ada")], "failOnErrors": "2"},
        [],
    ],
)
async def test_65_what_is_no_bulk_request_is_400_and_nothing_is_done(scim: httpx.AsyncClient, body: Any) -> None:
    answer = await scim.post("/Bulk", json=body)
    assert_error(answer, 400, answer.json().get("scimType"))
    assert await found(scim, "userName pr") == []


async def test_65_only_post_is_served(scim: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await scim.request(method, "/Bulk")
        assert_error(answer, 405, None, "POST")
        assert answer.headers["allow"] == "POST"


async def test_65_what_succeeded_is_pending_and_what_failed_is_not(scim: httpx.AsyncClient, store: Store) -> None:
    def waiting() -> set[tuple[str, str]]:
        with store.read() as connection:
            return {(key.kind, key.id) for key in pending.claim(connection, "wiki", 1 << 60, 100_000)}

    before, user = waiting(), await create_user(scim, "ada")
    store.writer.write_now(lambda tx: None)
    results = await done(scim, new_user("ada"), new_user("ben"))
    ben = results[1]["location"].rsplit("/", 1)[1]
    assert waiting() - before == {("user", user["id"]), ("user", ben)}


async def test_65_the_log_says_how_many_were_done_and_failed(
    scim: httpx.AsyncClient, provider: Provider, store: Store
) -> None:
    await done(scim, new_user("ada"))
    await done(scim, new_user("ada"), new_user("ben"))
    with store.read() as connection:
        query = select(Exchange.outcome).where(Exchange.party == provider.name).order_by(Exchange.id)
        assert connection.execute(query).scalars().all() == ["1 done", "1 done, 1 failed"]
