"""Stories of a provider that is read over Microsoft Graph: how far, what a pull does or waits for, and a check."""

from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import LARGE, SMALL, Clock, console, given, page, start_engine
from graph_stories import READ, detail, opened, passed, rows

from core.store import Store, Transaction, graph_feeds, graph_objects, graph_pulls
from core.store.graph_feeds import Feed
from core.store.graph_objects import Mirrored
from core.store.graph_pulls import PullRow
from tui import health_check
from tui.health_check import CheckFailed, Found
from tui.times import MINUTE

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


def read(store: Store, clock: Clock, *, error: str | None = None) -> None:
    """Both feeds, read three minutes ago."""

    def write(tx: Transaction) -> None:
        at = clock.now - 3 * MINUTE
        failed = at if error else None
        for name in ("users", "groups"):
            feed = Feed("entra", name, "steady", "q", round=7, full_round=1, done_at=at, error=error, failed_at=failed)
            graph_feeds.keep(tx, feed)

    store.writer.write_now(write)


def pulling(store: Store, clock: Clock, **fields: object) -> None:
    row = replace(PullRow("entra", clock.now, clock.now, None, "users: seed, 2,997 told", 3, 4), **fields)  # type: ignore[arg-type]
    store.writer.write_now(lambda tx: graph_pulls.begin(tx, row))


@SIZES
async def test_what_was_never_read_says_how_to_read_it(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "not read yet" in rows(app)[0]
        assert "Nothing was read yet. p reads it now." in detail(app)


@SIZES
async def test_how_far_it_was_read_and_what_that_took(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    read(store, clock)
    pulling(store, clock, ended_at=clock.now + 2_000, waited=1_000)
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert rows(app)[0].startswith("> v entra")
        assert "read 3 min ago" in rows(app)[0]
        assert "took 3 requests, 4 resource units, 2 s, 1 s of it waiting" in detail(app)
        assert "users followed by its changes, read 3 min ago, round 7" in detail(app)


@SIZES
async def test_a_pull_is_shown_live_with_why_and_how_long_it_waits(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        pulling(store, clock)
        await passed(pilot, app)
        assert "being read" in rows(app)[0]
        assert "step users: seed, 2,997 told took 3 requests, 4 resource units" in detail(app)
        assert "waits" not in detail(app)
        pulling(store, clock, waiting_until=clock.now + 43_000, waiting_for="throttled")
        await passed(pilot, app)
        assert "waits 43 s yet, for: throttled" in detail(app)
        clock.now += 40_000
        await passed(pilot, app)
        assert "waits 3 s yet, for: throttled" in detail(app)
        assert "waits" in rows(app)[0]
        pulling(store, clock, ended_at=clock.now)
        await passed(pilot, app)
        assert "Being read" not in detail(app)


async def test_a_device_code_is_shown_while_it_is_waited_for(store: Store, clock: Clock) -> None:
    app = console(store, clock, READ)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        asked = "somebody who opens https://microsoft.com/devicelogin and enters AB12CD34"
        pulling(store, clock, step="signing in", waiting_until=clock.now + 900_000, waiting_for=asked)
        await passed(pilot, app)
        assert f"for: {asked}" in detail(app)


@SIZES
async def test_why_the_last_pull_failed_is_shown_with_the_way_out(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    lacks = "It lacks User.Read.All. Grant it: Entra admin center > App registrations > API permissions."
    read(store, clock, error=lacks)
    app = console(store, clock, READ)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert rows(app)[0].startswith("> X entra")
        assert f"X The last pull failed 3 min ago {lacks} p tries again." in detail(app)


async def test_who_is_left_out_is_named_with_the_reason(store: Store, clock: Clock) -> None:
    read(store, clock)

    def write(tx: Transaction) -> None:
        graph_objects.keep(tx, [Mirrored("entra", f"id-{n}", "user", problem="it has no userName") for n in range(7)])

    store.writer.write_now(write)
    app = console(store, clock, READ)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        assert rows(app)[0].startswith("> ! entra")
        assert "! 7 objects left out user id-0: it has no userName" in detail(app)
        assert "and 2 more" in detail(app)


async def test_who_is_left_out_is_looked_for_again_once_a_pull_ended(store: Store, clock: Clock) -> None:
    pulling(store, clock)
    app = console(store, clock, READ)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        out = Mirrored("entra", "id-1", "user", problem="it has no userName")
        store.writer.write_now(lambda tx: graph_objects.keep(tx, [out]))
        await passed(pilot, app)
        assert "left out" not in detail(app)
        pulling(store, clock, ended_at=clock.now + 1)
        await passed(pilot, app)
        assert "1 object left out" in detail(app)


async def test_a_pull_is_ordered_and_needs_an_engine(store: Store, clock: Clock) -> None:
    app = console(store, clock, READ)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await pilot.pause()
        assert "no engine is alive" in page(app, "flash")
        store.writer.write_now(start_engine)
        await passed(pilot, app)
        await pilot.press("p")
        await passed(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("pull", "entra")]
        assert "pull entra: asked" in page(app, "flash")


async def test_a_provider_that_pushes_is_not_pulled(store: Store, clock: Clock) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await pilot.pause()
        assert "Pull now: this provider pushes by SCIM" in page(app, "flash")
        assert given(store) == []


async def test_a_check_shows_each_finding_with_its_remedy(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(config: Path, name: str) -> tuple[Found, ...]:
        assert name == "entra"
        return (
            Found("credential", True, "Entra gives the app a token."),
            Found("permissions", True, "The app may change things.", "Take them away.", is_warning=True),
            Found("groups", False, "It lacks Group.Read.All.", "Grant it: API permissions."),
        )

    monkeypatch.setattr(health_check, "check_provider", check)
    app = console(store, clock, READ)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        assert "c tries sign-in and permissions." in detail(app)
        await pilot.press("c")
        await passed(pilot, app)
        text = detail(app)
        assert "v credential: Entra gives the app a token." in text
        assert "! permissions: The app may change things. Take them away." in text
        assert "X groups: It lacks Group.Read.All. Grant it: API permissions." in text
        assert "check entra: 1 of 3 failed" in page(app, "flash")


async def test_a_check_that_finds_nothing_out_says_why(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(config: Path, name: str) -> tuple[Found, ...]:
        raise CheckFailed("the check took longer than 180 s")

    monkeypatch.setattr(health_check, "check_provider", check)
    app = console(store, clock, READ)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await passed(pilot, app)
        assert "the check took longer than 180 s" in detail(app)
