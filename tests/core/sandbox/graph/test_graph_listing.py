"""Lists of users and groups: what is shown, how it is paged, and which queries are taken."""

from urllib.parse import quote

import pytest
from graph_visit import EVENTUAL, Visit

from core.sandbox.graph import Graph, Group, OtherObject, Quirks


def company(users: int = 5, quirks: Quirks | None = None) -> Graph:
    graph = Graph(quirks=quirks)
    for number in range(users):
        graph.tenant.new_user(f"user{number}@contoso.example", f"User {number}", department="R&D")
    return graph


async def test_the_default_properties_hold_no_account_enabled_and_select_replaces_them() -> None:
    visit = Visit(company(1))
    (user,) = await visit.value("users")
    assert "accountEnabled" not in user
    assert user["jobTitle"] is None
    (selected,) = await visit.value("users?$select=id,accountEnabled,department")
    assert selected | {"id": ""} == {"id": "", "accountEnabled": True, "department": "R&D"}


async def test_pages_follow_each_other_by_opaque_links_and_hold_everybody_once() -> None:
    visit = Visit(company(25))
    pages = await visit.pages("users?$select=id&$top=10")
    assert [len(page["value"]) for page in pages] == [10, 10, 5]
    assert len({user["id"] for page in pages for user in page["value"]}) == 25
    assert pages[0]["@odata.nextLink"].split("$skiptoken=")[0].endswith("/users?$select=id&$top=10&")


async def test_a_link_can_be_followed_twice_and_leaves_out_who_was_deleted_meanwhile() -> None:
    graph = company(4)
    visit = Visit(graph)
    link = (await visit.document("users?$top=2"))["@odata.nextLink"]
    assert len(await visit.value(link)) == 2
    for user_id in list(graph.tenant.users)[2:]:
        graph.tenant.delete_user(user_id)
    assert await visit.value(link) == []


async def test_a_page_has_100_objects_unless_asked_and_at_most_999() -> None:
    visit = Visit(company(101))
    assert len(await visit.value("users")) == 100
    assert len(await visit.value("users?$top=999")) == 101
    refused = await visit.get("users?$top=1000")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Request_UnsupportedQuery")
    assert "Must be between 1 and 999 inclusive" in refused.json()["error"]["message"]


async def test_a_page_link_that_is_over_is_refused_by_its_own_code() -> None:
    graph = company(3)
    visit = Visit(graph)
    link = (await visit.document("users?$top=2"))["@odata.nextLink"]
    graph.expire_page_tokens()
    refused = await visit.get(link)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Directory_ExpiredPageToken")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("displayName eq 'ada o''brien'", ["Ada O'Brien"]),
        ("accountEnabled eq false", ["Bob"]),
        ("startsWith(displayName,'ada') and accountEnabled eq true", ["Ada O'Brien"]),
        ("displayName in ('Bob','Cy')", ["Bob", "Cy"]),
        ("otherMails/any(m:m eq 'cy@home.example')", ["Cy"]),
        ("otherMails/any(x: startswith(x, 'cy'))", ["Cy"]),
        ("(displayName eq 'Bob' or displayName eq 'Cy') and userType eq 'Member'", ["Bob", "Cy"]),
        ("extension_1_badge eq '7'", ["Bob"]),
    ],
)
async def test_filters_that_need_nothing_else(query: str, found: list[str]) -> None:
    graph = Graph()
    graph.tenant.new_user("ada@contoso.example", "Ada O'Brien")
    graph.tenant.new_user("bob@contoso.example", "Bob", account_enabled=False, further={"extension_1_badge": "7"})
    graph.tenant.new_user("cy@contoso.example", "Cy", other_mails=("cy@home.example",))
    users = await Visit(graph).value(f"users?$filter={quote(query)}")
    assert [user["displayName"] for user in users] == found


@pytest.mark.parametrize(
    "query",
    ["displayName ne 'Bob'", "not startsWith(displayName,'B')", "endsWith(mail,'.example')", "mail eq null"],
)
async def test_advanced_filters_need_the_header_and_the_count(query: str) -> None:
    visit = Visit(company(2))
    path = f"users?$filter={quote(query)}"
    for headers, more in (({}, ""), (EVENTUAL, ""), ({}, "&$count=true")):
        refused = await visit.get(path + more, headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Request_UnsupportedQuery")
    assert (await visit.get(f"{path}&$count=true", EVENTUAL)).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["$filter=displayName", "$filter=displayName eq 'x", "$filter=nothing eq 'x'", "$select=nothing", "$skip=5",
     "$filter=contains(displayName,'x')", "$expand=everything", "$filter=displayName eq 'a' displayName"],
)  # fmt: skip
async def test_what_is_no_query_is_refused(query: str) -> None:
    assert (await Visit(company(1)).get(f"users?{query}")).status_code == 400


async def test_what_lies_outside_the_directory_answers_501_in_a_collection() -> None:
    graph = company(1)
    (user_id,) = graph.tenant.users
    assert (await Visit(graph).get("users?$select=id,skills")).status_code == 501
    assert (await Visit(graph).get(f"users/{user_id}?$select=id,skills")).status_code == 200


async def test_the_count_is_told_on_the_first_page_to_who_sends_the_header_and_is_passed_over_otherwise() -> None:
    visit = Visit(company(3))
    pages = await visit.pages("users?$count=true&$top=2", EVENTUAL)
    assert [page.get("@odata.count") for page in pages] == [3, None]
    assert "@odata.count" not in await visit.document("users?$count=true")
    assert (await visit.get("users/$count", EVENTUAL)).text == "3"
    assert (await visit.get("users/$count")).status_code == 400


