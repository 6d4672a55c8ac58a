"""Groups, their members, and what both are granted."""

import pytest
from bitbucket_visit import API, GROUP_GRANTS, GROUPS, JANE, JOHN, USER_GRANTS, USERS, BitbucketVisit, exception, people

from core.sandbox.bitbucket import ADMIN, Bitbucket, LocalAccount, Permission, Quirks, Settings

OUT = LocalAccount("out", "Out", "out@example.com", groups=())


async def test_a_group_is_created_and_deleted_by_the_query(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket)
    answer = await client.post(GROUPS, params={"name": "Dev / Ops"})
    assert (answer.status_code, answer.json()) == (200, {"name": "Dev / Ops", "deletable": True})
    assert (await client.post(GROUPS, params={"name": "DEV / ops"})).status_code == 409
    assert (await client.delete(GROUPS, params={"name": "dev / ops"})).status_code == 200
    gone = await client.delete(GROUPS, params={"name": "dev / ops"})
    assert (gone.status_code, exception(gone)) == (404, "NoSuchGroupException")
    assert [each.kind for each in bitbucket.effects] == ["create-group", "delete-group"]


async def test_names_alone_are_listed_too(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults([JANE]))
    assert (await client.get(f"{API}/groups")).json()["values"] == ["Staff", "stash-users"]
    assert [each["name"] for each in (await client.get(GROUPS, params={"filter": "sta"})).json()["values"]] == [
        "Staff",
        "stash-users",
    ]


async def test_members_come_and_go_and_repeats_change_nothing(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE, JOHN])
    client = await visit(bitbucket)
    for _ in range(2):
        answer = await client.post(f"{GROUPS}/add-users", json={"group": "staff", "users": ["john", "JANE"]})
        assert (answer.status_code, answer.content) == (200, b"")
    members = (await client.get(f"{GROUPS}/more-members", params={"context": "Staff"})).json()["values"]
    assert [each["name"] for each in members] == ["Jane", "john"]
    assert (await client.post(f"{USERS}/add-groups", json={"user": "john", "groups": ["Staff"]})).status_code == 200
    for status in (200, 404):
        answer = await client.post(f"{USERS}/remove-group", json={"context": "john", "itemName": "Staff"})
        assert answer.status_code == status
    answer = await client.post(f"{GROUPS}/remove-user", json={"context": "Staff", "itemName": "jane"})
    assert answer.status_code == 200
    assert [(each.kind, each.subject) for each in bitbucket.effects] == [
        ("add-member", "john"),
        ("remove-member", "john"),
        ("remove-member", "Jane"),
    ]


@pytest.mark.parametrize(("is_atomic", "added"), [(True, 0), (False, 1)])
async def test_one_user_who_is_not_there_stops_an_addition_of_several(
    visit: BitbucketVisit, is_atomic: bool, added: int
) -> None:
    bitbucket = Bitbucket.with_defaults([JOHN], quirks=Quirks(bulk_is_atomic=is_atomic))
    bitbucket.add_group("Staff")
    asked = {"group": "Staff", "users": ["john", "ghost"]}
    answer = await (await visit(bitbucket)).post(f"{GROUPS}/add-users", json=asked)
    assert (answer.status_code, exception(answer)) == (404, "NoSuchUserException")
    assert len(bitbucket.effects) == added


async def test_the_groups_of_a_user_and_those_he_is_not_in(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults([JANE, JOHN]))
    ins = (await client.get(f"{USERS}/more-members", params={"context": "jane"})).json()["values"]
    outs = (await client.get(f"{USERS}/more-non-members", params={"context": "john"})).json()["values"]
    assert [each["name"] for each in ins] == ["Staff", "stash-users"]
    assert [each["name"] for each in outs] == ["Staff"]
    assert (await client.get(f"{USERS}/more-members", params={"context": "ghost"})).status_code == 404


async def test_a_full_licence_refuses_the_member_who_would_take_a_seat(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([OUT], settings=Settings(seats=1))
    bitbucket.add_group("Staff")
    client = await visit(bitbucket)
    for group, status in (("Staff", 200), ("stash-users", 403)):
        answer = await client.post(f"{USERS}/add-groups", json={"user": "out", "groups": [group]})
        assert answer.status_code == status
    assert (await client.put(USER_GRANTS, params={"name": "out", "permission": "LICENSED_USER"})).status_code == 403


async def test_grants_are_given_listed_and_taken(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE])
    client = await visit(bitbucket)
    asked = {"name": "jane", "permission": "PROJECT_CREATE"}
    for _ in range(2):
        assert (await client.put(USER_GRANTS, params=asked)).status_code == 204
    listed = (await client.get(USER_GRANTS)).json()["values"]
    assert {each["user"]["name"]: each["permission"] for each in listed} == {
        "admin": "SYS_ADMIN",
        "Jane": "PROJECT_CREATE",
    }
    for status in (204, 404):
        assert (await client.delete(USER_GRANTS, params={"name": "jane"})).status_code == status
    assert [each.kind for each in bitbucket.effects] == ["grant-permission", "revoke-permission"]


