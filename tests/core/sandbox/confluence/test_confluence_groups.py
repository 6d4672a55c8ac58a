"""Groups and memberships: what is created once, changed twice without harm, and refused."""

import pytest
from confluence_visit import Visit, keys_of_errors, names

from core.sandbox.confluence import Confluence, Effect, LocalAccount, Quirks, Settings

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False, groups=("Staff",))
MEMBERSHIP = "/rest/api/user/jane/group/Staff"


def staffed(quirks: Quirks | None = None) -> Confluence:
    """An instance with the group Staff, which has one deactivated member."""
    return Confluence.with_defaults([JANE, LEFT], quirks=quirks)


async def test_groups_are_listed_in_order_without_regard_to_case(visit: Visit) -> None:
    client = await visit(staffed())
    page = (await client.get("/rest/api/group")).json()
    assert names(page["results"]) == ["confluence-administrators", "confluence-users", "Staff"]
    assert page["results"][2].keys() == {"type", "name", "_links"}


async def test_a_group_is_found_without_regard_to_case(visit: Visit) -> None:
    client = await visit(staffed())
    assert (await client.get("/rest/api/group/STAFF")).json()["name"] == "Staff"
    for path in ("ghosts", "ghosts/member", "ghosts/groupmember"):
        assert (await client.get(f"/rest/api/group/{path}")).status_code == 404


async def test_members_are_listed_deactivated_ones_too(visit: Visit) -> None:
    client = await visit(staffed())
    await client.put(MEMBERSHIP)
    page = (await client.get("/rest/api/group/Staff/member?expand=status")).json()
    assert [(user["username"], user["status"]["status"]) for user in page["results"]] == [
        ("jane", "CURRENT"),
        ("left", "DEACTIVATED"),
    ]


async def test_nested_groups_are_listed_and_their_members_are_no_members(visit: Visit) -> None:
    confluence = staffed()
    confluence.add_group("Trainees", inside="Staff")
    client = await visit(confluence)
    await client.put("/rest/api/user/jane/group/trainees")
    assert names((await client.get("/rest/api/group/Staff/groupmember")).json()["results"]) == ["Trainees"]
    assert names((await client.get("/rest/api/group/Staff/member")).json()["results"]) == ["left"]


async def test_a_group_is_created_once(visit: Visit) -> None:
    confluence = staffed()
    client = await visit(confluence)
    answer = await client.post("/rest/api/admin/group", json={"type": "group", "name": "Ops"})
    assert (answer.status_code, answer.json()["name"]) == (201, "Ops")
    again = await client.post("/rest/api/admin/group", json={"type": "group", "name": "OPS"})
    assert (again.status_code, again.json()["reason"]) == (409, "Conflict")
    assert confluence.effects == [Effect("create-group", "Ops")]


@pytest.mark.parametrize(
    ("name", "key"), [("", "group.name.required"), (" ", "group.name.required"), ("g" * 256, "group.name.length")]
)
async def test_a_group_needs_a_name_of_bounded_length(visit: Visit, name: str, key: str) -> None:
    confluence = staffed()
    answer = await (await visit(confluence)).post("/rest/api/admin/group", json={"type": "group", "name": name})
    assert (answer.status_code, keys_of_errors(answer), confluence.effects) == (400, [key], [])


async def test_the_case_of_a_group_name_is_kept_or_lost(visit: Visit) -> None:
    for quirks, stored in [(Quirks(), "Größe & Co"), (Quirks(lower_group_names=True), "größe & co")]:
        client = await visit(staffed(quirks))
        answer = await client.post("/rest/api/admin/group", json={"type": "group", "name": "Größe & Co"})
        assert answer.json()["name"] == stored


async def test_a_group_is_deleted_with_its_memberships(visit: Visit) -> None:
    confluence = staffed()
    client = await visit(confluence)
    assert (await client.delete("/rest/api/admin/group/staff")).status_code == 204
    assert (await client.delete("/rest/api/admin/group/staff")).status_code == 404
    assert confluence.effects == [Effect("delete-group", "Staff")]
    assert not any(group == "Staff" for group, _ in confluence.snapshot().memberships)


async def test_the_last_group_of_system_administrators_is_not_deleted(visit: Visit) -> None:
    confluence = staffed()
    client = await visit(confluence)
    assert (await client.delete("/rest/api/admin/group/confluence-administrators")).status_code == 400
    confluence.settings = Settings(system_administrator_groups=frozenset({"confluence-administrators", "Staff"}))
    assert (await client.delete("/rest/api/admin/group/Staff")).status_code == 204


async def test_members_are_added_and_removed_idempotently(visit: Visit) -> None:
    confluence = staffed()
    client = await visit(confluence)
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        answer = await client.request(method, MEMBERSHIP)
        assert (answer.status_code, answer.content) == (204, b"")
    assert confluence.effects == [Effect("add-member", "jane", "Staff"), Effect("remove-member", "jane", "Staff")]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("path", ["ghost/group/Staff", "jane/group/ghosts"])
async def test_a_membership_needs_both_ends(visit: Visit, method: str, path: str) -> None:
    confluence = staffed()
    answer = await (await visit(confluence)).request(method, f"/rest/api/user/{path}")
    assert (answer.status_code, confluence.effects) == (404, [])


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_cloud_form_of_adding_a_member_is_no_method_of_the_resource(visit: Visit, method: str) -> None:
    answer = await (await visit(staffed())).request(method, "/rest/api/group/Staff/member", json={"name": "jane"})
    assert answer.status_code == 405
