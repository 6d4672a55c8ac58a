"""Delta of users: seed, steady and resync, pages and tokens."""

from collections.abc import Iterable
from typing import Any

import pytest
from graph_visit import BASE, MINIMAL, Clock, Visit, company

from core.sandbox.graph import Graph, Quirks, Tenant

USERS = "users/delta?$select=displayName,accountEnabled,department"
DAY = 86_400


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


async def test_a_seed_tells_everybody_and_a_steady_round_only_what_changed() -> None:
    graph = company()
    visit = Visit(graph)
    seed, link = await visit.round(USERS)
    assert ids(seed) == list(graph.tenant.users)
    ann, bob, _ = graph.tenant.users
    graph.tenant.update_user(ann, department="R&D")
    graph.tenant.disable_user(bob)
    steady, link = await visit.round(link)
    assert steady == [
        {"id": ann, "displayName": "User 0", "accountEnabled": True, "department": "R&D"},
        {"id": bob, "displayName": "User 1", "accountEnabled": False},
    ]
    assert (await visit.round(link))[0] == []


async def test_both_spellings_of_the_function_are_taken() -> None:
    visit = Visit(company(1))
    for path in ("users/delta", "users/delta()", "users/microsoft.graph.delta()", "groups/delta()"):
        assert "@odata.deltaLink" in await visit.document(path)


async def test_what_never_had_a_value_is_left_out_and_what_was_cleared_is_null() -> None:
    graph = company(1)
    (ann,) = graph.tenant.users
    visit = Visit(graph)
    seed, link = await visit.round(USERS)
    assert "department" not in seed[0]
    graph.tenant.update_user(ann, department="R&D")
    graph.tenant.update_user(ann, department=None)
    steady, _ = await visit.round(link)
    assert steady[0]["department"] is None


async def test_minimal_tells_changed_properties_only_and_says_so() -> None:
    graph = company(1)
    (ann,) = graph.tenant.users
    graph.tenant.update_user(ann, department="R&D")
    visit = Visit(graph)
    _, link = await visit.round(USERS)
    graph.tenant.update_user(ann, department=None, job_title="Not selected")
    answer = await visit.get(link, MINIMAL)
    assert answer.headers["preference-applied"] == "return=minimal"
    assert answer.json()["value"] == [{"id": ann, "department": None}]


async def test_a_property_that_was_not_selected_wakes_nobody() -> None:
    graph = company(1)
    (ann,) = graph.tenant.users
    visit = Visit(graph)
    _, link = await visit.round("users/delta?$select=displayName")
    graph.tenant.disable_user(ann)
    assert (await visit.round(link))[0] == []


async def test_deletion_restoring_and_deletion_for_good() -> None:
    graph = company(1)
    (ann,) = graph.tenant.users
    visit = Visit(graph)
    _, link = await visit.round(USERS)
    graph.tenant.delete_user(ann)
    removed, link = await visit.round(link)
    assert removed == [{"id": ann, "@removed": {"reason": "changed"}}]
    graph.tenant.restore_user(ann)
    restored, link = await visit.round(link, MINIMAL)
    assert restored == [{"id": ann, "displayName": "User 0", "accountEnabled": True}]
    graph.tenant.delete_user(ann)
    graph.tenant.purge_user(ann)
    gone, _ = await visit.round(link)
    assert gone == [{"id": ann, "@removed": {"reason": "deleted"}}]


async def test_a_seed_tells_the_recycle_bin_only_where_that_is_the_habit() -> None:
    graph = company(2)
    ann, bob = graph.tenant.users
    graph.tenant.delete_user(ann)
    visit = Visit(graph)
    assert ids((await visit.round(USERS))[0]) == [bob]
    graph.quirks = Quirks(seed_tells_deleted=True)
    assert (await visit.round(USERS))[0][0] == {"id": ann, "@removed": {"reason": "changed"}}


async def test_empty_pages_lead_on_and_the_last_page_is_one() -> None:
    pages = await Visit(company(4, delta_page_size=2, empty_page_every=1)).pages(USERS)
    assert [len(page["value"]) for page in pages] == [2, 0, 2, 0]
    assert "@odata.deltaLink" in pages[-1]


async def test_objects_come_again_on_the_next_page_where_that_is_the_habit() -> None:
    graph = company(4, delta_page_size=2, repeats_objects=True)
    ann, bob, cy, dee = graph.tenant.users
    assert ids((await Visit(graph).round(USERS))[0]) == [ann, bob, bob, cy, dee]


