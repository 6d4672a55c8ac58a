"""Each habit of Graph by itself, and all of them together: the identity store ends up the same."""

from dataclasses import fields, replace
from typing import Any

import pytest

from core.sandbox.graph import NO_QUIRKS, ROUGH, Graph, Quirks
from core.store import Store
from tests.core.graph.test_graph_model import assert_right
from tests.core.graph.world import ASSIGNED, SETTINGS, World, tenant_of

EACH: dict[str, Any] = {
    "delta_page_size": 2,
    "members_per_page": 2,
    "empty_page_every": 1,
    "repeats_objects": True,
    "shuffles": True,
    "seed_tells_deleted": True,
    "deletion_leaves_groups": True,
    "restoring_joins_groups": False,
    "security_groups_restorable": True,
    "expired_token": "400",
    "token_days": 1,
    "page_token_seconds": 60.0,
    "lag_reads": 2,
    "expand_limit": 1,
    "batch_absolute_urls": True,
    "batch_shuffles": False,
    "units_per_10_seconds": 40,
    "tells_throttle_details": False,
}
CASES = [replace(NO_QUIRKS, delta_page_size=3, **{name: value}) if name != "delta_page_size" else Quirks(2)
         for name, value in EACH.items()]  # fmt: skip


def test_every_habit_is_among_them() -> None:
    assert EACH.keys() == {field.name for field in fields(Quirks)}


@pytest.mark.parametrize("quirks", [*CASES, ROUGH], ids=[*EACH, "ROUGH"])
@pytest.mark.parametrize("settings", [SETTINGS, ASSIGNED], ids=["all", "assigned"])
async def test_a_life_of_a_directory_is_followed(store: Store, quirks: Quirks, settings: Any) -> None:
    graph = tenant_of(7)
    graph.quirks = quirks
    world = World(store, graph, settings)
    await rest(world)
    assert_right(world)
    joiner, gone, renamed = live_some_life(graph)
    await rest(world)
    assert_right(world)
    graph.tenant.restore_user(gone)
    graph.tenant.update_user(renamed, job_title="Head of it")
    await rest(world)
    assert_right(world)
    graph.expire_delta_tokens()
    graph.tenant.purge_user(joiner)
    await rest(world)
    assert_right(world)
    assert world.graph.tenant.users[gone].user_principal_name in world.active()


def live_some_life(graph: Graph) -> tuple[str, str, str]:
    """Somebody joins, leaves, is renamed and so on; returns who joined, who was deleted, who was renamed."""
    tenant = graph.tenant
    deleted, renamed, moved, disabled, *_ = [user.id for user in tenant.live_users()]
    (group,) = tenant.live_groups()
    joiner = tenant.new_user("joiner@contoso.example", "Joiner")
    tenant.add_member(group.id, joiner.id)
    tenant.delete_user(deleted)
    tenant.update_user(renamed, user_principal_name="renamed@contoso.example")
    tenant.remove_member(group.id, moved)
    tenant.disable_user(disabled)
    tenant.assign_manager(joiner.id, renamed)
    return joiner.id, deleted, renamed


async def rest(world: World) -> None:
    """As many pulls as bring what lags behind, and as a loss needs to count."""
    for _ in range(4):
        await world.pull()
