"""Groups of the simulated directory: names that are not to be had, members by PATCH, and limits."""

from typing import Any, Literal

import pytest
from cloud_visit import JANE, JOHN, CloudVisit, add_members, new_group, patch, replace

from core.sandbox.cloud import Cloud, Effect, Quirks, Settings


async def test_a_group_is_created_once_with_its_members(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    answer = await client.post("/Groups", json=new_group("Ops", cloud.user(JANE.username).id))
    assert (answer.status_code, answer.json()["displayName"]) == (201, "Ops")
    assert (await client.post("/Groups", json=new_group("OPS"))).status_code == 409
    assert cloud.effects == [Effect("create-group", "Ops"), Effect("add-member", JANE.username, "Ops")]


async def test_a_group_of_the_organization_is_a_conflict(visit: CloudVisit) -> None:
    client = await visit(Cloud.with_defaults(settings=Settings(site_groups=frozenset({"Local"}))))
    assert (await client.post("/Groups", json=new_group("local"))).status_code == 409


@pytest.mark.parametrize("name", ["site-admins", "Confluence-Users-Acme"])
async def test_a_default_or_built_in_group_is_answered_as_created_and_never_synced(
    visit: CloudVisit, name: str
) -> None:
    cloud = Cloud.with_defaults()
    assert (await (await visit(cloud)).post("/Groups", json=new_group(name))).status_code == 201
    assert cloud.unsynced_groups == {name}


async def test_a_group_keeps_its_name(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults()
    client = await visit(cloud)
    ident = cloud.add_group("Staff")
    answer = await client.patch(f"/Groups/{ident}", json=replace("displayName", "Team"))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")
    assert (await client.put(f"/Groups/{ident}", json=new_group("Team"))).status_code == 400
    assert cloud.snapshot().groups == ("Staff",)


async def test_members_come_and_go_by_id_and_repeats_leave_no_effect(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE, JOHN])
    client = await visit(cloud)
    group, john = cloud.add_group("Ops"), cloud.user(JOHN.username).id
    leaving = patch({"op": "remove", "path": f'members[value eq "{john}"]'})
    for document in (add_members(john), add_members(john), leaving, leaving):
        assert (await client.patch(f"/Groups/{group}", json=document)).status_code == 200
    assert cloud.effects == [Effect("add-member", JOHN.username, "Ops"), Effect("remove-member", JOHN.username, "Ops")]


async def test_a_put_replaces_the_members(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE, JOHN])
    client = await visit(cloud)
    group = cloud.add_group("Ops", (JANE.username,))
    assert (
        await client.put(f"/Groups/{group}", json=new_group("Ops", cloud.user(JOHN.username).id))
    ).status_code == 200
    assert ("Ops", JOHN.username) in cloud.snapshot().memberships
    assert ("Ops", JANE.username) not in cloud.snapshot().memberships


async def test_an_unknown_member_is_404_to_a_patch_and_400_to_a_put(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    group, jane = cloud.add_group("Ops"), cloud.user(JANE.username).id
    assert (await client.patch(f"/Groups/{group}", json=add_members(jane, "nobody"))).status_code == 404
    assert (await client.put(f"/Groups/{group}", json=new_group("Ops", "nobody"))).status_code == 400
    assert cloud.effects == []


FILTER = {"op": "remove", "path": 'members[value eq "{id}"]'}
VALUE = {"op": "remove", "path": "members", "value": [{"value": "{id}"}]}


@pytest.mark.parametrize(
    ("taken", "operation", "status"),
    [
        ("both", FILTER, 200),
        ("both", VALUE, 200),
        ("filter", FILTER, 200),
        ("filter", VALUE, 400),
        ("value", FILTER, 400),
        ("value", VALUE, 200),
    ],
)
async def test_members_are_removed_in_the_form_that_is_set(
    visit: CloudVisit, taken: Literal["both", "filter", "value"], operation: dict[str, Any], status: int
) -> None:
    cloud = Cloud.with_defaults([JANE], quirks=Quirks(remove_members=taken))
    client = await visit(cloud)
    group, jane = cloud.add_group("Ops", (JANE.username,)), cloud.user(JANE.username).id
    path, value = operation["path"].replace("{id}", jane), [{"value": jane}] if "value" in operation else None
    document = patch({"op": "remove", "path": path} | ({"value": value} if value else {}))
    assert (await client.patch(f"/Groups/{group}", json=document)).status_code == status
    assert (("Ops", JANE.username) in cloud.snapshot().memberships) == (status == 400)


async def test_a_patch_may_be_held_to_so_many_members(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE, JOHN], quirks=Quirks(most_members_in_patch=1))
    client = await visit(cloud)
    group, ids = cloud.add_group("Ops"), [cloud.user(each.username).id for each in (JANE, JOHN)]
    answer = await client.patch(f"/Groups/{group}", json=add_members(*ids))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "tooMany")


async def test_groups_and_members_have_limits(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JOHN, JANE], settings=Settings(max_groups=2, max_members=1))
    client = await visit(cloud)
    group, john = cloud.add_group("Ops", (JANE.username,)), cloud.user(JOHN.username).id
    assert "limit of 2 groups" in (await client.post("/Groups", json=new_group("Third"))).text
    assert "limit of 1 members" in (await client.patch(f"/Groups/{group}", json=add_members(john))).text


async def test_a_deleted_group_leaves_its_members_and_its_name(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    (group,) = (await client.get("/Groups")).json()["Resources"]
    assert (await client.delete(f"/Groups/{group['id']}")).status_code == 204
    assert (await client.delete(f"/Groups/{group['id']}")).status_code == 404
    (jane,) = (await client.get("/Users")).json()["Resources"]
    assert jane["groups"] == []
    assert (await client.post("/Groups", json=new_group("Staff"))).status_code == 201


async def test_who_is_deleted_leaves_all_groups(visit: CloudVisit) -> None:
    cloud = Cloud.with_defaults([JANE])
    client = await visit(cloud)
    await client.delete(f"/Users/{cloud.user(JANE.username).id}")
    (group,) = (await client.get("/Groups")).json()["Resources"]
    assert "members" not in group
