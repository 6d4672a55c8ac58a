"""A directory is read over Graph and followed: users, groups, memberships as Entra's SCIM would have brought them."""

from core.store import Store, graph_feeds
from tests.core.graph.world import ASSIGNED, PROVIDER, World, expected, tenant_of


async def test_a_first_pull_brings_all_users_groups_and_members(store: Store) -> None:
    world = World(store, tenant_of(5))
    pulled = await world.pull()
    assert sorted(world.users()) == [f"user{n}@contoso.example" for n in range(5)]
    assert world.groups() == {"Wiki": set(world.users())}
    assert pulled.tally.phases == {"users": "seed", "groups": "seed"}
    assert pulled.tally.users_created == 5
    assert pulled.problems == []


async def test_a_second_pull_asks_for_changes_alone_and_changes_nothing(store: Store) -> None:
    world = World(store, tenant_of(5))
    await world.pull()
    versions = [(stored.id, stored.version) for stored in world.all("User") + world.all("Group")]
    pulled = await world.pull()
    assert pulled.tally.phases == {"users": "steady", "groups": "steady"}
    assert pulled.requests == 2
    assert [(stored.id, stored.version) for stored in world.all("User") + world.all("Group")] == versions


async def test_a_user_has_the_document_that_scim_would_have_brought(store: Store) -> None:
    graph = tenant_of(1)
    boss = graph.tenant.new_user("boss@contoso.example", "The Boss", department="Board", employee_id="1")
    (user,) = [each for each in graph.tenant.live_users() if each.id != boss.id]
    graph.tenant.assign_manager(user.id, boss.id)
    world = World(store, graph)
    await world.pull()
    assert world.user("boss@contoso.example").document == expected(boss)
    wanted = expected(user, world.user("boss@contoso.example").id)
    assert world.user("user0@contoso.example").document == wanted


async def test_changes_are_followed(store: Store) -> None:
    graph = tenant_of(3)
    world = World(store, graph)
    await world.pull()
    first, second, third = graph.tenant.live_users()
    (group,) = graph.tenant.live_groups()
    graph.tenant.update_user(first.id, display_name="Renamed", user_principal_name="new@contoso.example")
    graph.tenant.disable_user(second.id)
    graph.tenant.remove_member(group.id, third.id)
    graph.tenant.update_group(group.id, display_name="Docs")
    await world.pull()
    assert world.user("new@contoso.example").document["displayName"] == "Renamed"
    assert world.active() == {"new@contoso.example", "user2@contoso.example"}
    assert world.groups() == {"Docs": {"new@contoso.example", "user1@contoso.example"}}


async def test_what_is_cleared_in_the_directory_is_cleared_here(store: Store) -> None:
    graph = tenant_of(1)
    world = World(store, graph)
    (user,) = graph.tenant.live_users()
    graph.tenant.update_user(user.id, job_title="Analyst")
    await world.pull()
    assert world.user(user.user_principal_name).document["title"] == "Analyst"
    graph.tenant.update_user(user.id, job_title=None)
    await world.pull()
    assert "title" not in world.user(user.user_principal_name).document


async def test_a_deleted_user_is_inactive_a_restored_one_active_and_a_purged_one_removed(store: Store) -> None:
    graph = tenant_of(2)
    world = World(store, graph)
    await world.pull()
    user = next(iter(graph.tenant.live_users()))
    before = world.user("user0@contoso.example").id
    graph.tenant.delete_user(user.id)
    await world.pull()
    assert world.active() == {"user1@contoso.example"}
    assert world.user("user0@contoso.example").id == before
    graph.tenant.restore_user(user.id)
    await world.pull()
    assert world.active() == {"user0@contoso.example", "user1@contoso.example"}
    assert world.groups()["Wiki"] == set(world.users())
    graph.tenant.purge_user(user.id)
    await world.pull()
    assert set(world.users()) == {"user1@contoso.example"}


async def test_a_group_that_is_deleted_is_removed(store: Store) -> None:
    graph = tenant_of(2)
    world = World(store, graph)
    await world.pull()
    graph.tenant.delete_group(next(iter(graph.tenant.live_groups())).id)
    await world.pull()
    assert world.groups() == {}


async def test_assigned_groups_bring_their_direct_members_and_nobody_else(store: Store) -> None:
    graph = tenant_of(2)
    graph.tenant.new_user("other@contoso.example", "Other")
    graph.tenant.new_group("Not assigned", [])
    world = World(store, graph, ASSIGNED)
    await world.pull()
    assert world.active() == {"user0@contoso.example", "user1@contoso.example"}
    assert set(world.groups()) == {"Wiki"}


async def test_who_leaves_the_scope_becomes_inactive(store: Store) -> None:
    graph = tenant_of(2)
    world = World(store, graph, ASSIGNED)
    await world.pull()
    (group,) = graph.tenant.live_groups()
    graph.tenant.remove_member(group.id, next(iter(graph.tenant.live_users())).id)
    await world.pull()
    assert world.active() == {"user1@contoso.example"}


async def test_the_link_of_a_feed_is_kept_with_the_last_page(store: Store) -> None:
    world = World(store, tenant_of(5, delta_page_size=2))
    await world.pull()
    with store.read() as connection:
        feeds = {feed.feed: feed for feed in graph_feeds.feeds(connection, PROVIDER)}
    assert feeds["users"].next_link is None
    assert "deltatoken" in (feeds["users"].delta_link or "")


async def test_every_request_stands_in_the_log_without_the_token(store: Store) -> None:
    world = World(store, tenant_of(2))
    await world.pull()
    logged = world.exchanges()
    assert [(each.direction, each.party, each.subject, each.status) for each in logged] == [
        ("out", PROVIDER, "users/delta", 200),
        ("out", PROVIDER, "groups/delta", 200),
    ]
