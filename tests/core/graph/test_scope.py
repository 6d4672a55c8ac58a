"""Which part of a directory is brought: assigned, all or named; nested groups, guests and checks of attributes."""

from dataclasses import replace

import pytest

from core.graph.permissions import beyond_reading
from core.graph.sign_in import permissions_in
from core.planning.rules import AttributeCheck
from core.sandbox.graph import ENTERPRISE_APP, Graph
from core.store import Store
from tests.core.graph.world import ASSIGNED, SETTINGS, World, tenant_of


def nested() -> Graph:
    """Wiki (assigned) holds user0, user1 and the group Inner, which holds user2 and, in a circle, Wiki."""
    graph = tenant_of(2)
    (wiki,) = graph.tenant.live_groups()
    deep = graph.tenant.new_user("user2@contoso.example", "Deep")
    inner = graph.tenant.new_group("Inner", [deep.id, wiki.id])
    graph.tenant.add_member(wiki.id, inner.id)
    return graph


@pytest.mark.parametrize(("expands", "names"), [(False, {"user0", "user1"}), (True, {"user0", "user1", "user2"})])
async def test_members_of_inner_groups_count_on_request_alone(store: Store, expands: bool, names: set[str]) -> None:
    world = World(store, nested(), replace(ASSIGNED, nested=expands))
    await world.pull()
    assert {name.partition("@")[0] for name in world.active()} == names
    assert set(world.groups()) == {"Wiki"}
    assert world.groups()["Wiki"] == world.active()


async def test_who_leaves_an_inner_group_leaves_the_outer(store: Store) -> None:
    graph = nested()
    world = World(store, graph, replace(ASSIGNED, nested=True))
    await world.pull()
    inner = next(group for group in graph.tenant.live_groups() if group.display_name == "Inner")
    deep = next(user for user in graph.tenant.live_users() if user.display_name == "Deep")
    graph.tenant.remove_member(inner.id, deep.id)
    await world.pull()
    assert world.groups()["Wiki"] == world.active() == {"user0@contoso.example", "user1@contoso.example"}


async def test_named_groups_bring_themselves_and_their_members(store: Store) -> None:
    world = World(store, nested(), replace(SETTINGS, scope=("inner",)))
    await world.pull()
    assert world.groups() == {"Inner": {"user2@contoso.example"}}


async def test_a_user_can_be_assigned_without_a_group(store: Store) -> None:
    graph = tenant_of(1)
    lone = graph.tenant.new_user("lone@contoso.example", "Lone")
    graph.tenant.assign(ENTERPRISE_APP.id, lone.id)
    world = World(store, graph, ASSIGNED)
    await world.pull()
    assert "lone@contoso.example" in world.active()


async def test_another_scope_takes_effect_with_the_next_pull(store: Store) -> None:
    graph = tenant_of(2)
    graph.tenant.new_user("other@contoso.example", "Other")
    world = World(store, graph)
    await world.pull()
    assert "other@contoso.example" in world.active()
    world.settings = ASSIGNED
    await world.pull()
    assert world.active() == {"user0@contoso.example", "user1@contoso.example"}
    assert "other@contoso.example" in world.users()


async def test_guests_are_left_out_where_they_are_not_wanted(store: Store) -> None:
    graph = tenant_of(1)
    graph.tenant.invite_guest("eve@partner.example", "Eve")
    world = World(store, graph, replace(SETTINGS, guests=False))
    await world.pull()
    assert world.active() == {"user0@contoso.example"}
    world.settings = SETTINGS
    await world.pull()
    assert world.active() == {"user0@contoso.example", "eve_partner.example"}


@pytest.mark.parametrize("attribute", ["department", "enterprise.department"])
async def test_checks_name_attributes_as_graph_or_as_scim_does(store: Store, attribute: str) -> None:
    graph = tenant_of(1)
    graph.tenant.new_user("ada@contoso.example", "Ada", department="R&D")
    world = World(store, graph, replace(SETTINGS, where=(AttributeCheck(attribute, match="^R"),)))
    await world.pull()
    assert world.active() == {"ada@contoso.example"}


async def test_who_was_disabled_before_is_not_created(store: Store) -> None:
    graph = tenant_of(1)
    graph.tenant.new_user("former@contoso.example", "Former", account_enabled=False)
    world = World(store, graph)
    await world.pull()
    assert set(world.users()) == {"user0@contoso.example"}


async def test_two_groups_of_one_name_are_told_and_the_first_is_kept(store: Store) -> None:
    graph = tenant_of(2)
    twin = graph.tenant.new_group("wiki")
    world = World(store, graph)
    pulled = await world.pull()
    assert len(world.groups()) == 1
    (problem,) = pulled.problems
    assert "rename one of them in Entra" in (problem.problem or "")
    graph.tenant.update_group(twin.id, display_name="Other")
    pulled = await world.pull()
    assert len(world.groups()) == 2
    assert pulled.problems == []


async def test_permissions_to_change_something_are_seen_in_the_token() -> None:
    token = tenant_of(0).issue_token(frozenset({"User.ReadWrite.All", "Group.Read.All"}))
    assert beyond_reading(permissions_in(token)) == ["User.ReadWrite.All"]
