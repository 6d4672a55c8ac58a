"""Groups and memberships of the simulated Crowd, groups inside groups, and what is missing where."""

from typing import Any

import pytest
from crowd_visit import JANE, JOHN, CrowdVisit, names, refused

from core.sandbox.crowd import Crowd, Effect, Quirks, Settings

OPS = {"name": "Ops", "type": "GROUP", "description": "Operations", "active": True}


def nested() -> Crowd:
    """Staff, with Jane, inside Company, with John."""
    crowd = Crowd([JANE, JOHN])
    crowd.add_member("Company", "john")
    crowd.add_group("Staff", inside="Company")
    return crowd


async def test_a_group_is_created_described_and_deleted_but_never_renamed(visit: CrowdVisit) -> None:
    crowd = Crowd()
    client = await visit(crowd)
    assert (await client.post("/group", json=OPS)).status_code == 201
    assert refused(await client.post("/group", json=OPS | {"name": "OPS"})) == (400, "INVALID_GROUP")
    group = (await client.get("/group?groupname=ops")).json()
    assert (group["name"], group["description"], group["type"]) == ("Ops", "Operations", "GROUP")
    assert (await client.put("/group?groupname=ops", json=OPS | {"description": "x"})).json()["description"] == "x"
    assert refused(await client.put("/group?groupname=ops", json=OPS | {"name": "Dev"})) == (400, "INVALID_GROUP")
    assert refused(await client.put("/group?groupname=ops", json={"name": "Ops"})) == (400, "INVALID_GROUP")
    assert (await client.delete("/group?groupname=ops")).status_code == 204
    assert refused(await client.delete("/group?groupname=ops")) == (404, "GROUP_NOT_FOUND")
    assert crowd.effects == [Effect("create-group", "Ops"), Effect("delete-group", "Ops")]


@pytest.mark.parametrize("name", ["", " ", " Ops", "o" * 256])
async def test_a_name_that_crowd_does_not_accept_is_refused(visit: CrowdVisit, name: str) -> None:
    assert refused(await (await visit(Crowd())).post("/group", json=OPS | {"name": name})) == (400, "INVALID_GROUP")


async def test_a_membership_is_added_from_either_side_and_a_repeat_is_refused(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE, JOHN])
    client = await visit(crowd)
    assert (await client.post("/group/user/direct?groupname=staff", json={"name": "john"})).status_code == 201
    await client.post("/group", json=OPS)
    assert (await client.post("/user/group/direct?username=john", json={"name": "ops"})).status_code == 201
    assert names(await client.get("/group/user/direct?groupname=Staff")) == ["Jane", "john"]
    assert names(await client.get("/user/group/direct?username=john"), "groups") == ["Ops", "Staff"]
    again = await client.post("/group/user/direct?groupname=staff", json={"name": "john"})
    assert refused(again) == (409, "MEMBERSHIP_ALREADY_EXISTS")
    assert [effect.kind for effect in crowd.effects] == ["add-member", "create-group", "add-member"]


async def test_the_status_of_a_repeat_is_uncertain_its_reason_is_not(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE], quirks=Quirks(membership_exists_status=400)))
    again = await client.post("/group/user/direct?groupname=staff", json={"name": "jane"})
    assert refused(again) == (400, "MEMBERSHIP_ALREADY_EXISTS")


async def test_a_membership_ends_once(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE]))
    path = "/group/user/direct?groupname=staff&username=jane"
    assert (await client.get(path)).json()["name"] == "Jane"
    assert (await client.delete(path)).status_code == 204
    assert refused(await client.delete(path)) == (404, "MEMBERSHIP_NOT_FOUND")
    assert refused(await client.get(path)) == (404, "MEMBERSHIP_NOT_FOUND")


async def test_what_is_missing_in_the_address_is_404_and_in_the_body_400(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE]))
    ghost = {"name": "ghost"}
    members, groups = "/group/user/direct?groupname=", "/user/group/direct?username="
    assert refused(await client.post(f"{members}ghosts", json=ghost)) == (404, "GROUP_NOT_FOUND")
    assert refused(await client.post(f"{members}staff", json=ghost)) == (400, "USER_NOT_FOUND")
    assert refused(await client.post(f"{groups}ghost", json={"name": "staff"})) == (404, "USER_NOT_FOUND")
    assert refused(await client.post(f"{groups}jane", json=ghost)) == (400, "GROUP_NOT_FOUND")
    assert refused(await client.delete(f"{members}staff&username=ghost")) == (404, "USER_NOT_FOUND")
    assert refused(await client.get(f"{members}ghosts")) == (404, "GROUP_NOT_FOUND")


@pytest.mark.parametrize(("quirk", "status"), [("404", 404), ("empty", 200)])
async def test_the_groups_of_nobody_are_an_error_or_none(visit: CrowdVisit, quirk: Any, status: int) -> None:
    client = await visit(Crowd(quirks=Quirks(groups_of_nobody=quirk)))
    assert (await client.get("/user/group/direct?username=ghost")).status_code == status


async def test_groups_inside_groups_are_followed_only_where_asked(visit: CrowdVisit) -> None:
    client = await visit(nested())
    assert names(await client.get("/group/user/direct?groupname=Company")) == ["john"]
    assert names(await client.get("/group/user/nested?groupname=Company")) == ["Jane", "john"]
    assert names(await client.get("/user/group/direct?username=jane"), "groups") == ["Staff"]
    assert names(await client.get("/user/group/nested?username=jane"), "groups") == ["Company", "Staff"]
    assert names(await client.get("/group/child-group/direct?groupname=Company"), "groups") == ["Staff"]
    assert names(await client.get("/group/parent-group/nested?groupname=Staff"), "groups") == ["Company"]


async def test_groups_are_nested_and_taken_out_again_but_never_in_a_circle(visit: CrowdVisit) -> None:
    client = await visit(nested())
    circle = await client.post("/group/child-group/direct?groupname=Staff", json={"name": "Company"})
    assert refused(circle) == (400, "ILLEGAL_ARGUMENT")
    path = "/group/child-group/direct?groupname=Company"
    assert refused(await client.post(path, json={"name": "staff"})) == (409, "MEMBERSHIP_ALREADY_EXISTS")
    assert refused(await client.post(path, json={"name": "ghosts"})) == (400, "GROUP_NOT_FOUND")
    assert (await client.get(f"{path}&child-groupname=staff")).status_code == 200
    assert (await client.delete(f"{path}&child-groupname=Staff")).status_code == 204
    assert refused(await client.delete(f"{path}&child-groupname=Staff")) == (404, "MEMBERSHIP_NOT_FOUND")
    assert refused(await client.get(f"{path}&child-groupname=staff")) == (404, "MEMBERSHIP_NOT_FOUND")


async def test_a_directory_without_nested_groups_says_so(visit: CrowdVisit) -> None:
    crowd = Crowd(settings=Settings(nested_groups=False))
    crowd.add_group("A")
    crowd.add_group("B")
    answer = await (await visit(crowd)).post("/group/child-group/direct?groupname=A", json={"name": "B"})
    assert refused(answer) == (400, "NESTED_GROUPS_NOT_SUPPORTED")


async def test_all_memberships_at_once_come_in_xml_only(visit: CrowdVisit) -> None:
    answer = await (await visit(nested())).get("/group/membership")
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert (
        '<membership group="Company"><users><user name="john"/></users><groups><group name="Staff"/></groups>'
        "</membership>" in answer.text
    )
