"""Whatever happens to the directory, on the way to us and to us, the identity store is right in the end.

A model says what right is, from the tenant alone. `MANCIPLE_GRAPH_STEPS` makes the walk longer (10,000 before a
release); the seeds are the numbers of the tests.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from uuid import UUID

import httpx
import pytest

from core.graph import following, reconciling
from core.graph.errors import GraphError
from core.sandbox.graph import ENTERPRISE_APP, ROUGH, Graph, Tenant
from core.store import Store
from core.store.identities import name_key
from tests.core.graph.world import ASSIGNED, SETTINGS, World, expected, tenant_of

STEPS = int(os.environ.get("MANCIPLE_GRAPH_STEPS", "500"))
SMALL = replace(ROUGH, delta_page_size=3, members_per_page=2, empty_page_every=2)
SEEDS = range(4)


class Death(BaseException):
    """The process ends, wherever it is."""


class Interrupted(httpx.AsyncBaseTransport):
    """A network that loses some requests, and some answers; and a process that may end at any of them."""

    def __init__(self, graph: Graph, rng: Random, edit: Callable[[], None]) -> None:
        self._inner = httpx.ASGITransport(graph.app)
        self._rng = rng
        self._edit = edit
        self.loss = 0.0
        self.death = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._rng.random() < self.death:
            raise Death
        if self._rng.random() < self.loss:
            raise httpx.ConnectError("lost")
        if self._rng.random() < 0.3:
            self._edit()
        return await self._inner.handle_async_request(request)


class Walk:
    """One world, and what happens to it."""

    def __init__(self, store: Store, seed: int, assigned: bool) -> None:
        self.rng = Random(seed)
        self.graph = tenant_of(4)
        # Who tells that the deleted leave their groups also tells that they are back; or neither is told.
        told = seed % 2 == 0
        self.graph.quirks = replace(SMALL, deletion_leaves_groups=told, restoring_joins_groups=told or seed % 3 == 0)
        self.world = World(store, self.graph, ASSIGNED if assigned else SETTINGS)
        self.transport = Interrupted(self.graph, self.rng, lambda: edit(self.graph.tenant, self.rng))
        self.world.transport = self.transport
        self.steps = 0

    async def go(self, steps: int) -> None:
        while self.steps < steps:
            for _ in range(self.rng.randrange(12)):
                self.steps += 1
                edit(self.graph.tenant, self.rng)
            self._befall()
            await self._pull()
        await self.calm()

    async def calm(self) -> None:
        """Let everything come to rest: what lags is told, and what is missing is missed."""
        self.transport.loss = self.transport.death = 0.0
        self.graph.quirks = replace(self.graph.quirks, lag_reads=0)
        self.transport._edit = lambda: None
        for _ in range(5):
            await self.world.pull()

    def _befall(self) -> None:
        rng = self.rng
        self.transport.loss = 0.1 if rng.random() < 0.3 else 0.0
        self.transport.death = 0.15 if rng.random() < 0.2 else 0.0
        if rng.random() < 0.1:
            self.graph.quirks = replace(self.graph.quirks, expired_token=rng.choice(["410", "400"]))
            self.graph.expire_delta_tokens()
        if rng.random() < 0.05:
            self.graph.expire_page_tokens()
        if rng.random() < 0.1:
            self.graph.throttle_next(rng.randrange(1, 4), rng.choice([1, None]))
        if rng.random() < 0.2 and (live := [user.id for user in self.graph.tenant.live_users()]):
            self.graph.hide(rng.choice(live), rng.randrange(1, 3))

    async def _pull(self) -> None:
        # How much goes into one transaction decides what a death costs, and nothing else.
        following.TOGETHER = self.rng.choice([1, 250, 10_000])
        reconciling.MEMBERS_PART = self.rng.choice([1, 5, 5000])
        with suppress(GraphError, Death):
            await self.world.pull()


def edit(tenant: Tenant, rng: Random) -> None:
    """One random edit, among those that are possible."""
    live = [user.id for user in tenant.live_users()]
    binned = [each for each in tenant.deleted if each in tenant.users]
    groups = [group.id for group in tenant.live_groups()]
    number = rng.randrange(10**9)
    edits: list[Callable[[], object]] = [lambda: tenant.new_user(f"u{number}@contoso.example", f"U{number}")]
    if len(live) > 3:
        user, other = rng.sample(live, 2)
        edits += [
            lambda: tenant.update_user(user, display_name=f"N{number}"),
            lambda: tenant.update_user(user, user_principal_name=f"r{number}@contoso.example"),
            lambda: swap(tenant, user, other, number),
            lambda: tenant.update_user(user, department=rng.choice([None, "R&D", "Sales"])),
            lambda: tenant.update_user(user, account_enabled=rng.random() < 0.7),
            lambda: tenant.assign_manager(user, rng.choice([None, other])),
            lambda: tenant.delete_user(user),
            lambda: tenant.purge_user(user) if rng.random() < 0.5 else None,
            lambda: tenant.new_group(f"G{number}", rng.sample(live, min(len(live), rng.randrange(6)))),
            lambda: succeed(tenant, user, number),
        ]
    if live and groups:
        edits += [lambda: tenant.add_member(rng.choice(groups), rng.choice(live))] * 5
        edits += [lambda: leave(tenant, rng.choice(groups), rng)] * 4
        edits += [lambda: assign(tenant, rng.choice([*groups, *live]))] * 2
        edits += [lambda: unassign(tenant, rng)]
        edits += [lambda: tenant.update_group(rng.choice(groups), display_name=f"H{number}")]
    if len(groups) > 2:
        edits += [lambda: tenant.delete_group(rng.choice(groups))]
    if binned:
        edits += [lambda: restore(tenant, rng.choice(binned)), lambda: tenant.purge_user(rng.choice(binned))]
    rng.choice(edits)()


def leave(tenant: Tenant, group_id: str, rng: Random) -> None:
    if members := list(tenant.memberships.members(group_id)):
        tenant.remove_member(group_id, rng.choice(members))


def swap(tenant: Tenant, user: str, other: str, number: int) -> None:
    """Two users exchange their names, as after a mix-up."""
    one, two = tenant.users[user].user_principal_name, tenant.users[other].user_principal_name
    tenant.update_user(user, user_principal_name=f"swap{number}@contoso.example")
    tenant.update_user(other, user_principal_name=one)
    tenant.update_user(user, user_principal_name=two)


def succeed(tenant: Tenant, user: str, number: int) -> None:
    """A user is deleted, and somebody new gets the name."""
    name = tenant.users[user].user_principal_name
    tenant.delete_user(user)
    tenant.new_user(name, f"S{number}")


def restore(tenant: Tenant, user: str) -> None:
    try:
        tenant.restore_user(user)
    except ValueError:  # the name is somebody else's by now
        tenant.purge_user(user)


def assigned(tenant: Tenant) -> dict[str, str]:
    return {each.principal_id: each.id for each in tenant.applications.assigned_to(ENTERPRISE_APP.id)}


def assign(tenant: Tenant, principal: str) -> None:
    if principal not in assigned(tenant):
        tenant.assign(ENTERPRISE_APP.id, principal, ENTERPRISE_APP.roles[0].id)


def unassign(tenant: Tenant, rng: Random) -> None:
    held = assigned(tenant)
    if len(held) > 2:
        tenant.unassign(ENTERPRISE_APP.id, held[rng.choice(sorted(held))])


def assert_right(world: World) -> None:
    """The identity store is what the tenant and the scope say."""
    tenant = world.graph.tenant
    live = {user.id: user for user in tenant.live_users()}
    groups = {group.id: group for group in tenant.live_groups()}
    members = {each: {m for m in tenant.memberships.members(each) if m in live} for each in groups}
    if world.settings.scope == "assigned":
        held = assigned(tenant)
        groups = {each: group for each, group in groups.items() if each in held}
        meant = {each for each in live if each in held} | {m for each in groups for m in members[each]}
    else:
        meant = set(live)
    wanted = {live[each].user_principal_name for each in meant if live[each].account_enabled}
    there = {stored.document["userName"]: stored for stored in world.all("User")}
    assert {name for name in world.active() if world.missed(name) < 2} == wanted
    managed = {stored.id: name for name, stored in there.items()}
    for each in meant:
        if live[each].account_enabled:
            document = there[live[each].user_principal_name].document
            manager = document.get("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", {}).get("manager")
            assert document == expected(live[each], manager["value"] if manager else None)
            boss = live[each].manager_id
            if boss in live and live[boss].user_principal_name in there:
                assert managed[manager["value"]] == live[boss].user_principal_name
    names = {group.display_name for group in groups.values()}
    assert set(world.groups()) == names
    for each, group in groups.items():
        found = {name for name in world.groups()[group.display_name] if name in wanted}
        assert found == {live[m].user_principal_name for m in members[each] if m in meant} & wanted
    assert {name_key(name) for name in there} == {name_key(name) for name in world.users()}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scope", ["all", "assigned"])
async def test_the_identity_store_is_right_after_anything_that_happened(
    store: Store, seed: int, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = Random(seed)  # the same walk every time
    for module, name in ((following, "TOGETHER"), (reconciling, "MEMBERS_PART")):
        monkeypatch.setattr(module, name, getattr(module, name))  # put back in the end
    monkeypatch.setattr("core.sandbox.graph.tenant.new_id", lambda: str(UUID(int=ids.getrandbits(128))))
    walk = Walk(store, seed, scope == "assigned")
    await walk.go(STEPS // (2 * len(SEEDS)))
    assert_right(walk.world)
