"""What goes wrong on the way to Graph: it is waited for, gone on with, or told with what to do next."""

from dataclasses import replace

import httpx
import pytest

from core.graph.errors import GraphError, PermissionMissing, SignInFailed, Unreachable
from core.sandbox.graph import READ_PERMISSIONS, Graph
from core.store import Store, graph_feeds
from tests.core.graph.test_graph_model import Death, assert_right
from tests.core.graph.world import ASSIGNED, PROVIDER, World, tenant_of


class After(httpx.AsyncBaseTransport):
    """A network on which something happens to the request of one number, counted from 1."""

    def __init__(self, graph: Graph, number: int, error: BaseException) -> None:
        self._inner = httpx.ASGITransport(graph.app)
        self._left = number
        self._error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= 1
        if self._left == 0:
            raise self._error
        return await self._inner.handle_async_request(request)


class Answering(httpx.AsyncBaseTransport):
    """A Graph that answers everything alike."""

    def __init__(self, status: int, document: object = None, headers: dict[str, str] | None = None) -> None:
        self._response = (status, document, headers)
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        status, document, headers = self._response
        return httpx.Response(status, json=document, headers=headers)


class Silent(httpx.AsyncBaseTransport):
    """A Graph that lets nobody in, from the request after `after` on."""

    def __init__(self, after: int = 0, graph: httpx.AsyncBaseTransport | None = None) -> None:
        self._left, self._graph = after, graph

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= 1
        if self._left < 0 or self._graph is None:
            raise httpx.ConnectError("refused", request=request)
        return await self._graph.handle_async_request(request)


async def test_throttling_is_waited_for_as_long_as_graph_says_and_told(store: Store) -> None:
    world = World(store, tenant_of(2))
    world.graph.throttle_next(2, 17)
    pulled = await world.pull()
    assert world.waits == [(17.0, "throttled"), (17.0, "throttled")]
    assert pulled.waited == 34
    assert_right(world)


async def test_without_a_time_each_wait_is_longer(store: Store) -> None:
    world = World(store, tenant_of(2))
    world.graph.throttle_next(3, None)
    await world.pull()
    assert [seconds for seconds, _ in world.waits] == [1.0, 2.0, 4.0]


async def test_a_pause_that_is_too_long_ends_the_pull_and_the_next_goes_on(store: Store) -> None:
    world = World(store, tenant_of(5, delta_page_size=2))
    world.graph.throttle_next(1, 3600)
    with pytest.raises(Unreachable, match="3600 seconds"):
        await world.pull()
    await world.pull()
    assert_right(world)


async def test_near_the_limit_the_pull_slows_down(store: Store) -> None:
    world = World(store, tenant_of(12, delta_page_size=1, units_per_10_seconds=12))
    await world.pull()
    assert (2.0, "the limit is nearly reached") in world.waits


@pytest.mark.parametrize("transport", [Answering(503), Silent()], ids=["503", "refused"])
async def test_a_graph_that_never_answered_is_reported_within_seconds(
    store: Store, transport: httpx.AsyncBaseTransport
) -> None:
    world = World(store, tenant_of(1), transport=transport)
    with pytest.raises(Unreachable, match=r"503|refuses the connection") as caught:
        await world.pull()
    assert [seconds for seconds, _ in world.waits] == [1.0]
    assert "outage of Graph" in caught.value.remedy


async def test_a_graph_that_falls_silent_under_way_is_waited_for(store: Store) -> None:
    world = World(store, tenant_of(3, delta_page_size=1))
    world.transport = Silent(after=2, graph=httpx.ASGITransport(world.graph.app))
    with pytest.raises(Unreachable, match="refuses the connection"):
        await world.pull()
    assert [seconds for seconds, _ in world.waits] == [1.0, 2.0, 4.0, 8.0, 16.0]
    world.transport = None
    await world.pull()
    assert_right(world)


@pytest.mark.parametrize("missing", sorted(READ_PERMISSIONS))
async def test_a_missing_permission_is_named_with_the_way_to_grant_it(store: Store, missing: str) -> None:
    world = World(store, tenant_of(1), ASSIGNED, permissions=READ_PERMISSIONS - {missing})
    with pytest.raises(PermissionMissing, match=missing) as caught:
        await world.pull()
    assert "App registrations > the app the-app > API permissions" in caught.value.remedy
    assert caught.value.remedy.endswith("then Grant admin consent.")


async def test_why_a_pull_failed_stands_with_its_feeds_until_one_succeeds(store: Store) -> None:
    world = World(store, tenant_of(1), permissions=frozenset())
    with pytest.raises(PermissionMissing):
        await world.pull()
    with store.read() as connection:
        (feed,) = graph_feeds.feeds(connection, PROVIDER)
    assert feed.error is not None
    assert "User.Read.All" in feed.error
    world.permissions = None
    await world.pull()
    with store.read() as connection:
        assert {feed.error for feed in graph_feeds.feeds(connection, PROVIDER)} == {None}


async def test_a_token_that_is_not_taken_is_told_with_where_to_look(store: Store) -> None:
    world = World(store, tenant_of(1), transport=Answering(401, {"error": {"code": "X", "message": "Expired."}}))
    with pytest.raises(SignInFailed, match="Expired"):
        await world.pull()