async def test_a_round_may_come_in_any_order() -> None:
    graph = company(20, shuffles=True)
    found = ids((await Visit(graph).round(USERS))[0])
    assert found != list(graph.tenant.users)
    assert sorted(found) == sorted(graph.tenant.users)


async def test_the_page_size_can_be_wished() -> None:
    visit = Visit(company(5))
    assert [len(page["value"]) for page in await visit.pages(USERS, {"Prefer": "odata.maxpagesize=2"})] == [2, 2, 1]


@pytest.mark.parametrize("option", ["$top=5", "$expand=manager", "$orderby=displayName", "$search=x", "$filter=a eq 1"])
async def test_options_that_delta_has_not_are_refused(option: str) -> None:
    assert (await Visit(company(1)).get(f"users/delta?{option}")).status_code == 400


async def test_up_to_fifty_objects_can_be_followed_by_id() -> None:
    graph = company(60)
    first, *_ = graph.tenant.users
    visit = Visit(graph)
    seed, link = await visit.round(f"users/delta?$filter=id eq '{first}'&$select=displayName")
    assert ids(seed) == [first]
    for user_id in graph.tenant.users:
        graph.tenant.update_user(user_id, display_name="New")
    assert ids((await visit.round(link))[0]) == [first]
    many = " or ".join(f"id eq '{each}'" for each in list(graph.tenant.users)[:51])
    assert (await visit.get(f"users/delta?$filter={many}")).status_code == 400


async def test_a_token_of_now_tells_only_what_comes() -> None:
    graph = company(3)
    visit = Visit(graph)
    nothing, link = await visit.round("users/delta?$deltatoken=latest&$select=displayName")
    assert nothing == []
    new = graph.tenant.new_user("new@contoso.example", "New")
    assert (await visit.round(link))[0] == [{"id": new.id, "displayName": "New"}]


async def test_a_token_is_good_for_seven_days_and_then_says_where_to_begin_anew() -> None:
    clock = Clock()
    graph = Graph(Tenant(clock=clock))
    graph.tenant.new_user("ann@contoso.example", "Ann")
    visit = Visit(graph)
    _, link = await visit.round(USERS)
    clock.now += 7 * DAY - 1
    visit.token = graph.issue_token()
    assert (await visit.get(link)).status_code == 200
    clock.now += 1
    gone = await visit.get(link)
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "syncStateNotFound")
    assert gone.headers["location"] == f"{BASE}/users/delta?$select=displayName,accountEnabled,department&$deltatoken="
    assert len((await visit.round(gone.headers["location"]))[0]) == 1


async def test_where_to_begin_anew_still_names_the_objects_that_were_followed() -> None:
    graph = company(2)
    _, bob = graph.tenant.users
    visit = Visit(graph)
    _, link = await visit.round(f"users/delta?$filter=id eq '{bob}'")
    graph.expire_delta_tokens()
    anew = (await visit.get(link)).headers["location"]
    assert ids((await visit.round(anew))[0]) == [bob]


async def test_an_expired_token_may_also_answer_400() -> None:
    graph = company(1, expired_token="400")
    visit = Visit(graph)
    _, link = await visit.round(USERS)
    graph.expire_delta_tokens()
    refused = await visit.get(link)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "syncStateNotFound")
    assert "location" not in refused.headers


async def test_a_token_that_was_never_given_or_is_for_the_other_kind_is_over_as_well() -> None:
    visit = Visit(company(1))
    _, link = await visit.round(USERS)
    assert (await visit.get("users/delta?$deltatoken=made-up")).status_code == 410
    assert (await visit.get(link.replace("users/", "groups/"))).status_code == 410


async def test_a_link_within_a_round_can_be_followed_again_after_a_crash() -> None:
    visit = Visit(company(5, delta_page_size=2))
    link = (await visit.document(USERS))["@odata.nextLink"]
    assert await visit.value(link) == await visit.value(link)
    assert len((await visit.round(link))[0]) == 3


async def test_what_the_replica_missed_comes_in_a_later_round() -> None:
    graph = company(2)
    ann, bob = graph.tenant.users
    visit = Visit(graph)
    graph.hide(ann, 2)
    rounds, link = [], USERS
    for _ in range(3):
        items, link = await visit.round(link)
        rounds.append(ids(items))
    assert rounds == [[bob], [], [ann]]
