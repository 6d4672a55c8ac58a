"""How the screens look, at the size of a plain terminal and of a wide one. After a wanted change: --snapshot-update."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import (
    CONFIG,
    LARGE,
    NOW,
    SMALL,
    TWO_TARGETS,
    Clock,
    K,
    change,
    conflict,
    console,
    plan_run,
    start_engine,
)
from textual.pilot import Pilot

from core.config import Settings, load_settings
from core.exchange import Exchange
from core.planning.values import Account, TargetGroup
from core.store import Store, Transaction, conflicts, engines, observed, pending, runs, tokens
from tui.actions import Place, keys_of
from tui.frame import MODES

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
PLAN = (
    change(K.DEACTIVATE_ACCOUNT, "grace.hopper"),
    change(K.CREATE_GROUP, "", "Engineering"),
    change(K.CREATE_ACCOUNT, "ada.lovelace"),
    change(K.CREATE_ACCOUNT, "山田太郎"),
    change(K.REMOVE_MEMBER, "alan.turing", "Engineering"),
    change(K.ADD_MEMBER, "ada.lovelace", "Engineering"),
)


def a_busy_morning(tx: Transaction) -> None:
    """An engine, traffic, a backlog, a plan that waits, conflicts."""
    start_engine(tx)
    for seconds_ago in range(1, 60):
        for number in range(seconds_ago % 7):
            status = 409 if seconds_ago == 30 else 201
            tx.log(Exchange("in", "entra", NOW - seconds_ago * 1000, 9000, "POST", "/Users", status, f"user-{number}"))
        tx.log(Exchange("out", "wiki", NOW - seconds_ago * 1000, 12_000, "POST", "/rest/user", 200))
    observed.see_accounts(tx, "wiki", [Account(f"a{n}", f"n{n}", f"n{n}", None, None, True) for n in range(1204)])
    observed.see_groups(tx, "wiki", [TargetGroup(f"g{n}", f"g{n}") for n in range(88)])
    pending.touch(tx, ["wiki"], "user", ["u1", "u2"], None)
    failed = runs.start(tx, "docs", "push", "2 keys")
    runs.finish(tx, failed, "failed", "docs.example.com did not answer within 30 s")
    notes = ("Left out, because users.username does not match: 3 users: x, y and z",)
    run = plan_run(tx, PLAN, conflicts=1, notes=notes)
    conflicts.record(tx, "wiki", run, [conflict()], lambda _: True)


@pytest.fixture
def busy(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(tokens.secrets, "token_urlsafe", lambda size: "Ab12" * 8)
    store.writer.write_now(a_busy_morning)
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@adm", tx.now + 6 * tokens.DAY))
    clock.now += 4000
    store.writer.write_now(lambda tx: engines.beat(tx, 1))
    return store


async def settled(pilot: Pilot[None]) -> None:
    """All that is read and computed is there."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def forms(tmp_path: Path) -> Settings:
    """Settings with a file behind them, for the screens that edit it."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return replace(load_settings(path), store=TWO_TARGETS.store)


@pytest.mark.parametrize("theme", ["dark", "high-contrast", "monochrome"])
@SIZES
@pytest.mark.parametrize("place", MODES)
def test_every_screen(
    busy: Store,
    clock: Clock,
    forms: Settings,
    place: Place,
    size: tuple[int, int],
    theme: str,
    snap_compare: Callable[..., bool],
) -> None:
    settings = forms if place in ("user_sync", "group_sync") else TWO_TARGETS
    shown = replace(settings, console=replace(settings.console, theme=f"manciple-{theme}"))
    (key,) = keys_of(f"everywhere.{place}", {})
    assert snap_compare(console(busy, clock, shown), press=[key], terminal_size=size, run_before=settled)