async def test_stripped_of_the_group_and_the_grant_a_user_no_longer_logs_in(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults()
    bitbucket.add_account(JANE, password="secret")
    bitbucket.grant("jane", Permission.LICENSED_USER)
    own, client = await visit(bitbucket, user="jane", password="secret"), await visit(bitbucket)
    await client.post(f"{USERS}/remove-group", json={"context": "jane", "itemName": "stash-users"})
    assert (await own.get(f"{API}/users")).status_code == 200
    await client.delete(USER_GRANTS, params={"name": "jane"})
    assert (await own.get(f"{API}/users")).status_code == 401
    shown = (await client.get(USERS, params={"filter": "jane"})).json()["values"][0]
    assert shown["active"] is True


async def test_a_group_that_is_granted_something_lets_its_members_in(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([OUT])
    bitbucket.add_group("Staff")
    bitbucket.add_member("Staff", "out")
    client = await visit(bitbucket)
    await client.put(GROUP_GRANTS, params={"name": "Staff", "permission": "LICENSED_USER"})
    assert "out" in bitbucket.snapshot().licensed
    assert {each["group"]["name"] for each in (await client.get(GROUP_GRANTS)).json()["values"]} == {
        "Staff",
        "stash-users",
    }
    await client.delete(GROUP_GRANTS, params={"name": "Staff"})
    assert "out" not in bitbucket.snapshot().licensed


async def test_nobody_lowers_oneself_or_touches_who_is_above(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults(granted={"stash-users": Permission.LICENSED_USER, "top": Permission.SYS_ADMIN})
    bitbucket.add_account(JANE, password="secret")
    bitbucket.grant("jane", Permission.ADMIN)
    client, top = await visit(bitbucket, user="jane", password="secret"), await visit(bitbucket)
    assert (await top.delete(USER_GRANTS, params={"name": ADMIN})).status_code == 409
    assert (await client.delete(USERS, params={"name": ADMIN})).status_code == 403
    assert (await client.post(f"{USERS}/add-groups", json={"user": "jane", "groups": ["top"]})).status_code == 403
    assert (await client.delete(USER_GRANTS, params={"name": ADMIN})).status_code == 401


@pytest.mark.parametrize("count", [1, 24, 25, 26, 60])
@pytest.mark.parametrize("sparse", [0, 3])
async def test_pages_lead_on_by_next_page_start_which_is_no_sum(visit: BitbucketVisit, count: int, sparse: int) -> None:
    bitbucket = Bitbucket.with_defaults(people(count - 1), quirks=Quirks(sparse_pages=sparse))
    client = await visit(bitbucket)
    names, start = [], 0
    while True:
        page = (await client.get(USERS, params={"start": start})).json()
        assert (page["start"], page["limit"], page["size"]) == (start, 25, len(page["values"]))
        names += [each["name"] for each in page["values"]]
        if page["isLastPage"]:
            assert page["nextPageStart"] is None
            break
        assert page["nextPageStart"] >= start + page["size"]
        start = page["nextPageStart"]
    assert names == sorted(["admin", *(each.username for each in people(count - 1))])


async def test_no_page_is_larger_than_the_instance_allows(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults(people(20), quirks=Quirks(largest_page=10)))
    page = (await client.get(USERS, params={"limit": 1000})).json()
    assert (page["limit"], page["size"], page["isLastPage"]) == (10, 10, False)


async def test_both_lists_of_directories(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults())
    own = (await client.get(f"{API}/admin/user-directories")).json()["values"]
    assert own == [{"name": "Bitbucket Internal Directory", "type": "Internal", "description": "", "active": True}]
    json = {"Accept": "application/json"}
    crowd = (await client.get("/rest/crowd/latest/directory", headers=json)).json()["directory"]
    assert crowd[0]["name"] == "Bitbucket Internal Directory"
    assert (await client.get("/rest/crowd/latest/directory")).headers["content-type"].startswith("application/xml")
