"""`manciple undo` and `manciple drift`, against an engine that does what a test says."""

import sys

import pytest
from engine_stub import StubEngine
from running import Run, Terminal

from core.planning.drift import Drifted
from core.planning.values import Account
from core.store import Store, Transaction, audit, changes, drift, observed, runs


@pytest.fixture
def done(run: Run, engine: StubEngine) -> int:
    """A run that changed something."""
    assert run("sync", "wiki", "--yes").code == 0
    engine.orders.clear()
    return 1


@pytest.fixture
def drifted(store: Store) -> None:
    def write(tx: Transaction) -> None:
        observed.see_accounts(tx, "wiki", [Account("a-svc", "svc", "svc", "Service", None, True)])
        drift.found(tx, "wiki", 7, [Drifted("account-changed", "ada", "a-ada", None, "email", "ada@x", "king@x")])

    store.writer.write_now(write)


def newest(store: Store) -> runs.Run:
    with store.read() as connection:
        return runs.newest(connection, 1)[0]


def test_a_run_is_undone_by_a_run_that_is_shown_and_approved(
    run: Run, done: int, engine: StubEngine, store: Store
) -> None:
    result = run("undo", "1", "--yes")
    assert (result.code, result.err) == (0, "")
    assert "Plan of run 2 for wiki (undo of run 1)" in result.out
    assert engine.orders == [("undo", "1"), ("approve", "2")]
    assert newest(store).undoes == 1
    assert "undoes    run 1" in run("runs", "2").out


def test_without_a_terminal_the_undoing_waits(run: Run, done: int, store: Store) -> None:
    result = run("undo", "1")
    assert result.code == 3
    assert "runs 2 --approve" in result.error
    assert newest(store).state == "waiting"


def test_who_says_no_keeps_what_is_there(run: Run, done: int, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert run("undo", "1").out.splitlines()[-1].strip() == "Nothing was changed."
    with store.read() as connection:
        assert {stored.state for stored in changes.of_run(connection, 2)} == {"dropped"}


def test_a_run_that_is_not_there_and_an_engine_that_refuses_are_told(run: Run, done: int, engine: StubEngine) -> None:
    assert run("undo", "99").code == 2
    engine.refusal = "Run 1 changed nothing: there is nothing to put back."
    assert "there is nothing to put back" in run("undo", "1").error


def test_drift_shows_what_others_changed_and_who_has_no_user(run: Run, drifted: None) -> None:
    result = run("drift", "wiki")
    assert result.code == 0
    assert "1 difference from how wiki was left" in result.out
    assert "king@x" in result.out
    assert "1 active account: belong to no user" in result.out
    document = run("drift", "wiki", "--json").document
    assert [item["name"] for item in document["items"]] == ["ada"]
    assert [orphan["name"] for orphan in document["orphans"]] == ["svc"]


def test_what_may_stay_is_not_shown_again(run: Run, drifted: None, store: Store) -> None:
    assert run("drift", "wiki", "--keep", "svc").code == run("drift", "wiki", "--keep", "ada").code == 0
    assert run("drift", "wiki").out.splitlines() == ["wiki is as it was left, as of its last read."]
    assert "kept by" in run("drift", "wiki", "--all").out
    with store.read() as connection:
        assert [entry.action for entry in audit.newest(connection, 2)] == ["keep drift", "keep drift"]
    assert run("drift", "wiki", "--keep", "nobody").code == 2


def test_a_choice_is_planned_asked_and_applied(run: Run, drifted: None, engine: StubEngine) -> None:
    assert run("drift", "wiki", "--deactivate", "svc", "--yes").code == 0
    assert engine.orders == [("choose", "wiki deactivate svc"), ("approve", "1")]
    assert run("drift", "wiki", "--delete-group", "old team").out.splitlines()[-1] == "Nothing was changed."
    assert engine.orders[-2] == ("choose", "wiki delete-group old team")
