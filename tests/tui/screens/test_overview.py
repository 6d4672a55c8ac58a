"""Stories of the overview, at the size of a plain terminal and of a wide one."""

from dataclasses import replace

import pytest
from console_stories import (
    HOSTILE,
    LARGE,
    NOW,
    SETTINGS,
    SMALL,
    Clock,
    K,
    change,
    conflict,
    console,
    drawn,
    page,
    plan_run,
    said,
    start_engine,
)
from textual.pilot import Pilot

from core.exchange import Exchange
from core.planning.values import Account, TargetGroup
from core.store import Store, Transaction, conflicts, engines, observed, pending, runs, tokens, tolerance_uses
from core.store.tokens import DAY
from tui.app import Console
from tui.widgets.scroll import Scroll

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


async def refresh(pilot: Pilot[None], app: Console) -> None:
    """What the ticker does, at once."""
    app.tick()
    app.second()
    await pilot.pause()


@SIZES
async def test_an_empty_store_says_what_comes_first(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        first, second = page(app, "first"), page(app, "second")
        assert "X none has run on this store yet" in first
        assert "X No engine is alive: nothing is received or applied" in first
        assert "! no token: manciple token issue entra" in first
        assert "https://scim.example.com/scim/entra/v2" in first
        assert "no request yet" in first
        assert "no run yet" in second
        assert "0 accounts, 0 groups seen" in second


@SIZES
async def test_a_store_at_work_is_shown_whole(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        tokens.issue(tx, "entra", "ada@adm")
        for seconds_ago in range(1, 11):
            at, status = NOW - seconds_ago * 1000, 503 if seconds_ago < 3 else 200
            tx.log(Exchange("in", "entra", at, 900, "POST", "/Users", 201))
            tx.log(Exchange("out", "wiki", at, 900, "POST", "/rest", status))
        observed.see_accounts(tx, "wiki", [Account(f"a{n}", f"n{n}", f"n{n}", None, None, True) for n in range(1204)])
        observed.see_groups(tx, "wiki", [TargetGroup("g", "g")])
        pending.touch(tx, ["wiki"], "user", ["u1", "u2"], None)
        run = plan_run(tx, [change(K.CREATE_ACCOUNT)], state="done")
        conflicts.record(tx, "wiki", run, [conflict()], lambda _: True)

    store.writer.write_now(work)
    clock.now += 500
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        first, second = page(app, "first"), page(app, "second")
        assert "v alive for 0 s  http://127.0.0.1:8440  adm-01, pid 4121" in first
        assert "1.0/s" in first
        assert "last request 1 s ago" in first
        assert "1.0/s" in second
        assert "! 2 failed" in second
        assert "backlog 2 keys, oldest 0 s" in second
        assert "1,204 accounts, 1 group seen   ! 1 conflict open" in second
        assert "v run 1 ordered: done 0 s ago, 1 change" in second
        assert "! Two users map to the account ada   0 s ago" in second


async def test_what_needs_you_is_named_with_the_next_key_or_command(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        tokens.issue(tx, "entra", "ada@adm", tx.now + 6 * DAY)
        plan_run(tx, [change(K.CREATE_ACCOUNT)] * 12)
        failed = runs.start(tx, "wiki", "push", "3 keys")
        runs.finish(tx, failed, "failed", "wiki.example.com refused the password")
        pending.touch(tx, ["wiki"], "user", ["u1"], None)
        (key,) = pending.claim(tx.connection, "wiki", tx.now, 5)
        pending.fail(tx, key, "503")

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        lines = [line for line in page(app, "first").splitlines() if line.strip()]
        found = {" ".join(line.split()) for line in lines}
        assert "Needs you ! wiki: a plan of 12 changes waits for approval 3, then a" in found
        assert "X entra: token mcp_" in page(app, "first")
        assert "ends in 6 d" in page(app, "first")
        assert "! wiki: 1 key failed, and will be tried again 3" in found
        assert any(line.startswith("X wiki: run 2 failed: wiki.example.com refused the") for line in found)


async def test_where_nothing_needs_you_it_says_so(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        tokens.issue(tx, "entra", "ada@adm")

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "Needs you   v nothing" in page(app, "first")


@pytest.mark.parametrize(
    ("days", "told", "mark"),
    [(31, None, ""), (30, "30 d", "!"), (8, "8 d", "!"), (7, "7 d", "X"), (1, "24 h", "X")],
)
async def test_the_end_of_a_token_is_told_thirty_days_before_and_loudly_in_the_last_week(
    store: Store, clock: Clock, days: int, told: str | None, mark: str
) -> None:
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@adm", tx.now + days * DAY))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        ends = [line for line in page(app, "first").splitlines() if "ends in" in line]
        assert bool(ends) == (told is not None)
        assert all(f"ends in {told}" in line for line in ends)
        assert not ends or f"{mark} entra: token mcp_" in ends[0]


async def test_only_the_end_of_the_token_in_use_is_told(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        tokens.issue(tx, "entra", "ada@adm", tx.now + 3 * DAY)
        tokens.issue(tx, "entra", "ada@adm")
        (_, new) = tokens.listing(tx.connection, "entra")
        tokens.note_use(tx, new.id)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "ends in" not in page(app, "first")
        assert "last request 0 s ago" in page(app, "first")


async def test_an_engine_that_gives_no_sign_of_life_is_taken_for_dead(store: Store, clock: Clock) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "v alive for 0 s" in page(app, "first")
        clock.now += 11_000
        await refresh(pilot, app)
        assert "X no sign of life for 11 s   adm-01, pid 4121" in page(app, "first")


async def test_an_engine_that_ended_or_drains_is_told_as_such(store: Store, clock: Clock) -> None:
    number = store.writer.write_now(start_engine)
    store.writer.write_now(lambda tx: engines.beat(tx, number, draining=True))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "! draining" in page(app, "first")
        store.writer.write_now(lambda tx: engines.stop(tx, number))
        clock.now += 60_000
        await refresh(pilot, app)
        assert "X ended 1 min ago   adm-01" in page(app, "first")


async def test_ages_and_bars_move_on_though_nothing_was_committed(store: Store, clock: Clock) -> None:
    exchange = Exchange("in", "entra", NOW - 2000, 900, "POST", "/Users", 201)
    store.writer.write_now(lambda tx: tx.log(exchange))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "0.1/s" in page(app, "first")
        clock.now += 61_000
        await refresh(pilot, app)
        assert "quiet" in page(app, "first")
        assert "last request 1 min ago" in page(app, "first")


@SIZES
async def test_hostile_names_stay_plain_text(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    def work(tx: Transaction) -> None:
        found = [replace(conflict(name), subject=f"user:{name}") for name in HOSTILE]
        conflicts.record(tx, "wiki", 1, found, lambda _: True)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.press("end")
        await pilot.pause()
        text = page(app, "second")
        for shown in ("␛]0;owned␇evil", "[red]bob[/red]", "\ufffdecila", "山田太郎", "حداد"):
            assert shown in text
        assert drawn(app.screen.query_one("#second")).replace("\n", "").isprintable()


async def test_a_sync_is_refused_with_its_reason_where_it_cannot_be_ordered(store: Store, clock: Clock) -> None:
    app = console(store, clock, replace(SETTINGS, targets=()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("s")
        assert "Sync now: no target is configured" in page(app, "flash")
        assert "(s Sync now)" in page(app, "footer")
        assert "No target is configured: what comes in is only kept" in page(app, "first")


async def test_many_targets_are_reached_by_scrolling(store: Store, clock: Clock) -> None:
    template = SETTINGS.targets[0]
    targets = tuple(replace(template, name=f"wiki-{number}") for number in range(20))
    app = console(store, clock, replace(SETTINGS, targets=targets))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("end")
        await pilot.pause()
        scroll = app.screen.query_one(Scroll)
        before = scroll.scroll_offset.y
        assert before == scroll.max_scroll_y > 0
        await refresh(pilot, app)
        assert scroll.scroll_offset.y == before


async def test_keys_that_wait_for_a_plan_are_said_where_nothing_is_applied_unasked(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: pending.touch(tx, ["wiki"], "user", ["u1", "u2"], None))
    wiki = SETTINGS.targets[0]
    held = replace(wiki, schedule=replace(wiki.schedule, auto_apply="never"))
    for settings, shown in ((SETTINGS, False), (replace(SETTINGS, targets=(held,)), True)):
        app = console(store, clock, settings=settings)
        async with app.run_test(size=LARGE) as pilot:
            await refresh(pilot, app)
            assert ("wiki: 2 keys wait for a plan" in page(app, "first")) is shown


@SIZES
async def test_what_a_provider_sends_beside_the_standard_is_listed_on_a_key(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    uses = {("entra", "op-case"): (4_711, 7), ("entra", "removal-by-value"): (3, 9)}
    store.writer.write_now(lambda tx: tolerance_uses.note(tx, uses))
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "tolerated: op-case 4,711 times and 1 other" in page(app, "first")
        await pilot.press("t")
        await pilot.pause()
        shown = said(app)
        assert "op-case                            4,711 times   last" in shown
        assert "A removal that lists values removes these values, not all of them." in shown
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_without_any_the_key_says_so(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert "Tolerances: no provider has needed any" in page(app, "flash")
