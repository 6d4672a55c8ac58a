"""`manciple sync` against an engine that does what a test says."""

import json
from pathlib import Path
from typing import Any

import pytest
from engine_stub import StubEngine, change, conflict
from running import Run, Terminal

from core.planning.changes import ChangeKind, Plan
from core.planning.document import plan_hash, read_plan
from core.store import Store, Transaction, audit, changes, engines, identities, runs


@pytest.fixture
def saved(run: Run, engine: StubEngine, tmp_path: Path) -> Path:
    """A plan that was saved to a file."""
    path = tmp_path / "plan.json"
    assert run("sync", "wiki", "--plan", str(path)).code == 0
    engine.orders.clear()
    return path


def newest_run(store: Store) -> runs.Run:
    with store.read() as connection:
        return runs.newest(connection, 1)[0]


def states(store: Store, number: int) -> list[str]:
    with store.read() as connection:
        return [stored.state for stored in changes.of_run(connection, number)]


def changed(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


# Planning, asking, applying


def test_with_yes_the_plan_is_shown_applied_and_told(run: Run, engine: StubEngine, store: Store) -> None:
    result = run("sync", "wiki", "--yes")
    assert (result.code, result.err) == (0, "")
    assert "Plan of run 1 for wiki (all), 7 objects read:" in result.out
    assert "2  create account" in result.out
    assert "ada is a member of 'wiki-users'" in result.out
    assert result.out.splitlines()[-1] == "Run 1: 3 done"
    assert engine.orders == [("sync", "wiki"), ("approve", "1")]
    assert states(store, 1) == ["done", "done", "done"]


def test_without_a_terminal_nothing_is_applied_and_the_ways_on_are_told(
    run: Run, engine: StubEngine, store: Store
) -> None:
    result = run("sync", "wiki")
    assert result.code == 3
    assert "run 1 waits for approval" in result.error
    assert "--yes" in result.error
    assert engine.orders == [("sync", "wiki")]
    assert newest_run(store).state == "waiting"


def test_at_a_terminal_yes_applies(run: Run, engine: StubEngine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    result = run("sync", "wiki")
    assert result.code == 0
    assert "Apply these 3 changes? [y/N]" in result.err
    assert newest_run(store).state == "done"


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_at_a_terminal_no_drops_the_plan(
    answer: str, run: Run, engine: StubEngine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    result = run("sync", "wiki")
    assert result.code == 0
    assert result.out.splitlines()[-1].strip() == "Nothing was changed."
    assert newest_run(store).state == "dropped"
    assert engine.orders == [("sync", "wiki"), ("drop", "1")]


def test_nothing_to_change_asks_nothing(run: Run, engine: StubEngine) -> None:
    engine.plan = Plan((), ())
    result = run("sync", "wiki")
    assert (result.code, result.err) == (0, "")
    assert "nothing to change" in result.out
    assert engine.orders == [("sync", "wiki")]


def test_only_the_first_changes_are_shown_and_json_has_all(run: Run, engine: StubEngine) -> None:
    engine.plan = Plan(tuple(change(f"user-{number:02}") for number in range(25)), ())
    text = run("sync", "wiki", "--yes").out
    document = run("sync", "wiki", "--yes", "--json").document
    assert "user-19" in text
    assert "user-20" not in text
    assert "and 5 more: manciple runs 1" in text
    assert len(document["items"]) == 25


def test_json_is_one_document_with_run_changes_conflicts_and_notes(run: Run, engine: StubEngine) -> None:
    engine.plan = Plan((change("ada"),), (conflict(),), ("Left out: 1 user (bob).",))
    result = run("sync", "wiki", "--yes", "--json")
    document = result.document
    assert list(document) == ["run", "items", "conflicts", "notes"]
    assert document["run"]["state"] == "done"
    assert [(item["kind"], item["account"], item["state"]) for item in document["items"]] == [
        ("create-account", "ada", "done")
    ]
    assert document["items"][0]["because"]["text"] == "ada is a member of 'wiki-users'"
    assert [(found["title"], found["explanation"]) for found in document["conflicts"]] == [
        ("'a b' is not a valid username", "It has a space.")
    ]
    assert document["notes"] == ["Left out: 1 user (bob)."]


def test_json_without_yes_prints_the_plan_and_asks_nobody(
    run: Run, engine: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    result = run("sync", "wiki", "--json")
    assert result.code == 3
    assert result.document["run"]["state"] == "waiting"


def test_names_cannot_command_the_terminal(run: Run, engine: StubEngine) -> None:
    engine.plan = Plan((change("ada\x1b[2J\u202e"),), (conflict(title="a\nb"),))
    result = run("sync", "wiki", "--yes")
    assert "\x1b" not in result.out
    assert "ada␛[2J�" in result.out
    assert "a␊b" in result.out


# What ends otherwise


def test_open_conflicts_need_an_admin_who_is_told_each_with_its_explanation(
    run: Run, engine: StubEngine, tmp_path: Path
) -> None:
    engine.plan = Plan((change("bob"),), (conflict(),))
    result = run("sync", "wiki", "--yes")
    assert result.code == 3
    assert result.error == (
        f"manciple: an admin is needed for 1 conflict: see `manciple runs 1 --config {tmp_path / 'wiki.toml'}`"
    )
    assert "1  C16   'a b' is not a valid username\n     It has a space." in result.out


def test_changes_that_failed_are_listed_with_their_reasons(run: Run, engine: StubEngine, config: Path) -> None:
    engine.ends = {"bob": "failed"}
    result = run("sync", "wiki", "--yes")
    assert result.code == 1
    assert result.error == f"manciple: 1 change failed: `manciple runs 1 --config {config}` has the reasons"
    assert "Run 1: 2 done, 1 failed" in result.out
    assert "it was failed" in result.out


def test_changes_that_no_longer_fitted_need_a_new_plan(run: Run, engine: StubEngine) -> None:
    engine.ends = {"bob": "stale"}
    result = run("sync", "wiki", "--yes")
    assert result.code == 3
    document = run("sync", "wiki", "--yes", "--json").document
    assert (document["run"]["done"], document["run"]["failed"], document["run"]["stale"]) == (2, 0, 1)
    assert "left out what no longer fitted, 1 change: make a new plan with `manciple sync wiki --config" in result.error


def test_a_target_that_cannot_be_read_is_unreachable(run: Run, engine: StubEngine) -> None:
    engine.failure = "wiki did not answer GET /rest: timed out"
    result = run("sync", "wiki", "--yes")
    assert (result.code, result.error) == (4, "manciple: run 1 failed: wiki did not answer GET /rest: timed out")


def test_a_target_that_goes_away_while_it_is_changed_is_unreachable(run: Run, engine: StubEngine) -> None:
    engine.halts = "the credential is not accepted"
    result = run("sync", "wiki", "--yes")
    assert (result.code, result.error) == (4, "manciple: run 1 failed: the credential is not accepted")
    assert "Run 1: 3 dropped" in result.out


def test_a_failed_run_is_one_document_too(run: Run, engine: StubEngine) -> None:
    engine.failure = "no answer"
    assert run("sync", "wiki", "--yes", "--json").document["run"]["error"] == "no answer"


def test_a_refusal_of_the_engine_is_passed_on(run: Run, engine: StubEngine) -> None:
    engine.refusal = "This engine has no target 'wiki'; it has: none."
    result = run("sync", "wiki", "--yes")
    assert result.code == 1
    assert result.error == "manciple: the engine refuses: This engine has no target 'wiki'; it has: none."


def test_without_an_engine_it_says_how_to_start_one_and_orders_nothing(run: Run, store: Store, config: Path) -> None:
    result = run("sync", "wiki", "--yes")
    assert result.code == 1
    assert f"no engine is alive on this store: start one with `manciple serve --config {config}`" in result.error
    with store.read() as connection:
        assert audit.newest(connection, 1) == []


def test_an_engine_that_was_killed_is_not_alive(run: Run, store: Store) -> None:
    def killed(tx: Transaction) -> None:
        engines.start(tx, "host", 7, "0.1.0", "http://127.0.0.1:8440")
        tx.connection.exec_driver_sql("UPDATE engines SET beat_at = beat_at - 11000")

    store.writer.write_now(killed)
    assert "no engine is alive" in run("sync", "wiki").error


def test_an_engine_that_shuts_down_takes_no_order(run: Run, engine: StubEngine) -> None:
    engine.drain()
    result = run("sync", "wiki", "--yes")
    assert result.code == 1
    assert "the engine is shutting down" in result.error
    assert engine.orders == []


def test_an_engine_that_ends_meanwhile_is_told(run: Run, engine: StubEngine) -> None:
    engine.vanishes = True
    result = run("sync", "wiki", "--yes")
    assert result.code == 1
    assert "the engine has ended meanwhile" in result.error


def test_a_target_that_is_unknown_is_refused(run: Run, engine: StubEngine) -> None:
    result = run("sync", "jira", "--yes")
    assert (result.code, result.error) == (2, "manciple: there is no target 'jira': known are wiki")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--plan", "a.json", "--apply", "b.json"),
        ("--plan", "a.json", "--yes"),
        ("--apply", "b.json", "--user", "ada"),
        ("--plan", "nowhere/a.json"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    arguments: tuple[str, ...], run: Run, engine: StubEngine
) -> None:
    result = run("sync", "wiki", *arguments)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
    assert engine.orders == []


def test_who_ordered_and_approved_is_in_the_audit_trail(run: Run, engine: StubEngine, store: Store) -> None:
    run("sync", "wiki", "--yes")
    with store.read() as connection:
        approved, synced = audit.newest(connection, 5)
    assert (synced.action, synced.subject) == ("sync", "wiki")
    assert (approved.action, approved.subject) == ("approve", "1")
    assert approved.detail == f"3 changes, plan {newest_run(store).plan_hash}"


# What the target has already


def test_a_run_that_waits_or_is_under_way_is_told(run: Run, engine: StubEngine, store: Store) -> None:
    run("sync", "wiki")
    store.writer.write_now(lambda tx: runs.start(tx, "wiki", "push", "3 keys"))
    result = run("sync", "wiki", "--yes")
    assert result.code == 0
    assert result.err.splitlines() == [
        "Run 1 of wiki waits for approval, with 3 changes.",
        "Run 2 is under way for wiki (reading); this comes after it.",
    ]


# One user


def put_user(store: Store, name: str) -> str:
    def put(tx: Transaction) -> str:
        document = json.dumps({"userName": name}).encode()
        tx.connection.exec_driver_sql(
            "INSERT INTO users (id, provider, user_name, user_name_key, active, document, version, created_at,"
            " modified_at) VALUES ('id-ada', 'entra', ?, ?, 1, ?, 1, 1, 1)",
            (name, identities.name_key(name), document),
        )
        return "id-ada"

    return store.writer.write_now(put)


def test_one_user_is_ordered_by_name(run: Run, engine: StubEngine, store: Store) -> None:
    put_user(store, "ada@example.com")
    result = run("sync", "wiki", "--user", "ADA@example.com", "--yes")
    assert result.code == 0
    assert engine.orders[0] == ("sync", "wiki user ADA@example.com")


def test_of_one_user_only_the_conflicts_about_this_user_count(run: Run, engine: StubEngine, store: Store) -> None:
    put_user(store, "ada@example.com")
    engine.plan = Plan((), (conflict("user:id-ada"), conflict("user:id-zoe")))
    run("sync", "wiki")
    result = run("sync", "wiki", "--user", "ada@example.com")
    assert result.code == 3
    assert "an admin is needed for 1 conflict: see `manciple runs 2" in result.error


def test_a_user_that_is_unknown_is_refused(run: Run, engine: StubEngine) -> None:
    result = run("sync", "wiki", "--user", "nobody", "--yes")
    assert result.code == 2
    assert "provider entra has no user 'nobody'" in result.error
    assert engine.orders == []


# A plan as a file


def test_a_saved_plan_is_the_document_with_target_and_hash(saved: Path, engine: StubEngine, store: Store) -> None:
    document = json.loads(saved.read_text())
    digest = document.pop("hash")
    assert document.pop("target") == "wiki"
    assert read_plan(document) == engine.plan
    assert digest == plan_hash(engine.plan)
    assert saved.stat().st_mode & 0o777 == 0o600
    assert newest_run(store).state == "dropped"


def test_saving_a_plan_with_conflicts_keeps_them_and_says_that_an_admin_is_needed(
    run: Run, engine: StubEngine, tmp_path: Path
) -> None:
    engine.plan = Plan((change("bob"),), (conflict(),), ("A note.",))
    result = run("sync", "wiki", "--plan", str(tmp_path / "plan.json"))
    document = json.loads((tmp_path / "plan.json").read_text())
    assert result.code == 3
    assert (
        f"To apply it: manciple sync wiki --apply {tmp_path / 'plan.json'} --config {tmp_path / 'wiki.toml'}"
        in result.out
    )
    assert [found["subject"] for found in document["conflicts"]] == ["user:id-ada"]
    assert document["notes"] == ["A note."]


def test_applying_a_file_makes_a_run_of_exactly_its_changes(
    saved: Path, run: Run, engine: StubEngine, store: Store
) -> None:
    engine.plan = Plan((change("somebody-else"),), ())
    result = run("sync", "wiki", "--apply", str(saved))
    made = newest_run(store)
    assert (result.code, result.err) == (0, "")
    assert (made.trigger, made.scope, made.state, made.planned) == ("order", "file", "done", 3)
    assert made.plan_hash == json.loads(saved.read_text())["hash"]
    with store.read() as connection:
        assert [stored.change.account for stored in changes.of_run(connection, made.id)] == ["ada", "bob", "ada"]
        assert audit.newest(connection, 5)[1].action == "plan file"
    assert engine.orders == [("approve", str(made.id))]


def test_a_file_is_applied_once(saved: Path, run: Run, engine: StubEngine, config: Path) -> None:
    assert run("sync", "wiki", "--apply", str(saved)).code == 0
    engine.orders.clear()
    result = run("sync", "wiki", "--apply", str(saved), "--yes")
    assert (result.code, result.error) == (
        2,
        f"manciple: run 2 has applied this plan already: make a new one with `manciple sync wiki --config {config}`",
    )
    assert engine.orders == []


def test_a_file_whose_run_was_broken_off_can_be_applied_again(saved: Path, run: Run, engine: StubEngine) -> None:
    engine.halts = "the credential is not accepted"
    assert run("sync", "wiki", "--apply", str(saved)).code == 4
    engine.halts = None
    assert run("sync", "wiki", "--apply", str(saved)).code == 0


def test_of_a_plan_that_is_saved_no_run_is_named(run: Run, engine: StubEngine, tmp_path: Path) -> None:
    engine.plan = Plan(tuple(change(f"user-{number:02}") for number in range(25)), ())
    out = run("sync", "wiki", "--plan", str(tmp_path / "plan.json")).out
    assert "and 5 more: in the file" in out
    assert out.startswith("Plan for wiki (all), 7 objects read:\n")
    assert "run 1" not in out


def test_a_large_file_is_stored_in_parts_and_in_its_order(
    run: Run, engine: StubEngine, store: Store, tmp_path: Path
) -> None:
    accounts = [f"user-{number:04}" for number in range(1203)]
    engine.plan = Plan(tuple(map(change, accounts)), ())
    run("sync", "wiki", "--plan", str(tmp_path / "plan.json"))
    assert run("sync", "wiki", "--apply", str(tmp_path / "plan.json")).code == 0
    with store.read() as connection:
        found = changes.of_run(connection, newest_run(store).id)
    assert [stored.change.account for stored in found] == accounts


def test_what_no_longer_fits_of_a_file_is_left_out_and_told(saved: Path, run: Run, engine: StubEngine) -> None:
    engine.ends = {"ada": "stale"}
    result = run("sync", "wiki", "--apply", str(saved))
    assert result.code == 3
    assert "left out what no longer fitted, 2 changes" in result.error


def test_a_file_that_was_changed_by_hand_is_refused(saved: Path, run: Run, engine: StubEngine, store: Store) -> None:
    document = json.loads(saved.read_text())
    changed(saved, changes=document["changes"][:1])
    result = run("sync", "wiki", "--apply", str(saved))
    assert result.code == 2
    assert "its hash does not fit: it was changed after it was saved" in result.error
    assert engine.orders == []
    assert newest_run(store).id == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"hash": "0" * 64}, "its hash does not fit"),
        ({"hash": None}, "its hash does not fit"),
        ({"target": "jira"}, "it is a plan for 'jira', not for 'wiki'"),
        ({"version": 1}, "plan: version 1 is not 2, the one this manciple reads"),
        ({"changes": {}}, "changes is not a list"),
        ({"changes": [{"kind": "delete-everything"}]}, "is missing"),
        ({"surplus": 1}, "plan.surplus is unknown"),
    ],
)
def test_a_file_that_is_not_such_a_plan_is_refused(
    values: dict[str, Any], error: str, saved: Path, run: Run, engine: StubEngine
) -> None:
    changed(saved, **values)
    result = run("sync", "wiki", "--apply", str(saved))
    assert result.code == 2
    assert error in result.error
    assert engine.orders == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_plan_at_all_is_refused(content: bytes, run: Run, engine: StubEngine, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    result = run("sync", "wiki", "--apply", str(path))
    assert result.code == 2
    assert "it is not a plan" in result.error


def test_a_file_that_is_missing_or_a_folder_is_refused(run: Run, engine: StubEngine, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        result = run("sync", "wiki", "--apply", str(path))
        assert result.code == 2
        assert f"{path}: it cannot be read" in result.error


def test_a_plan_of_nothing_is_saved_and_refused_to_be_applied(run: Run, engine: StubEngine, tmp_path: Path) -> None:
    engine.plan = Plan((), ())
    path = str(tmp_path / "plan.json")
    assert run("sync", "wiki", "--plan", path).code == 0
    result = run("sync", "wiki", "--apply", path)
    assert result.code == 2
    assert "has no changes" in result.error


def test_a_membership_in_a_plan_keeps_its_group(run: Run, engine: StubEngine, tmp_path: Path, store: Store) -> None:
    engine.plan = Plan((change("ada", ChangeKind.REMOVE_MEMBER, "Café & Kultur"),), ())
    path = str(tmp_path / "plan.json")
    run("sync", "wiki", "--plan", path)
    run("sync", "wiki", "--apply", path)
    with store.read() as connection:
        (stored,) = changes.of_run(connection, newest_run(store).id)
    assert stored.change == engine.plan.changes[0]
