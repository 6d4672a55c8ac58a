"""Several directories behind one application of the simulated Crowd, and what may be done in which."""

from dataclasses import replace
from typing import Any

import pytest
from crowd_visit import JANE, JOHN, NEW, CrowdVisit, names, refused

from core.sandbox.crowd import (
    ALL_PERMISSIONS,
    APPLICATION,
    Crowd,
    Directory,
    DirectoryMapping,
    LocalAccount,
    Permission,
    Quirks,
    Settings,
)

FIRST, SECOND = Directory(1, "First"), Directory(2, "Second")
OPS = {"name": "Ops", "type": "GROUP"}
OTHER_JANE = LocalAccount("jane", "Other Jane", "other@example.com", groups=("Second Staff",))
DENIED = (403, "APPLICATION_PERMISSION_DENIED")


def behind(*mappings: DirectoryMapping, **habits: Any) -> Settings:
    return Settings(applications=(replace(APPLICATION, directories=mappings, **habits),))


def two(**habits: Any) -> Crowd:
    """Jane in both directories."""
    crowd = Crowd(
        [JANE], directories=(FIRST, SECOND), settings=Settings(applications=(replace(APPLICATION, **habits),))
    )
    crowd.add_account(OTHER_JANE, directory=2)
    return crowd


async def test_the_first_of_two_users_of_one_name_wins_and_each_has_a_key_of_its_own(visit: CrowdVisit) -> None:
    crowd = two()
    client = await visit(crowd)
    first = (await client.get("/user?username=jane")).json()
    assert (first["display-name"], first["key"][:2]) == ("Jane Doe", "1:")
    assert names(await client.get("/user/group/direct?username=jane"), "groups") == ["Staff"]
    crowd.settings = behind(DirectoryMapping(2), DirectoryMapping(1))
    second = (await client.get("/user?username=jane")).json()
    assert (second["display-name"], second["key"][:2]) == ("Other Jane", "2:")
    assert (await client.get(f"/user?key={first['key']}")).status_code == 404


async def test_memberships_count_from_all_directories_where_they_are_aggregated(visit: CrowdVisit) -> None:
    client = await visit(two(aggregate_memberships=True))
    assert names(await client.get("/user/group/direct?username=jane"), "groups") == ["Second Staff", "Staff"]
    assert names(await client.get("/group/user/direct?groupname=Second Staff")) == ["Jane"]
    alone = await visit(two())
    assert names(await alone.get("/group/user/direct?groupname=Second Staff")) == []


async def test_users_go_to_the_first_directory_that_takes_them_and_groups_to_every_one(visit: CrowdVisit) -> None:
    crowd = Crowd(directories=(FIRST, SECOND))
    crowd.settings = behind(DirectoryMapping(1, ALL_PERMISSIONS - {Permission.ADD_USER}), DirectoryMapping(2))
    client = await visit(crowd)
    assert (await client.post("/user", json=NEW)).json()["key"].startswith("2:")
    await client.post("/group", json=OPS)
    for mapping in (DirectoryMapping(1), DirectoryMapping(2)):
        crowd.settings = behind(mapping)
        assert names(await client.get("/search?entity-type=group"), "groups") == ["Ops"]


async def test_an_application_without_any_directory_sees_nothing_and_no_error(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE], settings=behind())
    client = await visit(crowd)
    assert names(await client.get("/search?entity-type=user")) == []
    assert refused(await client.post("/user", json=NEW)) == DENIED
    off = Crowd(directories=(replace(FIRST, active=False),))
    assert names(await (await visit(off)).get("/search?entity-type=user")) == []


@pytest.mark.parametrize(
    ("permission", "method", "path", "body"),
    [
        (Permission.ADD_USER, "POST", "/user", NEW),
        (Permission.MODIFY_USER, "PUT", "/user?username=jane", {"name": "jane"}),
        (Permission.MODIFY_USER, "POST", "/user/rename?username=jane", {"new-name": "x"}),
        (Permission.MODIFY_USER, "PUT", "/user/password?username=jane", {"value": "x"}),
        (Permission.REMOVE_USER, "DELETE", "/user?username=jane", None),
        (Permission.MODIFY_USER_ATTRIBUTES, "POST", "/user/attribute?username=jane", {"attributes": []}),
        (Permission.ADD_GROUP, "POST", "/group", OPS),
        (Permission.MODIFY_GROUP, "PUT", "/group?groupname=Staff", {"name": "Staff", "type": "GROUP"}),
        (Permission.REMOVE_GROUP, "DELETE", "/group?groupname=Staff", None),
        (Permission.MODIFY_GROUP, "POST", "/group/user/direct?groupname=Staff", {"name": "john"}),
        (Permission.MODIFY_GROUP, "DELETE", "/group/user/direct?groupname=Staff&username=jane", None),
    ],
)
async def test_both_directory_and_mapping_must_allow_what_an_application_does(
    visit: CrowdVisit, permission: Permission, method: str, path: str, body: Any
) -> None:
    by_mapping = Crowd([JANE, JOHN], directories=(FIRST,))
    by_mapping.settings = behind(DirectoryMapping(1, ALL_PERMISSIONS - {permission}))
    by_directory = Crowd([JANE, JOHN])
    by_directory.allow(*(ALL_PERMISSIONS - {permission}))
    for crowd in (by_mapping, by_directory):
        assert refused(await (await visit(crowd)).request(method, path, json=body)) == DENIED
        assert crowd.effects == []
    allowed = await (await visit(Crowd([JANE, JOHN]))).request(method, path, json=body)
    assert allowed.status_code in (200, 201, 204)


@pytest.mark.parametrize(("first", "status"), [(False, 404), (True, 403)])
async def test_whether_the_permission_or_the_user_is_looked_at_first_is_uncertain(
    visit: CrowdVisit, first: bool, status: int
) -> None:
    crowd = Crowd(quirks=Quirks(permission_before_existence=first))
    crowd.allow()
    client = await visit(crowd)
    assert (await client.put("/user?username=ghost", json={"name": "ghost"})).status_code == status
    assert (await client.delete("/group?groupname=ghosts")).status_code == status


@pytest.mark.parametrize(("first", "status"), [(False, 400), (True, 403)])
async def test_whether_the_permission_or_the_name_is_looked_at_first_is_uncertain_too(
    visit: CrowdVisit, first: bool, status: int
) -> None:
    crowd = Crowd(quirks=Quirks(permission_before_values=first))
    crowd.allow()
    client = await visit(crowd)
    assert (await client.post("/user", json=NEW | {"name": ""})).status_code == status
    assert (await client.post("/group", json=OPS | {"name": ""})).status_code == status


async def test_a_read_only_directory_can_be_read_and_not_changed(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE], directories=(replace(FIRST, writable=False),))
    client = await visit(crowd)
    assert names(await client.get("/search?entity-type=user")) == ["Jane"]
    assert refused(await client.delete("/user?username=jane")) == DENIED


async def test_a_membership_is_made_where_the_user_is(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE], directories=(FIRST, SECOND))
    crowd.add_account(JOHN, directory=2)
    client = await visit(crowd)
    assert (await client.post("/group/user/direct?groupname=Staff", json={"name": "john"})).status_code == 201
    crowd.settings = behind(DirectoryMapping(2))
    assert names(await client.get("/group/user/direct?groupname=Staff")) == ["john"]
