"""What delta tells of members and managers, and of groups that go and come back."""

from collections.abc import Iterable
from typing import Any

import pytest
from graph_visit import MINIMAL, Visit, company

from core.sandbox.graph import Group

GROUPS = "groups/delta?$select=displayName,members"


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


async def test_members_are_told_as_they_come_and_go() -> None:
    graph = company(2)
    ann, bob = graph.tenant.users
    group = graph.tenant.new_group("Jira Users", [ann])
    visit = Visit(graph)
    seed, link = await visit.round(GROUPS)
    assert seed[0]["members@delta"] == [{"@odata.type": "#microsoft.graph.user", "id": ann}]
    graph.tenant.add_member(group.id, bob)
    graph.tenant.remove_member(group.id, ann)
    steady, link = await visit.round(link, MINIMAL)
    assert steady == [{
        "id": group.id,
        "members@delta": [
            {"@odata.type": "#microsoft.graph.user", "id": bob},
            {"@odata.type": "#microsoft.graph.user", "id": ann, "@removed": {"reason": "deleted"}},
        ],
    }]  # fmt: skip
    inner = graph.tenant.new_group("Inner")
    graph.tenant.add_member(group.id, inner.id)
    nested = {item["id"]: item for item in (await visit.round(link))[0]}
    assert nested[group.id]["members@delta"] == [{"@odata.type": "#microsoft.graph.group", "id": inner.id}]


async def test_members_are_told_without_select_and_not_when_others_are_selected() -> None:
    graph = company(1)
    graph.tenant.new_group("All", graph.tenant.users)
    visit = Visit(graph)
    assert "members@delta" in (await visit.round("groups/delta"))[0][0]
    assert "members@delta" not in (await visit.round("groups/delta?$select=displayName"))[0][0]
    only = (await visit.round("groups/delta?$select=members"))[0][0]
    assert set(only) == {"id", "members@delta"}


async def test_a_large_group_is_spread_over_pages_and_every_member_is_told_once() -> None:
    graph = company(25, members_per_page=10)
    group = graph.tenant.new_group("All", graph.tenant.users)
    graph.tenant.new_group("Small", list(graph.tenant.users)[:2])
    visit = Visit(graph)
    pages = await visit.pages(GROUPS)
    assert [[item["displayName"] for item in page["value"]] for page in pages] == [
        ["All"], ["All"], ["All", "Small"],
    ]  # fmt: skip
    told = [each["id"] for page in pages for item in page["value"] if item["id"] == group.id
            for each in item["members@delta"]]  # fmt: skip
    assert told == list(graph.tenant.users)


async def test_pages_of_a_large_group_fit_together_although_it_changes_between_them() -> None:
    graph = company(25, members_per_page=10)
    group = graph.tenant.new_group("All", graph.tenant.users)
    visit = Visit(graph)
    first = await visit.document(GROUPS)
    for user_id in list(graph.tenant.users)[:5]:
        graph.tenant.remove_member(group.id, user_id)
    rest, link = await visit.round(first["@odata.nextLink"])
    told = [each["id"] for item in [*first["value"], *rest] for each in item["members@delta"]]
    assert told == list(graph.tenant.users)
    assert len((await visit.round(link))[0][0]["members@delta"]) == 5


async def test_managers_are_told_as_a_relation() -> None:
    graph = company(3)
    ann, bob, cy = graph.tenant.users
    graph.tenant.assign_manager(ann, bob)
    visit = Visit(graph)
    seed, link = await visit.round("users/delta?$select=displayName,manager")
    assert seed[0]["manager@delta"] == [{"@odata.type": "#microsoft.graph.user", "id": bob}]
    graph.tenant.assign_manager(ann, cy)
    steady, _ = await visit.round(link)
    assert {(each["id"], "@removed" in each) for each in steady[0]["manager@delta"]} == {(bob, True), (cy, False)}


@pytest.mark.parametrize("leaves", [False, True])
async def test_deleting_a_user_empties_groups_in_the_feed_only_where_that_is_the_habit(leaves: bool) -> None:
    graph = company(1, deletion_leaves_groups=leaves)
    (ann,) = graph.tenant.users
    group = graph.tenant.new_group("All", [ann])
    visit = Visit(graph)
    _, link = await visit.round(GROUPS)
    graph.tenant.delete_user(ann)
    told, link = await visit.round(link)
    assert ids(told) == ([group.id] if leaves else [])
    graph.tenant.restore_user(ann)
    back, _ = await visit.round(link)
    assert back[0]["members@delta"] == [{"@odata.type": "#microsoft.graph.user", "id": ann}]


async def test_a_security_group_is_gone_at_once_and_a_microsoft_365_group_can_be_restored() -> None:
    graph = company(1)
    security = graph.tenant.create_group(Group("g-1", "Security"))
    unified = graph.tenant.create_group(Group("g-2", "Unified", group_types=("Unified",)), graph.tenant.users)
    visit = Visit(graph)
    _, link = await visit.round(GROUPS)
    graph.tenant.delete_group(security.id)
    graph.tenant.delete_group(unified.id)
    removed, link = await visit.round(link)
    assert [(item["id"], item["@removed"]["reason"]) for item in removed] == [("g-1", "deleted"), ("g-2", "changed")]
    assert ids(await visit.value("directory/deletedItems/microsoft.graph.group")) == ["g-2"]
    graph.tenant.restore_group(unified.id)
    (restored,) = (await visit.round(link))[0]
    assert (restored["displayName"], len(restored["members@delta"])) == ("Unified", 1)
