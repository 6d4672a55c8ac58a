"""Stories of the drift of a target: what is reported, what may stay, and what is to be taken away."""

import pytest
from console_stories import (
    LARGE,
    SETTINGS,
    SMALL,
    TWO_TARGETS,
    Clock,
    K,
    answer,
    change,
    console,
    drawn,
    given,
    page,
    plan_run,
    said,
    start_engine,
)
from sync_stories import MIXED, opened, refresh, summary
from textual.pilot import Pilot

from core.admin import admin
from core.config.settings import Settings
from core.planning.drift import Drifted
from core.planning.values import Account, TargetGroup
from core.store import Store, StoreError, Transaction, audit, drift, links, noted, observed
from tui.app import Console
from tui.dialogs.drift import DriftDialog
from tui.screens.drifting import reported
from tui.screens.sync import SyncScreen
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


@pytest.fixture
def drifted(store: Store, clock: Clock) -> None:
    """An engine; at `wiki` what others changed, an account without a user, and a group that nothing feeds."""

    def write(tx: Transaction) -> None:
        start_engine(tx)
        observed.see_accounts(tx, "wiki", [account("ada"), account("svc")])
        links.put(tx, "wiki", "u-ada", "a-ada", "ada", "ada", "created", 1)
        noted.groups(tx, "wiki", [TargetGroup("project-x", "project-x")])
        changed = Drifted("account-changed", "ada", "a-ada", None, "email", "ada@x", "king@x\x1b[31m")
        drift.found(tx, "wiki", 7, [changed, Drifted("member-added", "ada in admins", "a-ada", "admins")])

    store.writer.write_now(write)


def account(name: str) -> Account:
    return Account(f"a-{name}", name, name, name.title(), None, True)


def listed(app: Console) -> list[str]:
    return drawn(app.screen.query_one("#drift", WindowView)).splitlines()


def told(app: Console) -> str:
    return " ".join(said(app).split())


async def shown(pilot: Pilot[None], app: Console) -> None:
    await opened(pilot)
    await pilot.press("v")
    await settled(pilot, app)


async def settled(pilot: Pilot[None], app: Console) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


def names(store: Store) -> list[str]:
    return [each.name for each in reported(store, "wiki")]


@SIZES
@pytest.mark.usefixtures("drifted")
async def test_what_others_changed_comes_first_then_what_has_nobody_behind_it(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await shown(pilot, app)
        rows = listed(app)
        assert " ".join(rows[0].split()).startswith("> member put in 10:27:47 ada in admins")
        assert "account changed   10:27:47    ada: email ada@x, found king@x␛[31m" in rows[1]
        assert "account no user" in rows[2]
        assert "svc" in rows[2]
        assert "group   not fed" in rows[3]
        assert "project-x" in rows[3]
        assert "2 changed by others, 2 with nobody behind them." in told(app)
        await pilot.press("down")
        await pilot.pause()
        text = told(app)
        assert "Somebody else changed this account." in text
        assert "Seen 10:27:47 by run 7. What the rules want otherwise, the next synchronisation puts right." in text
        assert "K lets it stay as it is; esc closes this." in text


@SIZES
async def test_where_nothing_drifted_it_says_so(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await shown(pilot, app)
        assert "v wiki is as it was left, and everything in it has somebody behind it." in told(app)
        await pilot.press("K", "D", "enter")
        await settled(pilot, app)
        assert isinstance(app.screen, DriftDialog)
        await pilot.press("escape")
        assert isinstance(app.screen, SyncScreen)


@SIZES
@pytest.mark.usefixtures("drifted")
async def test_what_may_stay_is_reported_no_longer_and_the_cursor_stays(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await shown(pilot, app)
        await pilot.press("down", "K")
        await settled(pilot, app)
        assert "ada may stay as it is." in told(app)
        assert names(store) == ["ada in admins", "svc", "project-x"]
        assert listed(app)[1].startswith("> account no user")
        await pilot.press("K")
        await settled(pilot, app)
        await pilot.press("K")
        await settled(pilot, app)
        assert names(store) == ["ada in admins"]
        with store.read() as connection:
            found = [(entry.who, entry.action, entry.subject, entry.detail) for entry in audit.newest(connection, 9)]
        assert found == [(admin(), "keep drift", "wiki", name) for name in ("project-x", "svc", "ada")]


@pytest.mark.usefixtures("drifted")
async def test_what_is_no_longer_so_cannot_be_kept(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, app)
        store.writer.write_now(lambda tx: drift.clear(tx, [1, 2]))
        await pilot.press("K")
        await settled(pilot, app)
        assert "ada in admins is no longer as it was reported." in told(app)
        assert names(store) == ["svc", "project-x"]
        with store.read() as connection:
            assert audit.newest(connection, 9) == []


@SIZES
@pytest.mark.parametrize(("row", "choice"), [(2, "deactivate svc"), (3, "delete-group project-x")])
@pytest.mark.usefixtures("drifted")
async def test_what_has_nobody_behind_it_is_planned_away_and_the_plan_is_shown(
    store: Store, clock: Clock, size: tuple[int, int], row: int, choice: str
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await shown(pilot, app)
        await pilot.press(*["down"] * row, "D")
        await refresh(pilot, app)
        assert isinstance(app.screen, SyncScreen)
        assert [(order.kind, order.subject) for order in given(store)] == [("choose", f"wiki {choice}")]
        assert f"{choice}: asked; the plan will wait for you here" in " ".join(page(app, "flash").split())
        run = store.writer.write_now(lambda tx: plan_run(tx, [change(K.DEACTIVATE_ACCOUNT, "svc")]))
        store.writer.write_now(lambda tx: plan_run(tx, MIXED))
        answer(store, "done", f"Run {run} waits.", run)
        await refresh(pilot, app)
        assert f"Run {run}  wiki  ? waiting" in summary(app)


@pytest.mark.usefixtures("drifted")
async def test_what_others_changed_is_not_taken_away_but_put_right_by_the_rules(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, app)
        await pilot.press("D")
        await settled(pilot, app)
        assert "not taken away: what the rules want otherwise, the next synchronisation puts right" in told(app)
        assert given(store) == []


@pytest.mark.usefixtures("drifted")
async def test_without_an_engine_nothing_is_taken_away(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, app)
        clock.now += 60_000
        await pilot.press("down", "down", "D")
        await settled(pilot, app)
        assert "not taken away: no engine is alive" in told(app)
        assert given(store) == []


@pytest.mark.parametrize(("settings", "asks"), [(SETTINGS, False), (TWO_TARGETS, True)], ids=["one", "two"])
@pytest.mark.usefixtures("drifted")
async def test_where_there_are_several_targets_it_asks_which(
    store: Store, clock: Clock, settings: Settings, asks: bool
) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, MIXED))
    app = console(store, clock, settings)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await settled(pilot, app)
        assert ("Of which target?" in told(app)) is asks
        if asks:
            await pilot.press("enter")
            await settled(pilot, app)
        assert "Drift of wiki, as of its last read" in told(app)


async def test_a_report_that_cannot_be_read_says_why(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("no permission to read the store")

    monkeypatch.setattr("tui.screens.drifting.reported", fail)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, app)
        assert "no permission to read the store" in told(app)
