"""Listing and searching in the simulated directory: pages of a hundred, one filter, no order."""

import pytest
from cloud_visit import EXTERNAL, JANE, JOHN, CloudVisit, people, replace

from core.sandbox.cloud import Cloud, Quirks


async def test_a_page_has_a_hundred_at_most_and_the_next_one_begins_after_it(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults(people(130)))
    first = (await client.get("/Users", params={"count": 1000})).json()
    second = (await client.get("/Users", params={"startIndex": 101, "count": 100})).json()
    assert [page["totalResults"] for page in (first, second)] == [130, 130]
    assert (len(first["Resources"]), len(second["Resources"])) == (100, 30)
    names = {user["userName"] for page in (first, second) for user in page["Resources"]}
    assert len(names) == 130


@pytest.mark.parametrize(
    "text", ['userName eq "jane@example.com"', 'USERNAME EQ "JANE@example.com"', 'externalId eq "e-1"']
)
async def test_one_equality_finds_a_user(visit: CloudVisit, text: str) -> None:
    cloud = Cloud.with_defaults([JANE, JOHN])
    client = await visit(cloud)
    await client.patch(f"/Users/{cloud.user('jane@example.com').id}", json=replace("externalId", "e-1"))
    found = (await client.get("/Users", params={"filter": text})).json()
    assert [user["userName"] for user in found["Resources"]] == ["jane@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        'userName sw "j"',
        'userName co "j"',
        "userName pr",
        'emails.value eq "jane@example.com"',
        'title eq "x"',
        "active eq true",
        'userName eq "a" or userName eq "b"',
        'userName eq "a" and externalId eq "b"',
        'not (userName eq "a")',
        'displayName eq "Jane Doe"',
        "((",
    ],
)
async def test_every_other_filter_of_users_is_refused(visit: CloudVisit, text: str) -> None:
    answer = await (await visit(Cloud.with_defaults([JANE]))).get("/Users", params={"filter": text})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


async def test_groups_are_found_by_their_name_alone(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults([JANE]))
    found = (await client.get("/Groups", params={"filter": 'displayName eq "staff"'})).json()
    assert [group["displayName"] for group in found["Resources"]] == ["Staff"]
    answer = await client.get("/Groups", params={"filter": 'externalId eq "x"'})
    assert answer.status_code == 400


async def test_sorting_is_not_done(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults(people(20)))
    orders = [
        [user["userName"] for user in (await client.get("/Users", params=query)).json()["Resources"]]
        for query in ({}, {"sortBy": "userName"}, {"sortBy": "userName", "sortOrder": "descending"})
    ]
    assert orders[0] == orders[1] == orders[2]


async def test_a_user_tells_its_groups_its_account_and_its_type_in_capitals(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults([JANE, JOHN]))
    listed = (await client.get("/Users")).json()["Resources"]
    jane, john = sorted(listed, key=lambda user: str(user["userName"]))
    assert [group["display"] for group in jane["groups"]] == ["Staff"]
    assert john["groups"] == []
    assert jane["meta"]["resourceType"] == "USER"
    assert jane[EXTERNAL]["atlassianAccountId"] != john[EXTERNAL]["atlassianAccountId"]
    group = (await client.get("/Groups")).json()["Resources"][0]
    assert (group["meta"]["resourceType"], [member["value"] for member in group["members"]]) == ("GROUP", [jane["id"]])


async def test_a_user_may_also_tell_nothing_of_its_groups(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults([JANE], quirks=Quirks(user_groups="omitted", upper_case_types=False)))
    (jane,) = (await client.get("/Users")).json()["Resources"]
    assert "groups" not in jane
    assert jane["meta"]["resourceType"] == "User"


async def test_attributes_can_be_left_out(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults([JANE]))
    (jane,) = (await client.get("/Users", params={"attributes": "userName"})).json()["Resources"]
    assert jane.keys() == {"schemas", "id", "userName"}
