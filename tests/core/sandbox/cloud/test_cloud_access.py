"""Who gets into the simulated directory: API keys, their end, and where the directory is."""

from typing import Literal

import pytest
from cloud_visit import ERROR, JANE, CloudVisit, new_user

from core.sandbox.cloud import Cloud, Quirks


async def test_the_api_key_of_the_directory_lets_in(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults([JANE]))
    assert (await client.get("/Users")).json()["totalResults"] == 1


async def test_without_a_key_it_is_401_in_a_body_of_its_own(visit: CloudVisit) -> None:
    answer = await (await visit(Cloud.with_defaults(), key="")).get("/Users")
    assert answer.status_code == 401
    assert answer.json().keys() == {"error", "traceId"}


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_and_an_expired_and_a_revoked_key_are_refused(
    visit: CloudVisit, status: Literal[401, 403]
) -> None:
    now = [1000.0]
    cloud = Cloud.with_defaults(quirks=Quirks(bad_key=status), clock=lambda: now[0])
    ending, revoked = cloud.issue_key(expires=2000.0), cloud.issue_key()
    client = await visit(cloud, key=ending)
    assert (await client.get("/Groups")).status_code == 200
    now[0] = 2000.0
    cloud.revoke_key(revoked)
    for key in (ending, revoked, "wrong"):
        answer = await client.post("/Users", json=new_user(), headers={"Authorization": f"Bearer {key}"})
        assert (answer.status_code, answer.json().keys()) == (status, {"error", "traceId"})
    assert cloud.effects == []


async def test_the_key_of_another_directory_is_forbidden(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults()
    client = await visit(cloud, key=cloud.issue_key(directory="another"))
    assert (await client.get("/Users")).status_code == 403


@pytest.mark.parametrize("path", ["/scim/directory/another", "/wiki", "/scim/directory"])
async def test_a_directory_that_is_not_there_is_404(visit: CloudVisit, path: str) -> None:
    answer = await (await visit(Cloud.with_defaults(), path=path)).get("/Users")
    assert (answer.status_code, answer.json()["schemas"]) == (404, [ERROR])


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/Me"), ("POST", "/Bulk"), ("POST", "/Users/.search"), ("POST", "/.search")]
)
async def test_what_atlassian_does_not_offer_is_404(visit: CloudVisit, method: str, path: str) -> None:
    answer = await (await visit(Cloud.with_defaults())).request(method, path, json={})
    assert (answer.status_code, answer.json()["schemas"]) == (404, [ERROR])


async def test_the_directory_tells_what_it_can_do(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults())
    config = (await client.get("/ServiceProviderConfig")).json()
    told = {name: config[name]["supported"] for name in ("patch", "bulk", "filter", "sort", "etag")}
    assert told == {"patch": True, "bulk": False, "filter": True, "sort": False, "etag": False}
    assert config["filter"]["maxResults"] == 100
    assert (await client.get("/ResourceTypes")).json()["totalResults"] == 2
    assert (await client.get("/Schemas")).status_code == 200
    etag = (await client.get("/Users")).headers.get("etag")
    assert etag is None


async def test_every_request_is_counted_by_what_it_is_for(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    await client.get(f"/Users/{cloud.user('jane@example.com').id}")
    await client.get("/Users/nobody")
    await client.get("/Groups")
    assert cloud.requests == {("GET", "/Users/{id}"): 2, ("GET", "/Groups"): 1}