@pytest.fixture
def small_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is kept by itself."""
    monkeypatch.setattr("core.graph.following.TOGETHER", 1)
    monkeypatch.setattr("core.graph.reconciling.MEMBERS_PART", 2)


async def pull_on(world: World) -> None:
    """Pull until that fails."""
    while True:
        await world.pull()


@pytest.mark.parametrize("number", range(1, 13))
async def test_pages_that_were_not_kept_when_a_pull_dies_are_read_again(store: Store, number: int) -> None:
    graph = tenant_of(6, delta_page_size=2, members_per_page=2)
    world = World(store, graph, ASSIGNED, transport=After(graph, number, Death()))
    with pytest.raises(Death):
        await pull_on(world)
    world.transport = None
    await world.pull()
    assert_right(world)


async def test_pages_are_kept_that_came_before_a_failure(store: Store) -> None:
    graph = tenant_of(6, delta_page_size=2)
    world = World(store, graph, transport=After(graph, 3, Unreachable("down")))
    with pytest.raises(Unreachable):
        await world.pull()
    world.transport = None
    pulled = await world.pull()
    assert pulled.tally.read["users"] == 2
    assert_right(world)


@pytest.mark.usefixtures("small_transactions")
@pytest.mark.parametrize("number", range(1, 13))
async def test_a_pull_that_dies_at_any_request_is_gone_on_with(store: Store, number: int) -> None:
    graph = tenant_of(6, delta_page_size=2, members_per_page=2)
    world = World(store, graph, ASSIGNED, transport=After(graph, number, Death()))
    with pytest.raises(Death):
        await pull_on(world)
    world.transport = None
    pulled = await world.pull()
    assert_right(world)
    if number in (3, 4):  # within the users' first round
        assert pulled.tally.read["users"] < 6


async def test_a_pull_that_dies_while_it_writes_is_gone_on_with(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.graph import memberships

    world = World(store, tenant_of(4))

    def dies(self: object, after: object, last: object) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch:
        patch.setattr(memberships.MemberParts, "follow", dies)
        with pytest.raises(RuntimeError, match="a fault"):
            await world.pull()
    await world.pull()
    assert_right(world)


@pytest.mark.parametrize("expired", ["410", "400"])
async def test_a_link_that_is_too_old_leads_to_a_comparison_of_everything(store: Store, expired: str) -> None:
    graph = tenant_of(5, delta_page_size=2, expired_token=expired)
    world = World(store, graph)
    await world.pull()
    before = {stored.id: stored.version for stored in world.all("User")}
    graph.expire_delta_tokens()
    changed = next(iter(graph.tenant.live_users()))
    graph.tenant.update_user(changed.id, department="Sales")
    pulled = await world.pull()
    assert pulled.tally.phases == {"users": "resync", "groups": "resync"}
    assert_right(world)
    after = {stored.id: stored.version for stored in world.all("User")}
    assert [ident for ident in before if after[ident] != before[ident]] == [world.user(changed.user_principal_name).id]


@pytest.mark.usefixtures("small_transactions")
@pytest.mark.parametrize("expired", ["410", "400"])
async def test_a_page_that_is_too_old_is_read_from_the_beginning_of_its_round(store: Store, expired: str) -> None:
    graph = tenant_of(6, delta_page_size=2, expired_token=expired)
    world = World(store, graph, transport=After(graph, 2, Death()))
    with pytest.raises(Death):
        await world.pull()
    graph.expire_page_tokens()
    world.transport = None
    pulled = await world.pull()
    assert pulled.tally.phases["users"] == "seed"
    assert_right(world)


async def test_who_is_missing_once_is_read_again_and_stays(store: Store) -> None:
    graph = tenant_of(3)
    world = World(store, graph)
    await world.pull()
    graph.expire_delta_tokens()
    user = next(iter(graph.tenant.live_users()))
    graph.hide(user.id, 1)
    await world.pull()
    assert world.missed(user.user_principal_name) == 0
    assert_right(world)


async def test_who_is_missing_twice_counts_as_missed_until_seen_again(store: Store) -> None:
    graph = tenant_of(3)
    world = World(store, graph)
    await world.pull()
    graph.expire_delta_tokens()
    user = next(iter(graph.tenant.live_users()))
    graph.hide(user.id, 2)
    pulled = await world.pull()
    assert pulled.tally.missing == 1
    assert world.missed(user.user_principal_name) == 1
    assert user.user_principal_name in world.active()
    await world.pull()
    assert world.missed(user.user_principal_name) == 0


async def test_a_directory_that_comes_back_empty_proves_nothing(store: Store) -> None:
    world = World(store, tenant_of(3))
    await world.pull()
    world.graph = tenant_of(0)
    world.settings = replace(world.settings, tenant="another")
    with pytest.raises(GraphError, match="no user at all"):
        await world.pull()
    assert len(world.active()) == 3


async def test_a_link_to_another_host_is_not_followed(store: Store) -> None:
    page = {"value": [], "@odata.nextLink": "https://evil.example/v1.0/users/delta?$skiptoken=x"}
    transport = Answering(200, page)
    world = World(store, tenant_of(1), transport=transport)
    with pytest.raises(GraphError, match=r"evil\.example"):
        await world.pull()
    assert transport.asked == 1


async def test_an_application_that_is_not_there_is_told(store: Store) -> None:
    world = World(store, tenant_of(1), replace(ASSIGNED, application="nothing"))
    with pytest.raises(GraphError, match="no enterprise application nothing"):
        await world.pull()


async def test_assignments_that_are_all_gone_prove_nothing(store: Store) -> None:
    graph = tenant_of(2)
    world = World(store, graph, ASSIGNED)
    await world.pull()
    (held,) = graph.tenant.applications.assigned_to("5b1d0000-0000-4000-8000-0000000000a1")
    graph.tenant.unassign(held.resource_id, held.id)
    with pytest.raises(GraphError, match="Nothing is assigned"):
        await world.pull()
    assert len(world.active()) == 2
