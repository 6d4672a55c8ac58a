from pathlib import Path

from engine_stub import StubEngine, conflict
from running import Run

from core.exchange import Exchange
from core.store import Store, Transaction, conflicts, identities, pending, runs, tokens, tolerance_uses


def items(run: Run, kind: str) -> list[dict[str, object]]:
    return [item for item in run("status", "--json").document["items"] if item["type"] == kind]


def exchange(party: str, at: int, direction: str = "in") -> Exchange:
    return Exchange(direction=direction, party=party, at=at, duration=1, method="GET", path="/Users", status=200)  # type: ignore[arg-type]


def test_before_the_first_start_it_shows_what_is_configured(run: Run, tmp_path: Path) -> None:
    result = run("status")
    assert (result.code, result.err) == (0, "")
    assert "(not made yet)" in result.out
    assert "none is alive. Start one: manciple serve" in result.out
    assert "https://scim.example.com/scim/entra/v2" in result.out
    assert "none: manciple token issue entra" in result.out
    assert not (tmp_path / "manciple.db").exists()


def test_an_engine_that_is_alive_is_shown(run: Run, engine: StubEngine) -> None:
    assert "alive on host-1, pid 4242, version 0.1.0" in run("status").out
    (item,) = items(run, "engine")
    assert (item["host"], item["listening"], item["draining"]) == ("host-1", "http://127.0.0.1:8440", False)


def test_an_engine_that_shuts_down_is_shown_as_such(run: Run, engine: StubEngine) -> None:
    engine.drain()
    assert "version 0.1.0, shutting down" in run("status").out


def test_a_provider_has_its_url_last_request_and_tokens(run: Run, store: Store) -> None:
    def write(tx: Transaction) -> None:
        tx.log(exchange("entra", 1_000))
        tx.log(exchange("entra", 2_000))
        tx.log(exchange("entra", 9_000, "out"))
        tx.log(exchange("other", 8_000))
        tokens.issue(tx, "entra", "ada@host")
        tokens.issue(tx, "entra", "ada@host", tx.now + 20 * tokens.DAY + 60_000)

    store.writer.write_now(write)
    (item,) = items(run, "provider")
    assert item["base_url"] == "https://scim.example.com/scim/entra/v2"
    assert item["last_request"] == "1970-01-01T00:00:02.000Z"
    assert item["tokens"] == 2
    assert "2, expires in 20 d" in run("status").out


def test_where_the_log_no_longer_has_its_requests_the_last_use_of_a_token_is_shown(run: Run, store: Store) -> None:
    def write(tx: Transaction) -> None:
        tokens.issue(tx, "entra", "ada@host")
        tx.connection.exec_driver_sql("UPDATE tokens SET last_used_at = 3000")

    store.writer.write_now(write)
    (item,) = items(run, "provider")
    assert item["last_request"] == "1970-01-01T00:00:03.000Z"


def test_a_target_has_its_backlog_last_run_and_conflicts(run: Run, store: Store) -> None:
    def write(tx: Transaction) -> int:
        pending.touch(tx, ["wiki"], "user", ["a", "b"], None)
        number = runs.start(tx, "wiki", "schedule", "all")
        conflicts.record(tx, "wiki", number, [conflict()], lambda _: True)
        runs.finish(tx, number, "done")
        return number

    number = store.writer.write_now(write)
    (item,) = items(run, "target")
    assert (item["backlog"], item["failing"], item["conflicts"]) == (2, 0, 1)
    assert item["oldest"] is not None
    assert item["last_run"]["id"] == number  # type: ignore[index]
    header, row = run("status").out.splitlines()[-2:]
    assert header.split()[:4] == ["TARGET", "KIND", "URL", "BACKLOG"]
    assert row.split()[:5] == ["wiki", "confluence", "https://wiki.example.com", "2", "0"]


def test_a_provider_has_what_it_sends_beside_the_standard(run: Run, store: Store) -> None:
    uses = {("entra", "op-case"): (1_200, 7), ("entra", "removal-by-value"): (3, 9), ("gone", "op-case"): (1, 1)}
    store.writer.write_now(lambda tx: tolerance_uses.note(tx, uses))
    (item,) = items(run, "provider")
    first, second = item["tolerances"]  # type: ignore[misc]
    assert (first["name"], first["uses"], first["exchange"]) == ("op-case", 1200, 7)
    assert second["meaning"] == "A removal that lists values removes these values, not all of them."
    lines = run("status").out.splitlines()
    (at,) = (number for number, each in enumerate(lines) if each.startswith("PROVIDER  TOLERANCE"))
    assert lines[at + 1].split()[:3] == ["entra", "op-case", "1,200"]
    assert lines[at + 2].endswith("A removal that lists values removes these values, not all of them.")
    assert lines[at + 3] == ""


def test_a_provider_that_keeps_to_the_standard_takes_no_room_for_it(run: Run, store: Store) -> None:
    assert "TOLERANCE" not in run("status").out


def test_tests_of_a_connection_are_shown_as_such(run: Run, store: Store, config: Path) -> None:
    config.write_text(config.read_text().replace('kind = "entra"', 'kind = "jumpcloud"'))

    def write(tx: Transaction) -> None:
        test = identities.create(tx, "entra", "User", {"userName": "scim-test"})
        identities.remove(tx, "User", test)
        identities.create(tx, "entra", "Group", {"displayName": "Staff"})

    store.writer.write_now(write)
    (item,) = items(run, "provider")
    assert (item["hold"], item["held"], item["probes"]) == (120, 1, 1)
    lines = [line.split() for line in run("status").out.splitlines()]
    assert ["entra", "2", "min", "1", "1"] in lines


def test_without_a_hold_nothing_is_taken_for_a_test(run: Run, store: Store) -> None:
    store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", {"userName": "ada"}))
    (item,) = items(run, "provider")
    assert (item["hold"], item["held"], item["probes"]) == (0, 0, 0)
    assert "HOLD" not in run("status").out


def test_a_configuration_without_providers_and_targets_says_what_is_missing(run: Run, config: Path) -> None:
    config.write_text('[store]\nurl = "sqlite:///manciple.db"\n')
    result = run("status")
    assert result.code == 0
    assert f"No provider yet: add a [[provider]] to {config}." in result.out
    assert "No target yet" in result.out
    assert run("status", "--json").document["items"] == []


def test_a_password_in_the_url_of_the_store_is_not_shown(run: Run, config: Path) -> None:
    config.write_text('[store]\nurl = "postgresql+psycopg://m:hunter2@db/manciple"\n')
    result = run("status")
    assert result.code == 1
    assert "hunter2" not in result.out + result.err
