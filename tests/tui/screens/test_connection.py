"""Stories of waiting for an IdP's test connection: what arrived, and what is missing."""

from dataclasses import replace

import pytest
from console_stories import LARGE, SETTINGS, SMALL, Clock, console, start_engine
from test_providers import arrived, detail, flat, issued, opened, settled
from textual.pilot import Pilot

from core.config.settings import ProviderSettings
from core.store import Store, identities
from tui.app import Console
from tui.screens.connection_facts import KEPT, Arrivals

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
TEST = "/Users?filter=userName+eq+%225f1c2d3e-1111-4222-8333-abcdefabcdef%22"
UNKNOWN = "the token is not known here: enter a new one"


@pytest.fixture
def app(store: Store, clock: Clock) -> Console:
    """A console beside an engine that is alive."""
    store.writer.write_now(start_engine)
    return console(store, clock)


async def waiting(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await pilot.press("w")
    await pilot.pause()


@SIZES
async def test_at_first_everything_is_missing_and_each_step_is_named(
    app: Console, store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await waiting(pilot)
        text = flat(detail(app))
        assert "Waiting for Microsoft Entra ID, since 10:27:47" in text
        assert "! there is no live token: i issues one" in text
        assert '> nothing arrived yet: "Provisioning", "Test connection"' in text
        assert "it will send GET /Users?filter=userName eq a random id" in text
        assert "curl" not in text


async def test_without_an_engine_that_comes_first(store: Store, clock: Clock) -> None:
    lonely = console(store, clock)
    async with lonely.run_test(size=SMALL) as pilot:
        await waiting(pilot)
        assert "X no engine is alive, so nothing can arrive: 1, then g starts one" in detail(lonely)


@SIZES
async def test_the_test_connection_shows_at_the_tick_in_which_it_arrives(
    app: Console, store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    secret = issued(store)
    async with app.run_test(size=size) as pilot:
        await waiting(pilot)
        assert f"> token {secret[:8]}…, valid for 365 d, was not used yet" in detail(app)
        arrived(store, clock, TEST, 200, "no match")
        app.tick()
        await pilot.pause()
        text = flat(detail(app))
        asked = 'GET /Users?filter=userName eq "5f1c2d3e-1111-4222-8333-abcdefabcdef" 200'
        assert f"v {asked}: test connection arrived 0 s ago" in text
        assert f"v token {secret[:8]}…, valid for 365 d, was used 0 s ago" in text
        assert "> no user came yet" in text
        assert '"Provisioning", "Provision on demand": try one user.' in text
        clock.now += 3_000
        app.second()
        await pilot.pause()
        assert "test connection arrived 3 s ago" in flat(detail(app))


@pytest.mark.parametrize(
    ("status", "outcome", "said"),
    [
        (401, UNKNOWN, f"the token is wrong: {UNKNOWN}"),
        (403, "this token belongs to another provider", "not with this token: this token belongs to another provider"),
        (429, "more than 5 requests a second", "it sends faster than the rate of this provider: more than 5"),
        (400, "invalidVers", "the base URL does not end in /v2"),
        (500, "", "a fault here; the engine's log says what"),
        (None, "hung up", "it hung up before it was answered"),
    ],
)
async def test_what_was_not_let_in_is_told_with_the_reason(
    app: Console, store: Store, clock: Clock, status: int | None, outcome: str, said: str
) -> None:
    issued(store)
    arrived(store, clock, TEST, status, outcome)
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        text = flat(detail(app))
        assert said in text
        assert "test connection arrived" not in text
        assert "was not used yet" in text


async def test_a_right_token_after_a_wrong_one_is_what_counts(app: Console, store: Store, clock: Clock) -> None:
    issued(store)
    arrived(store, clock, TEST, 401, UNKNOWN)
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        arrived(store, clock, TEST, 200, "no match")
        await settled(pilot, app)
        text = flat(detail(app))
        assert "test connection arrived" in text
        assert "the token is wrong" not in text
        assert "1 request of those before it was not let in" in text


async def test_what_needs_no_token_shows_only_that_the_way_is_open(app: Console, store: Store, clock: Clock) -> None:
    issued(store)
    arrived(store, clock, "/ServiceProviderConfig", 200, "ok")
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        text = flat(detail(app))
        assert "v GET /ServiceProviderConfig 200: it reaches this server, 0 s ago" in text
        assert "> no token was used yet" in text
        assert "was not used yet" in text


async def test_an_oauth_client_that_got_its_token_has_still_to_use_it(app: Console, store: Store, clock: Clock) -> None:
    issued(store)
    arrived(store, clock, "/oauth/token", 200, "ok", "POST")
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        text = flat(detail(app))
        assert "v POST /oauth/token 200: it reaches this server" in text
        assert "> no token was used yet" in text
        arrived(store, clock, "/oauth/token", 401, "invalid_client", "POST")
        await settled(pilot, app)
        assert "X POST /oauth/token 401, 0 s ago: the token is wrong: invalid_client" in flat(detail(app))


async def test_an_address_that_is_not_allowed_is_told_also_where_no_token_is_needed(
    app: Console, store: Store, clock: Clock
) -> None:
    arrived(store, clock, "/ServiceProviderConfig", 403, "203.0.113.5 is not among the networks in allow")
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        assert "203.0.113.5 is not among the networks in allow" in flat(detail(app)).partition("What arrived")[0]


async def test_after_a_minute_of_nothing_it_says_what_may_be_in_the_way(
    app: Console, store: Store, clock: Clock
) -> None:
    issued(store)
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        clock.now += 61_000
        app.second()
        await pilot.pause()
        assert "curl -i https://scim.example.com/scim/entra/v2/ServiceProviderConfig" in flat(detail(app))


async def test_users_and_groups_that_came_end_the_waiting(app: Console, store: Store, clock: Clock) -> None:
    issued(store)
    arrived(store, clock, "/Users", 201, "created", "POST")
    store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", {"userName": "ada", "active": True}))
    async with app.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        text = flat(detail(app))
        assert "v 1 user provisioned" in text
        assert "> no group came yet" in text
        assert "v POST /Users 201: request arrived 0 s ago" in text
        store.writer.write_now(lambda tx: identities.create(tx, "entra", "Group", {"displayName": "staff"}))
        await settled(pilot, app)
        assert "v 1 group provisioned" in flat(detail(app))


async def test_of_an_idp_that_pushes_no_groups_none_are_awaited(store: Store, clock: Clock) -> None:
    google = console(store, clock, replace(SETTINGS, providers=(ProviderSettings("google", "google"),), targets=()))
    store.writer.write_now(lambda tx: identities.create(tx, "google", "User", {"userName": "ada", "active": True}))
    async with google.run_test(size=LARGE) as pilot:
        await waiting(pilot)
        text = flat(detail(google))
        assert "v 1 user provisioned" in text
        assert "group" not in text


async def test_another_provider_s_requests_are_not_taken_for_it(store: Store, clock: Clock) -> None:
    two = replace(SETTINGS, providers=(*SETTINGS.providers, ProviderSettings("okta", "okta")))
    both = console(store, clock, two)
    arrived(store, clock, TEST, 200, "no match")
    async with both.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("down", "w")
        await pilot.pause()
        text = flat(detail(both))
        assert "Waiting for Okta" in text
        assert "nothing arrived yet" in text


async def test_waiting_ends_with_the_key_that_began_it(app: Console, store: Store, clock: Clock) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await waiting(pilot)
        await pilot.press("w")
        await pilot.pause()
        assert "base URL" in detail(app)


def test_a_reading_takes_what_is_new_and_keeps_a_bounded_number(store: Store, clock: Clock) -> None:
    arrivals = Arrivals("entra")
    for number in range(KEPT + 50):
        arrived(store, clock, f"/Users/{number}", 200)
    with store.read() as connection:
        arrivals.read(connection)
    assert [row.path for row in (arrivals.rows[0], arrivals.rows[-1])] == ["/Users/50", f"/Users/{KEPT + 49}"]
    arrived(store, clock, "/Users/new", 200)
    with store.read() as connection:
        arrivals.read(connection)
    assert [row.path for row in arrivals.rows[-2:]] == [f"/Users/{KEPT + 49}", "/Users/new"]
    assert len(arrivals.rows) == KEPT
