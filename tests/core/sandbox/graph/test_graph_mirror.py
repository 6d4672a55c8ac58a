"""A careful client that follows delta knows in the end what is in the tenant, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from graph_visit import MINIMAL, Document, Mirror, Visit

from core.sandbox.graph import ROUGH, Graph, Tenant

Headers = dict[str, str]
SMALL_PAGES = replace(ROUGH, delta_page_size=3, members_per_page=2, empty_page_every=2)
USERS = "users/delta?$select=displayName,accountEnabled,department"
GROUPS = "groups/delta?$select=displayName,members"


def edit(tenant: Tenant, rng: Random) -> None:
    """One random edit, among those that are possible."""
    live = [user.id for user in tenant.live_users()]
    binned = [each for each in tenant.deleted if each in tenant.users]
    groups = [group.id for group in tenant.live_groups()]
    number = rng.randrange(10**9)
    edits = [lambda: tenant.new_user(f"u{number}@contoso.example", f"U{number}")]
    if live:
        user = rng.choice(live)
        edits += [
            lambda: tenant.update_user(user, display_name=f"N{number}"),
            lambda: tenant.update_user(user, department=rng.choice([None, "R&D", "Sales"])),
            lambda: tenant.update_user(user, account_enabled=rng.random() < 0.5),
            lambda: tenant.delete_user(user),
            lambda: tenant.purge_user(user),
            lambda: tenant.new_group(f"G{number}", rng.sample(live, min(len(live), rng.randrange(9)))),
        ]
    if live and groups:
        edits += [lambda: tenant.add_member(rng.choice(groups), rng.choice(live))] * 5
        edits += [lambda: leave(tenant, rng.choice(groups), rng)] * 5
        edits += [lambda: tenant.delete_group(rng.choice(groups))]
    if binned:
        edits += [lambda: tenant.restore_user(rng.choice(binned)), lambda: tenant.purge_user(rng.choice(binned))]
    rng.choice(edits)()


def leave(tenant: Tenant, group_id: str, rng: Random) -> None:
    members = list(tenant.memberships.members(group_id))
    if members:
        tenant.remove_member(group_id, rng.choice(members))


async def walk(visit: Visit, link: str, headers: Headers, take: Callable[[list[Document]], None], rng: Random) -> str:
    """Take one round while edits go on, and return the link to the next."""
    while True:
        page = await visit.document(link, headers)
        take(page["value"])
        if "@odata.deltaLink" in page:
            return str(page["@odata.deltaLink"])
        link = page["@odata.nextLink"]
        if rng.random() < 0.7:
            edit(visit.graph.tenant, rng)


def assert_same(mirror: Mirror, tenant: Tenant) -> None:
    shown = {user.id: (user.display_name, user.account_enabled, user.department) for user in tenant.live_users()}
    assert {
        key: (user["displayName"], user["accountEnabled"], user.get("department"))
        for key, user in mirror.users.items()
    } == shown  # fmt: skip
    assert {key: group["displayName"] for key, group in mirror.groups.items()} == {
        group.id: group.display_name for group in tenant.live_groups()
    }
    for group in tenant.live_groups():
        members = {each for each in tenant.memberships.members(group.id) if each not in tenant.deleted}
        assert mirror.present_members(group.id) == members


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("headers", [{}, MINIMAL], ids=["full", "minimal"])
@pytest.mark.parametrize("leaves", [False, True], ids=["silent", "told"])
async def test_a_mirror_ends_up_the_same_after_edits_between_and_within_rounds(
    seed: int, headers: Headers, leaves: bool
) -> None:
    rng = Random(seed)
    graph = Graph(quirks=replace(SMALL_PAGES, deletion_leaves_groups=leaves), seed=seed)
    visit, mirror, users, groups = Visit(graph), Mirror(), USERS, GROUPS
    for _ in range(40):
        for _ in range(rng.randrange(12)):
            edit(graph.tenant, rng)
        users = await walk(visit, users, headers, mirror.take_users, rng)
        groups = await walk(visit, groups, headers, mirror.take_groups, rng)
    for _ in range(3):  # what the replica had not heard of comes in the next round, and what came meanwhile too
        items, users = await visit.round(users, headers)
        mirror.take_users(items)
        items, groups = await visit.round(groups, headers)
        mirror.take_groups(items)
    assert_same(mirror, graph.tenant)
