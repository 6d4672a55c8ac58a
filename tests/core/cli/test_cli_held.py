"""Runs that brakes hold: shown with what holds them, approved by their number alone, edited, dropped."""

import sys
from dataclasses import replace

import pytest
from engine_stub import StubEngine
from running import Run, Terminal

from core.planning.changes import Hold, Plan
from core.store import Store, changes, holds, runs

HOLD = Hold(
    "brakes.deactivate",
    "3 accounts would be deactivated, of 40 linked; brakes.deactivate allows 2.",
    ("create-account|ada|", "create-account|bob|"),
    ("ada", "bob"),
    "All by users.when_inactive.",
)


@pytest.fixture
def held(engine: StubEngine) -> StubEngine:
    engine.plan = replace(engine.plan, holds=(HOLD,))
    return engine


def states(store: Store, run: int) -> list[str]:
    with store.read() as connection:
        return [stored.state for stored in changes.of_run(connection, run)]


def test_yes_does_not_pass_a_brake(run: Run, held: StubEngine, store: Store) -> None:
    result = run("sync", "wiki", "--yes")
    assert result.code == 3
    assert HOLD.text in result.out
    assert "such as ada, bob" in result.out
    assert "held by 1 brake" in result.error
    assert "runs 1 --approve" in result.error
    assert states(store, 1) == ["planned"] * 3


@pytest.mark.parametrize(("typed", "applied"), [("1\n", True), ("y\n", False), ("\n", False)])
def test_at_a_terminal_it_is_the_number_of_the_run_that_must_be_typed(
    typed: str, applied: bool, run: Run, held: StubEngine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert run("sync", "wiki").code == 0
    assert states(store, 1) == (["done"] if applied else ["dropped"]) * 3


def test_a_held_run_is_shown_and_approved_by_its_number(run: Run, held: StubEngine, store: Store) -> None:
    run("sync", "wiki")
    assert HOLD.text in run("runs", "1").out
    assert run("runs", "1", "--json").document["run"]["holds"][0]["brake"] == "brakes.deactivate"
    assert run("runs", "1", "--approve").code == 0
    assert states(store, 1) == ["done"] * 3


def test_changes_are_taken_out_by_the_numbers_that_are_shown(run: Run, engine: StubEngine, store: Store) -> None:
    run("sync", "wiki")
    result = run("runs", "1", "--exclude", "2")
    assert (result.code, result.err) == (0, "")
    assert "Took 1 change out of run 1" in result.out
    assert states(store, 1) == ["planned", "excluded", "planned"]
    assert run("runs", "1", "--exclude", "two").code == 2


@pytest.mark.parametrize("option", ["--drop", "--cancel", "--pause", "--resume"])
def test_the_engine_is_asked_for_what_is_wanted_of_a_run(option: str, run: Run, engine: StubEngine) -> None:
    run("sync", "wiki")
    assert run("runs", "1", option).code == 0
    assert engine.orders[-1] == (option.removeprefix("--"), "1")


def test_what_does_not_go_together_is_refused(run: Run, engine: StubEngine) -> None:
    assert "do not go together" in run("runs", "1", "--approve", "--drop").error
    assert "give its number" in run("runs", "--approve").error
    assert run("runs", "9", "--approve").code == 2


def test_a_plan_file_with_holds_waits_for_its_number(
    run: Run, held: StubEngine, store: Store, tmp_path: object
) -> None:
    assert run("sync", "wiki", "--plan", "plan.json").code == 0
    result = run("sync", "wiki", "--apply", "plan.json")
    assert result.code == 3
    assert "held by 1 brake" in result.error
    with store.read() as connection:
        (newest,) = runs.newest(connection, 1)
        assert holds.whole(connection, newest.id, newest.holds) == (HOLD,)


def test_a_plan_can_be_printed_instead_of_saved(run: Run, engine: StubEngine) -> None:
    result = run("sync", "wiki", "--plan", "-")
    assert result.document["target"] == "wiki"
    assert len(result.document["changes"]) == len(engine.plan.changes)


def test_an_empty_plan_holds_nothing(run: Run, engine: StubEngine) -> None:
    engine.plan = Plan((), ())
    assert run("sync", "wiki", "--yes").code == 0
