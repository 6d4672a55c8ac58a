"""How the screens look, at the size of a plain terminal and of a wide one. After a wanted change: --snapshot-update."""

from collections.abc import Callable

import pytest
from console_stories import LARGE, NOW, SMALL, TWO_TARGETS, Clock, K, change, conflict, console, plan_run, start_engine

from core.exchange import Exchange
from core.planning.values import Account, TargetGroup
from core.store import Store, Transaction, conflicts, engines, observed, pending, runs, tokens

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


@SIZES
def test_overview(busy: Store, clock: Clock, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(console(busy, clock, TWO_TARGETS), terminal_size=size)


@SIZES
def test_sync(busy: Store, clock: Clock, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(console(busy, clock, TWO_TARGETS), press=["3"], terminal_size=size)


@SIZES
def test_conflicts(busy: Store, clock: Clock, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(console(busy, clock, TWO_TARGETS), press=["4"], terminal_size=size)
