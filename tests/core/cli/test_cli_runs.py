from pathlib import Path

import pytest
from engine_stub import change, conflict
from running import Run, terminal

from core.planning.changes import ChangeKind
from core.store import Store, Transaction, changes, conflicts, runs


@pytest.fixture
def history(store: Store) -> Store:
    """Run 1 of `wiki` is over, with one change that failed; run 2 of `jira` is under way."""

    def write(tx: Transaction) -> None:
        first = runs.start(tx, "wiki", "order", "all", "ada@host")
        changes.plan(tx, first, "wiki", 0, [change("ada"), change("b\x1bob", ChangeKind.DEACTIVATE_ACCOUNT)])
        runs.note_plan(tx, first, 2, 0, "abc", ["Left out: 1 user (zoe)."])
        runs.move(tx, first, "applying", approved_by="bob@host")
        changes.settle(tx, 1, "done")
        changes.settle(tx, 2, "failed", "wiki answered 400")
        runs.count(tx, first, done=1, failed=1)
        runs.finish(tx, first, "done")
        runs.start(tx, "jira", "push", "3 keys")

    store.writer.write_now(write)
    return store


def test_the_newest_run_is_listed_first(run: Run, history: Store) -> None:
    header, second, first = run("runs").out.splitlines()
    assert header.split()[:3] == ["RUN", "TARGET", "TRIGGER"]
    assert second.split()[:4] == ["2", "jira", "push", "3"]
    assert first.split()[:5] == ["1", "wiki", "order", "all", "done"]
    assert [item["id"] for item in run("runs", "--json").document["items"]] == [2, 1]


def test_at_a_terminal_each_run_and_change_is_one_line_of_its_width(
    run: Run, history: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(80, monkeypatch) as shown:
        assert run("runs").code == run("runs", "1").code == 0
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.split()[:2] == ["1", "wiki"] and line.split()[-4:] == ["1", "1", "0", "0"] for line in lines)
    assert any("b␛ob" in line and "…" in line and line.split()[0] == "2" for line in lines)
    assert "…" not in run("runs").out + run("runs", "1").out


def test_a_listed_run_has_stable_keys(run: Run, history: Store) -> None:
    assert list(run("runs", "--json").document["items"][1]) == [
        *(
            "id",
            "target",
            "trigger",
            "scope",
            "state",
            "started",
            "finished",
            "read",
            "planned",
            "done",
            "failed",
            "stale",
        ),
        *("conflicts", "hash", "notes", "asked_by", "approved_by", "error"),
        *("holds", "verified", "differing", "undoes"),
    ]


def test_the_list_can_be_of_one_target_and_shorter(run: Run, history: Store) -> None:
    assert [item["id"] for item in run("runs", "--target", "wiki", "--json").document["items"]] == [1]
    assert [item["id"] for item in run("runs", "--limit", "1", "--json").document["items"]] == [2]


def test_a_target_without_runs_is_no_error_but_an_unknown_one_is(run: Run, store: Store) -> None:
    assert run("runs", "--target", "wiki").out == "No runs yet.\n"
    assert run("runs", "--json").document == {"items": []}
    result = run("runs", "--target", "wikki")
    assert (result.code, result.error) == (2, "manciple: there is no target 'wikki': known are wiki")


def test_one_run_is_shown_with_each_change_its_reason_and_its_outcome(run: Run, history: Store) -> None:
    out = run("runs", "1").out
    assert "Run 1 of wiki: all, begun by order by ada@host" in out
    assert "state     done, approved by bob@host" in out
    assert "changes   1 done, 1 failed" in out
    assert "note      Left out: 1 user (zoe)." in out
    row = next(line for line in out.splitlines() if "deactivate-account" in line)
    assert "b␛ob is a member of 'wiki-users'" in row
    assert row.endswith("wiki answered 400")


def test_one_run_as_json_has_the_run_and_its_changes(run: Run, history: Store) -> None:
    document = run("runs", "1", "--json").document
    assert document["run"]["approved_by"] == "bob@host"
    assert [(item["id"], item["account"], item["state"], item["error"]) for item in document["items"]] == [
        (1, "ada", "done", None),
        (2, "b\x1bob", "failed", "wiki answered 400"),
    ]
    assert document["items"][0]["because"]["rule"] == "users.create"


def test_of_one_run_those_changes_are_shown_that_have_all_the_words(run: Run, history: Store) -> None:
    shown = run("runs", "1", "--find", "DEACTIVATE failed").out
    assert "deactivate-account" in shown
    assert "create-account" not in shown
    (item,) = run("runs", "1", "--find", "ada", "--json").document["items"]
    assert item["account"] == "ada"
    assert "None of its 2 changes has all the words 'ada failed'." in run("runs", "1", "--find", "ada failed").out


def test_words_are_looked_for_in_one_run_only(run: Run, history: Store) -> None:
    for arguments in (("runs", "--find", "ada"), ("runs", "1", "--drop", "--find", "ada")):
        assert run(*arguments).code == 2


def test_what_no_longer_fitted_has_not_failed(run: Run, history: Store) -> None:
    def stale(tx: Transaction) -> None:
        late = runs.start(tx, "wiki", "order", "all")
        changes.plan(tx, late, "wiki", 0, [change("zoe")])
        changes.settle(tx, 3, "stale", "it is another account now")
        runs.count(tx, late, failed=1)
        runs.finish(tx, late, "done")

    history.writer.write_now(stale)
    late, _, first = run("runs", "--json").document["items"]
    assert [(each["failed"], each["stale"]) for each in (late, first)] == [(0, 1), (1, 0)]
    assert run("runs").out.splitlines()[1].split()[-3:] == ["0", "1", "0"]
    shown = run("runs", "3", "--json").document["run"]
    assert (shown["failed"], shown["stale"]) == (0, 1)
    (target,) = (item for item in run("status", "--json").document["items"] if item["type"] == "target")
    assert (target["last_run"]["failed"], target["last_run"]["stale"]) == (0, 1)


def test_one_run_shows_the_conflicts_that_its_target_has_open(run: Run, history: Store) -> None:
    found = [conflict("user:id-ada", "a\nb"), conflict("user:id-zoe")]
    history.writer.write_now(lambda tx: conflicts.record(tx, "wiki", 1, found, lambda _: True))
    out = run("runs", "1").out
    assert "2 open conflicts of wiki. To answer one: manciple conflicts show NUMBER" in out
    assert "  1  C16   a␊b\n     It has a space.\n     name: a b\n" in out
    items = run("runs", "1", "--json").document["conflicts"]
    assert [(item["id"], item["kind"], item["explanation"]) for item in items] == [
        (1, "C16", "It has a space."),
        (2, "C16", "It has a space."),
    ]
    assert items[0]["evidence"] == {"name": "a b"}
    assert run("runs", "2", "--json").document["conflicts"] == []
    assert "open conflict" not in run("runs", "2").out


def test_a_run_that_is_unknown_is_refused(run: Run, history: Store, config: Path) -> None:
    result = run("runs", "9")
    assert (result.code, result.error) == (2, f"manciple: there is no run 9: see `manciple runs --config {config}`")


@pytest.mark.parametrize("arguments", [("x",), ("0",), (str(2**63),), ("--limit", "0"), ("1", "--target", "wiki")])
def test_a_wrong_argument_is_refused(arguments: tuple[str, ...], run: Run, history: Store) -> None:
    result = run("runs", *arguments)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
