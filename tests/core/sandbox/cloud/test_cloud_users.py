"""Users of the simulated directory: created, linked, changed, deactivated, gone and back."""

from typing import Any, Literal

import pytest
from cloud_visit import ENTERPRISE, EXTERNAL, JANE, JOHN, CloudVisit, new_user, patch, replace

from core.sandbox.cloud import Cloud, Effect, Quirks, Settings

JANES = "jane@example.com"


async def test_a_user_is_created_once(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults()
    client = await visit(cloud)
    document = new_user(externalId="e-1", title="Engineer", **{ENTERPRISE: {"department": "R&D"}})
    answer = await client.post("/Users", json=document)
    assert answer.status_code == 201
    assert answer.json() | document == answer.json() | {"schemas": document["schemas"]}
    again = await client.post("/Users", json=new_user("NEW@example.com"))
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    assert cloud.effects == [Effect("create-account", "new@example.com", "New One <new@example.com>")]
    assert cloud.user("new@example.com").external_id == "e-1"


async def test_an_account_that_has_the_address_already_is_linked(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults()
    account = cloud.add_managed_account("New@example.com")
    answer = await (await visit(cloud)).post("/Users", json=new_user())
    assert answer.json()[EXTERNAL]["atlassianAccountId"] == account


@pytest.mark.parametrize(
    "emails", [None, [], [{"value": "new@example.com"}], [{"value": "new@elsewhere.org", "primary": True}]]
)
async def test_a_user_needs_a_primary_address_of_a_verified_domain(visit: CloudVisit, emails: Any) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    answers = [
        await client.post("/Users", json=new_user(emails=emails)),
        await client.put(f"/Users/{cloud.user(JANES).id}", json=new_user(JANES, emails=emails)),
        await client.patch(f"/Users/{cloud.user(JANES).id}", json=replace("emails", emails or [])),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert cloud.effects == []


async def test_a_put_clears_what_it_leaves_out(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    address = f"/Users/{cloud.user(JANES).id}"
    await client.patch(address, json=replace("title", "Engineer"))
    assert cloud.user(JANES).title == "Engineer"
    await client.put(address, json=new_user(JANES))
    assert cloud.user(JANES).title is None


async def test_a_patch_renames_and_changes_and_answers_with_the_user(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE, JOHN])
    client = await visit(cloud)
    address = f"/Users/{cloud.user(JANES).id}"
    answer = await client.patch(address, json=replace("userName", "jane.roe@example.com"))
    assert (answer.status_code, answer.json()["userName"]) == (200, "jane.roe@example.com")
    await client.patch(address, json=replace("displayName", "Jane Roe"))
    taken = await client.patch(address, json=replace("userName", "john@example.com"))
    assert taken.status_code == 409
    assert cloud.effects == [
        Effect("rename-account", JANES, "jane.roe@example.com"),
        Effect("update-account", "jane.roe@example.com", "Jane Roe <jane@example.com>"),
    ]


async def test_a_repeat_leaves_no_effect(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    for _ in range(2):
        answer = await client.patch(f"/Users/{cloud.user(JANES).id}", json=replace("active", False))
        assert answer.status_code == 200
    assert cloud.effects == [Effect("deactivate-account", JANES)]


async def test_a_deactivated_user_is_shown_and_comes_back(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    address = f"/Users/{cloud.user(JANES).id}"
    await client.patch(address, json=replace("active", False))
    assert (await client.get(address)).json()["active"] is False
    await client.patch(address, json=replace("active", True))
    assert [effect.kind for effect in cloud.effects] == ["deactivate-account", "reactivate-account"]
    assert cloud.snapshot().memberships == {("Staff", JANES)}


@pytest.mark.parametrize("by_delete", [True, False])
async def test_a_deleted_user_is_gone_and_one_who_is_deactivated_may_be(visit: CloudVisit, by_delete: bool) -> None:
    cloud = Cloud.with_defaults([JANE], quirks=Quirks(deactivated="gone"))
    client = await visit(cloud)
    address = f"/Users/{cloud.user(JANES).id}"
    if by_delete:
        assert (await client.delete(address)).status_code == 204
    else:
        await client.patch(address, json=replace("active", False))
    assert (await client.get(address)).status_code == 404
    assert (await client.patch(address, json=replace("active", True))).status_code == 404
    assert (await client.get("/Users")).json()["totalResults"] == 0
    assert Effect("deactivate-account", JANES) in cloud.effects


@pytest.mark.parametrize(
    ("habit", "status", "is_same"), [("new-id", 201, False), ("same-id", 201, True), ("conflict", 409, False)]
)
async def test_a_deleted_name_can_be_had_again_in_the_way_that_is_set(
    visit: CloudVisit, habit: Literal["new-id", "same-id", "conflict"], status: int, is_same: bool
) -> None:
    cloud = Cloud.with_defaults([JANE], quirks=Quirks(deleted_comes_back=habit))
    client = await visit(cloud)
    before = cloud.user(JANES)
    await client.delete(f"/Users/{before.id}")
    answer = await client.post("/Users", json=new_user(JANES))
    assert answer.status_code == status
    assert (answer.json().get("id") == before.id) == is_same
    if status == 201:
        assert cloud.user(JANES).atlassian_account_id == before.atlassian_account_id


async def test_a_patch_may_bring_a_deleted_user_back(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JOHN], quirks=Quirks(patch_revives=True))
    client = await visit(cloud)
    ident = cloud.user(JOHN.username).id
    await client.delete(f"/Users/{ident}")
    answer = await client.patch(f"/Users/{ident}", json=replace("active", True))
    assert answer.status_code == 200
    assert cloud.user(JOHN.username).id == ident
    assert [effect.kind for effect in cloud.effects] == ["deactivate-account", "reactivate-account"]


@pytest.mark.parametrize("status", [400, 403, 409])
async def test_a_full_directory_takes_no_more(visit: CloudVisit, status: Literal[400, 403, 409]) -> None:
    cloud = Cloud.with_defaults([JANE], settings=Settings(max_users=1), quirks=Quirks(limit_status=status))
    answer = await (await visit(cloud)).post("/Users", json=new_user())
    assert answer.status_code == status
    assert "limit of 1 users is exceeded" in answer.text


async def test_an_external_id_may_be_ignored(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults(quirks=Quirks(external_id="ignored"))
    answer = await (await visit(cloud)).post("/Users", json=new_user(externalId="e-1"))
    assert "externalId" not in answer.json()


async def test_what_atlassian_does_not_keep_is_dropped(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults()
    document = new_user(**{ENTERPRISE: {"employeeNumber": "7", "costCenter": "x"}}, shoeSize=43)
    answer = await (await visit(cloud)).post("/Users", json=document)
    assert answer.status_code == 201
    assert "employeeNumber" not in answer.text
    assert "shoeSize" not in answer.text


async def test_the_account_behind_a_user_cannot_be_chosen(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    before = cloud.user(JANES)
    operation = {"op": "replace", "value": {f"{EXTERNAL}:atlassianAccountId": "mine"}}
    await client.patch(f"/Users/{before.id}", json=patch(operation))
    assert cloud.user(JANES).atlassian_account_id == before.atlassian_account_id
