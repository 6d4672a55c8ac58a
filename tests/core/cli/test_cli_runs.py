import pytest
from engine_stub import change
from running import Run

from core.planning.values import ChangeKind
from core.store import Store, Transaction, changes, runs


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


def test_a_listed_run_has_stable_keys(run: Run, history: Store) -> None:
    assert list(run("runs", "--json").document["items"][1]) == [
        *("id", "target", "trigger", "scope", "state", "started", "finished", "read", "planned", "done", "failed"),
        *("conflicts", "hash", "notes", "asked_by", "approved_by", "error"),
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


def test_a_run_that_is_unknown_is_refused(run: Run, history: Store) -> None:
    result = run("runs", "9")
    assert (result.code, result.error) == (2, "manciple: there is no run 9: see `manciple runs`")


@pytest.mark.parametrize("arguments", [("x",), ("0",), (str(2**63),), ("--limit", "0"), ("1", "--target", "wiki")])
def test_a_wrong_argument_is_refused(arguments: tuple[str, ...], run: Run, history: Store) -> None:
    result = run("runs", *arguments)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
