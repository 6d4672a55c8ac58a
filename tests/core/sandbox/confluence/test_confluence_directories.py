"""Several user directories: which account of a name counts, where new ones land, what is refused, the listing."""

from typing import Any

import pytest
from confluence_visit import Visit, names

from core.sandbox.confluence import Confluence, Directory, Effect, LocalAccount, Quirks

INTERNAL = Directory(1, "Internal")
LDAP = Directory(2, "Company LDAP", "CONNECTOR", writable=False)
LDAP_LOCAL_GROUPS = Directory(2, "Company LDAP", "CONNECTOR", writable=False, local_groups=True)
JANE = LocalAccount("jane", "Jane Internal", "jane@internal.example")
JANE_LDAP = LocalAccount("Jane", "Jane Ldap", "jane@ldap.example", groups=("Staff",))
NEW = {"userName": "john", "fullName": "John Roe", "email": "john@example.com", "password": "secret"}


def site(*directories: Directory, quirks: Quirks | None = None) -> Confluence:
    """An instance whose administrator is in its first directory."""
    return Confluence.with_defaults(directories=directories, quirks=quirks)


async def test_the_first_directory_with_a_name_shadows_the_others(visit: Visit) -> None:
    confluence = site(INTERNAL, LDAP)
    confluence.add_account(JANE)
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    assert (await client.get("/rest/api/user?username=jane")).json()["displayName"] == "Jane Internal"
    assert names((await client.get("/rest/api/user/list")).json()["results"]) == ["admin", "jane"]
    confluence.order_directories([2, 1])
    assert (await client.get("/rest/api/user?username=jane")).json()["displayName"] == "Jane Ldap"
    assert confluence.effects == []


async def test_a_directory_that_is_switched_off_counts_for_nothing(visit: Visit) -> None:
    confluence = site(INTERNAL, Directory(2, "Old", active=False))
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    assert (await client.get("/rest/api/user?username=jane")).status_code == 404
    assert "Staff" not in names((await client.get("/rest/api/group")).json()["results"])


@pytest.mark.parametrize(
    ("quirks", "groups", "members"),
    [
        (Quirks(), ["confluence-users"], []),
        (Quirks(aggregate_memberships=True), ["confluence-users", "Staff"], ["jane"]),
    ],
)
async def test_the_memberships_of_a_shadowed_account_count_only_where_they_add_up(
    visit: Visit, quirks: Quirks, groups: list[str], members: list[str]
) -> None:
    confluence = site(INTERNAL, LDAP, quirks=quirks)
    confluence.add_account(JANE)
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    assert names((await client.get("/rest/api/user/memberof?username=jane")).json()["results"]) == groups
    assert names((await client.get("/rest/api/group/Staff/member")).json()["results"]) == members


async def test_deleting_an_account_brings_the_one_that_it_shadowed_to_light(visit: Visit) -> None:
    confluence = site(INTERNAL, LDAP, quirks=Quirks(longtask_polls=1))
    key = confluence.add_account(JANE)
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    task = (await client.delete("/rest/api/admin/user/jane")).json()
    assert (await client.get(task["links"]["status"])).json()["successful"]
    user = (await client.get(f"/rest/api/user?key={key}")).json()
    assert (user["username"], user["displayName"]) == ("Jane", "Jane Ldap")


async def test_renaming_an_account_leaves_the_one_that_it_shadowed_as_somebody_else(visit: Visit) -> None:
    confluence = site(INTERNAL, LDAP)
    key = confluence.add_account(JANE)
    confluence.add_account(JANE_LDAP, directory=2)
    confluence.rename_account("jane", "jane.roe")
    client = await visit(confluence)
    users = {user["username"]: user["userKey"] for user in (await client.get("/rest/api/user/list")).json()["results"]}
    assert users["jane.roe"] == key
    assert users["Jane"] != key
    confluence.remove_account("Jane")
    assert (await client.get(f"/rest/api/user?key={users['Jane']}")).status_code == 404