async def test_the_pages_of_an_advanced_query_need_the_header_each_by_itself() -> None:
    visit = Visit(company(3))
    path = "users?$filter=endsWith(userPrincipalName,'.example')&$count=true&$top=2"
    link = (await visit.document(path, EVENTUAL))["@odata.nextLink"]
    assert (await visit.get(link)).status_code == 400
    assert len(await visit.value(link, EVENTUAL)) == 1


async def test_sorting_together_with_a_filter_is_an_advanced_query() -> None:
    visit = Visit(company(3))
    names = [user["displayName"] for user in await visit.value("users?$orderby=displayName desc")]
    assert names == ["User 2", "User 1", "User 0"]
    path = "users?$orderby=displayName&$filter=startsWith(displayName,'U')"
    assert (await visit.get(path)).status_code == 400
    assert (await visit.get(f"{path}&$count=true", EVENTUAL)).status_code == 200


async def test_expanding_members_is_cut_at_twenty_without_a_word() -> None:
    graph = company(30)
    group = graph.tenant.new_group("All", graph.tenant.users)
    visit = Visit(graph)
    expanded = await visit.document(f"groups/{group.id}?$expand=members")
    assert len(expanded["members"]) == 20
    assert not [key for key in expanded if "nextLink" in key]
    assert len((await visit.value("groups?$expand=members"))[0]["members"]) == 20
    assert (await visit.get("groups?$expand=members&$count=true", EVENTUAL)).status_code == 400


async def test_a_page_with_expand_has_no_more_than_100_rows() -> None:
    assert len(await Visit(company(101)).value("users?$expand=manager&$top=999")) == 100


async def test_members_come_with_their_types_whatever_they_are() -> None:
    graph = company(2)
    inner = graph.tenant.new_group("Inner")
    graph.tenant.add_other(OtherObject("d-1", "Laptop"))
    outer = graph.tenant.new_group("Outer", [*graph.tenant.users, inner.id, "d-1"])
    members = await Visit(graph).value(f"groups/{outer.id}/members?$select=id,userPrincipalName")
    assert [each["@odata.type"].removeprefix("#microsoft.graph.") for each in members] == [
        "user", "user", "group", "device",
    ]  # fmt: skip
    assert ["userPrincipalName" in each for each in members] == [True, True, False, False]


async def test_members_through_nesting_are_found_once_in_circles_too_and_a_cast_is_an_advanced_query() -> None:
    graph = company(3)
    ann, bob, cy = graph.tenant.users
    inner = graph.tenant.new_group("Inner", [bob, cy])
    outer = graph.tenant.new_group("Outer", [ann, bob, inner.id])
    graph.tenant.add_member(inner.id, outer.id)
    visit = Visit(graph)
    path = f"groups/{outer.id}/transitiveMembers"
    assert [each["id"] for each in await visit.value(path)] == [ann, bob, inner.id, cy]
    cast = f"{path}/microsoft.graph.user?$select=id"
    assert (await visit.get(cast)).status_code == 400
    found = await visit.value(f"{cast}&$count=true", EVENTUAL)
    assert [each["id"] for each in found] == [ann, bob, cy]
    assert (await visit.get(f"{path}/$count", EVENTUAL)).text == "4"
    groups = await visit.value(f"users/{cy}/transitiveMemberOf")
    assert {each["id"] for each in groups} == {inner.id, outer.id}


async def test_hidden_members_are_shown_with_a_permission_of_their_own() -> None:
    graph = company(2)
    group = graph.tenant.new_group("Secret", graph.tenant.users, visibility="HiddenMembership")
    path = f"groups/{group.id}/members"
    assert await Visit(graph).value(path) == []
    token = graph.issue_token(frozenset({"Group.Read.All", "User.Read.All", "Member.Read.Hidden"}))
    assert len(await Visit(graph, token).value(path)) == 2


async def test_who_is_in_the_recycle_bin_is_in_no_list_and_no_group() -> None:
    graph = company(2)
    gone, stays = graph.tenant.users
    group = graph.tenant.create_group(Group("g-1", "All"), [gone, stays])
    graph.tenant.delete_user(gone)
    visit = Visit(graph)
    assert [user["id"] for user in await visit.value("users")] == [stays]
    assert [user["id"] for user in await visit.value(f"groups/{group.id}/members")] == [stays]
    assert (await visit.get(f"users/{gone}")).status_code == 404
    deleted = await visit.value(
        "directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime"
    )
    assert [user["id"] for user in deleted] == [gone]
    assert deleted[0]["userPrincipalName"] == f"{gone.replace('-', '')}user0@contoso.example"
    assert deleted[0]["deletedDateTime"].endswith("Z")


async def test_a_new_object_is_missing_from_the_answers_of_a_replica_that_lags() -> None:
    graph = Graph(quirks=Quirks(lag_reads=2))
    user = graph.tenant.new_user("new@contoso.example", "New")
    visit = Visit(graph)
    assert (await visit.get(f"users/{user.id}")).status_code == 404
    assert await visit.value("users") == []
    assert (await visit.get(f"users/{user.id}")).status_code == 200
    graph.hide(user.id)
    assert [len(await visit.value("users")) for _ in range(2)] == [0, 1]
