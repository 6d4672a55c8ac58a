"""Stories of the targets screen: seen, checked, synchronised."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import (
    LARGE,
    SETTINGS,
    SMALL,
    TOKEN,
    TWO_TARGETS,
    Clock,
    conflict,
    console,
    drawn,
    given,
    page,
    plan_run,
    start_engine,
)
from textual.pilot import Pilot

from core.config.settings import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.store import Store, conflicts, pending
from tui import health_check
from tui.app import Console
from tui.health_check import CheckFailed, Found
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
FOUND = {
    "wiki": (
        Found("credential", True, "Confluence knows the credential as svc."),
        Found("administrator", False, "svc may not change others.", "Add svc to confluence-administrators."),
    ),
    "docs": (Found("credential", True, "Confluence knows the credential as svc."),),
}
Check = Callable[[Path], Awaitable[Mapping[str, tuple[Found, ...]]]]


def detail(app: Console) -> str:
    return app.screen_stack[0].query_one("#detail").query_one(Page).text


def flat(text: str) -> str:
    return " ".join(text.split())


def rows(app: Console) -> list[str]:
    return drawn(app.screen_stack[0].query_one("#list", WindowView)).splitlines()


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("7")
    await pilot.pause()


async def settled(pilot: Pilot[None], app: Console) -> None:
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The configurations that were checked; every check finds the same."""
    asked: list[Path] = []

    async def check(config: Path) -> Mapping[str, tuple[Found, ...]]:
        asked.append(config)
        return FOUND

    monkeypatch.setattr(health_check, "check_targets", check)
    return asked


@SIZES
async def test_without_a_target_it_says_what_to_do(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock, replace(SETTINGS, targets=()))
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "No target is configured." in detail(app)
        assert "Write a [[target]] into config.toml" in flat(detail(app))
        await pilot.press("c")
        await pilot.pause()
        assert "Check: no target is configured" in page(app, "flash")


@SIZES
async def test_a_target_shows_how_it_is_reached_and_where_its_secret_lies(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "[7 Targets]" in page(app, "title")
        assert rows(app)[0].startswith("> > wiki")
        text = detail(app)
        assert "wiki  Confluence Data Center" in text
        assert "URL         https://wiki.example.com" in text
        assert "credential  token env:TOKEN" in text
        assert "provider    entra" in text
        assert "every 1 h; plans are applied within the brakes" in text
        assert "no run yet" in text
        assert "not checked yet: c tries it, and changes nothing" in text


async def test_a_secret_in_the_file_is_not_shown(store: Store, clock: Clock) -> None:
    target = TargetSettings(
        "jira",
        "jira",
        "https://jira.example.com",
        SecretReference("plain", "hunter2"),
        "entra",
        username="svc",
        schedule=ScheduleSettings(None, "never"),
    )
    app = console(store, clock, replace(SETTINGS, targets=(target,)))
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        text = detail(app)
        assert "hunter2" not in text
        assert "svc, its password a plain value (hidden)" in text
        assert "only when asked; plans wait for approval" in text


async def test_backlog_last_run_and_conflicts_are_told(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, [], state="failed"))
    store.writer.write_now(lambda tx: conflicts.record(tx, "wiki", 1, [conflict()], lambda _: True))
    store.writer.write_now(lambda tx: pending.touch(tx, ["wiki"], "user", ["u1", "u2"], None))
    clock.now += 5_000
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        assert rows(app)[0].startswith("> X wiki")
        assert "2 pending" in rows(app)[0]
        text = detail(app)
        assert "2 keys pending, the oldest for 5 s" in text
        assert "run 1 ordered: failed 5 s ago" in text
        assert "! 1 open" in text


@SIZES
async def test_a_check_shows_what_fails_first_with_its_remedy(
    store: Store, clock: Clock, checks: list[Path], size: tuple[int, int]
) -> None:
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await settled(pilot, app)
        assert checks == [TWO_TARGETS.path]
        lines = [line.strip() for line in detail(app).splitlines()]
        failed = lines.index("X administrator: svc may not change others.")
        assert lines[failed + 1] == "Add svc to confluence-administrators."
        assert lines.index("v credential: Confluence knows the credential as svc.") > failed
        assert "Checked with env:TOKEN of this console, not of the engine." in detail(app)
        assert "check: wiki: 1 of 2 failed" in page(app, "flash")
        assert [row[2] for row in rows(app)[:2]] == ["X", ">"]
        await pilot.press("down")
        await pilot.pause()
        assert "docs  Confluence Data Center" in detail(app)
        assert "X administrator" not in detail(app)


async def test_a_check_goes_on_in_the_background_and_is_not_begun_twice(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def check(config: Path) -> Mapping[str, tuple[Found, ...]]:
        await may_end.wait()
        return {"wiki": FOUND["docs"]}

    monkeypatch.setattr(health_check, "check_targets", check)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await pilot.pause()
        assert "> checking …" in detail(app)
        await pilot.press("c")
        await pilot.pause()
        assert "Check: a check is under way" in page(app, "flash")
        await pilot.press("1")
        may_end.set()
        await settled(pilot, app)
        assert "check: 1 target, all well" in page(app, "flash")
        await opened(pilot)
        assert "v credential: Confluence knows the credential as svc." in detail(app)


async def test_a_check_that_finds_nothing_out_says_why(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(config: Path) -> Mapping[str, tuple[Found, ...]]:
        raise CheckFailed("the check could not be started: no memory")

    monkeypatch.setattr(health_check, "check_targets", check)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("c")
        await settled(pilot, app)
        assert "X the check could not be started: no memory" in detail(app)
        assert "no memory" in page(app, "flash")


async def test_the_target_under_the_cursor_is_synchronised(store: Store, clock: Clock) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("down", "s")
        await settled(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("sync", "docs")]


async def test_without_an_engine_nothing_is_synchronised(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await settled(pilot, app)
        assert given(store) == []
        assert "Sync now: no engine is alive" in page(app, "flash")


async def test_forty_targets_scroll(store: Store, clock: Clock) -> None:
    many = tuple(
        TargetSettings(f"wiki-{number}", "confluence", "https://w.example.com", TOKEN, "entra") for number in range(40)
    )
    app = console(store, clock, replace(SETTINGS, targets=many))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("pagedown", "pagedown", "down")
        await pilot.pause()
        name = next(row for row in rows(app) if row.startswith(">")).split()[2]
        assert f" {name}  Confluence" in detail(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.has_class("-pane-detail")
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.has_class("-pane-detail")