async def test_new_users_and_groups_land_in_the_first_directory_that_can_be_written(visit: Visit) -> None:
    confluence = Confluence(directories=(LDAP, Directory(3, "Delegated", "DELEGATING"), INTERNAL))
    confluence.add_account(
        LocalAccount("root", "Root", "root@example.com", groups=("confluence-administrators",)), directory=1
    )
    client = await visit(confluence, user="root")
    assert (await client.post("/rest/api/admin/user", json=NEW)).status_code == 201
    assert (await client.post("/rest/api/admin/group", json={"name": "Ops"})).status_code == 201
    confluence.order_directories([1, 2, 3])
    confluence.add_account(LocalAccount("john", "John Internal", "j@example.com", groups=()), directory=1)
    assert (await client.get("/rest/api/user?username=john")).json()["displayName"] == "John Internal"
    confluence.order_directories([3, 2, 1])
    assert (await client.get("/rest/api/user?username=john")).json()["displayName"] == "John Roe"


@pytest.mark.parametrize("status", [400, 403])
async def test_nothing_is_created_where_no_directory_can_be_written(visit: Visit, status: Any) -> None:
    confluence = site(LDAP, quirks=Quirks(read_only_directory_status=status))
    client = await visit(confluence)
    assert (await client.post("/rest/api/admin/user", json=NEW)).status_code == status
    assert (await client.post("/rest/api/admin/group", json={"name": "Ops"})).status_code == status
    assert confluence.effects == []


@pytest.mark.parametrize("status", [400, 403])
async def test_a_user_of_a_read_only_directory_cannot_be_changed(visit: Visit, status: Any) -> None:
    confluence = site(INTERNAL, LDAP, quirks=Quirks(read_only_directory_status=status))
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    changed = {"fullName": "Jane Roe", "email": "roe@example.com"}
    answers = [
        await client.put("/rest/api/admin/user/jane", json=changed),
        await client.put("/rest/api/admin/user/jane/disable"),
        await client.post("/rest/api/admin/user/jane/password", json={"password": "new"}),
        await client.put("/rest/api/user/jane/group/confluence-users"),
        await client.delete("/rest/api/user/jane/group/staff"),
        await client.delete("/rest/api/admin/group/staff"),
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert all("read-only" in answer.json()["message"] for answer in answers)
    assert confluence.effects == []


async def test_with_local_groups_only_the_memberships_of_a_read_only_directory_can_be_changed(visit: Visit) -> None:
    confluence = site(INTERNAL, LDAP_LOCAL_GROUPS)
    confluence.add_account(JANE_LDAP, directory=2)
    client = await visit(confluence)
    assert (await client.put("/rest/api/user/jane/group/confluence-users")).status_code == 204
    assert (await client.put("/rest/api/admin/user/jane/disable")).status_code == 400
    assert confluence.effects == [Effect("add-member", "Jane", "confluence-users")]


async def test_the_directories_are_xml_unless_json_is_asked_for(visit: Visit) -> None:
    client = await visit(site(INTERNAL, Directory(2, "R&D", "CROWD")))
    xml = await client.get("/rest/crowd/latest/directory")
    assert xml.headers["Content-Type"].startswith("application/xml")
    assert (
        "<directory><id>1</id><name>Internal</name><active>true</active><type>INTERNAL</type></directory>" in xml.text
    )
    assert "<name>R&amp;D</name>" in xml.text
    for path in ("latest", "1"):
        answer = await client.get(f"/rest/crowd/{path}/directory", headers={"Accept": "application/json"})
        first, second = answer.json()["directory"]
        assert first == {"id": 1, "name": "Internal", "active": True, "type": "INTERNAL"}
        assert second["synchronisation"]["syncStatus"] == "Full synchronisation completed successfully."
        assert answer.json().keys() == {"directory"}


async def test_one_directory_is_shown_by_its_id(visit: Visit) -> None:
    client = await visit(site(INTERNAL, LDAP))
    json = {"Accept": "application/json"}
    assert (await client.get("/rest/crowd/1/directory/2", headers=json)).json()["name"] == "Company LDAP"
    assert "<name>Company LDAP</name>" in (await client.get("/rest/crowd/1/directory/2")).text
    assert (await client.get("/rest/crowd/1/directory/9")).status_code == 404


async def test_directories_are_not_synchronised_on_demand(visit: Visit) -> None:
    client = await visit(site(INTERNAL, LDAP))
    assert (await client.post("/rest/crowd/1/directory/2/synchronise")).status_code == 404
