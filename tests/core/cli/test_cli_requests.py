import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from engine_stub import change
from running import Run, terminal

from core.exchange import Exchange
from core.store import Store, Transaction, changes


def exchange(status: int | None, **values: object) -> Exchange:
    known = {"direction": "in", "party": "entra", "at": 1_000, "duration": 1_500, "method": "GET", "path": "/Users"}
    return Exchange(status=status, **(known | values))  # type: ignore[arg-type]


POST = exchange(
    201,
    method="POST",
    subject="ada@example.com",
    outcome="created",
    client="10.0.0.7",
    request_headers={"authorization": "Bearer •••"},
    request_body=b'{"userName":"ada@example.com","title":"\\u001b[2J"}',
    response_headers={"Content-Type": "application/scim+json"},
    response_body=b"not JSON\x1b[2J",
)


@pytest.fixture
def log(store: Store) -> Store:
    """Exchange 1 created Ada and led to change 1 and exchange 3; exchange 2 found nobody."""

    def write(tx: Transaction) -> None:
        tx.log(POST)
        tx.log(exchange(404, path="/Users/7", outcome="no\nsuch"))
        out = {"direction": "out", "party": "wiki", "path": "/rest/api/admin/user", "cause": 1, "change": 1}
        tx.log(exchange(None, method="POST", outcome="timed out", **out))
        changes.plan(tx, 1, "wiki", 0, [change("ada")])
        tx.connection.exec_driver_sql("UPDATE changes SET exchange = 1")

    store.writer.write_now(write)
    return store


def ids(run: Run, *arguments: str) -> list[int]:
    return [item["id"] for item in run("requests", *arguments, "--json").document["items"]]


def test_the_newest_exchanges_are_listed_the_newest_last(run: Run, log: Store) -> None:
    header, first, second, third = run("requests").out.splitlines()
    assert header.split()[:4] == ["ID", "AT", "DIR", "PARTY"]
    assert first.split()[0:1] + first.split()[4:] == [
        *("1", "in", "entra", "POST", "201", "1", "ms", "/Users", "ada@example.com", "created")
    ]
    assert second.endswith("/Users/7  no␊such")
    assert "none" in third
    assert ids(run) == [1, 2, 3]
    assert ids(run, "--limit", "2") == [2, 3]


def test_a_query_searches_with_the_filter_language(run: Run, log: Store) -> None:
    assert ids(run, "status:404") == [2]
    assert ids(run, "dir:in", "ada") == [1]
    assert ids(run, "dir:in -status:404") == [1]
    assert ids(run, "nobody") == []


def test_a_term_turned_round_is_not_taken_for_an_option(run: Run, log: Store) -> None:
    assert ids(run, "-party:entra") == [3]
    assert run("requests", "--limit", "1", "-path:/Users").out.splitlines()[1].split()[0] == "3"


def test_h_alone_asks_for_help(run: Run, log: Store) -> None:
    assert run("requests", "-h").out == run("requests", "--help").out
    assert "Usage: manciple requests" in run("requests", "status:404", "-h").out


def test_nothing_found_is_told_where_no_script_reads(run: Run, log: Store) -> None:
    result = run("requests", "nobody")
    assert (result.code, result.out, result.err) == (0, "", "no exchange matches\n")
    assert run("requests", "nobody", "--json").err == ""


@pytest.mark.parametrize("columns", [80, 130])
def test_at_a_terminal_each_exchange_is_one_line_of_its_width(
    columns: int, run: Run, log: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.writer.write_now(lambda tx: tx.log(exchange(200, path="/Users/" + "7" * 200)))
    with terminal(columns, monkeypatch) as shown:
        assert run("requests").code == 0
    lines = shown.getvalue().splitlines()
    assert len(lines) == 5
    assert max(map(len, lines)) == columns
    assert lines[-1].endswith("7…")
    assert "/Users  ada@example.com" in lines[1]


def test_a_mistyped_option_is_not_taken_for_a_term(run: Run, log: Store) -> None:
    result = run("requests", "--folow")
    assert (result.code, result.error) == (
        2,
        "manciple: requests has no option --folow: see `manciple requests --help`",
    )


def test_a_query_that_cannot_be_read_says_where_and_why(run: Run, log: Store) -> None:
    result = run("requests", "statsu:404")
    assert result.code == 2
    assert "QUERY, character 1:" in result.error
    assert "status" in result.error


def test_lines_of_json_are_one_document_each(run: Run, log: Store) -> None:
    lines = run("requests", "--jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3]


def test_a_listed_exchange_has_stable_keys(run: Run, log: Store) -> None:
    assert run("requests", "--json").document["items"][0] == {
        "id": 1, "at": "1970-01-01T00:00:01.000Z", "direction": "in", "party": "entra", "method": "POST",
        "path": "/Users", "status": 201, "subject": "ada@example.com", "outcome": "created", "microseconds": 1500,
        "client": "10.0.0.7", "run": None, "change": None, "cause": None,
    }  # fmt: skip


def test_one_exchange_is_shown_in_full_and_commands_nothing(run: Run, log: Store) -> None:
    out = run("requests", "--id", "1").out
    assert "Exchange 1 from entra (10.0.0.7)" in out
    assert "authorization: Bearer •••" in out
    assert '  "userName": "ada@example.com",' in out
    assert '  "title": "\\u001b[2J"' in out
    assert "not JSON␛[2J" in out
    assert "led to    change 1 of run 1: create-account ada" in out
    assert "led to    exchange 3: POST /rest/api/admin/user none" in out
    assert "\x1b" not in out


def test_one_exchange_as_json(run: Run, log: Store) -> None:
    document = run("requests", "--id", "1", "--json").document
    assert document["request"] == {
        "headers": {"authorization": "Bearer •••"},
        "body": '{"userName":"ada@example.com","title":"\\u001b[2J"}',
    }
    assert document["response"]["body"] == "not JSON\x1b[2J"
    assert (document["changes"], document["exchanges"]) == ([1], [3])


def test_an_exchange_that_the_log_has_not_is_refused(run: Run, log: Store) -> None:
    result = run("requests", "--id", "99")
    assert result.code == 2
    assert "there is no exchange 99" in result.error


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--json", "--follow"), ("--json", "--jsonl"), ("--id", "1", "ada"), ("--id", "1", "--follow")),
        *(("--id", "0"), ("--id", str(2**63)), ("--id", "x"), ("--limit", "0")),
    ],
)
def test_options_that_are_wrong_or_contradict_each_other_are_refused(
    arguments: tuple[str, ...], run: Run, log: Store
) -> None:
    result = run("requests", *arguments)
    assert (result.code, len(result.err.splitlines())) == (2, 1)


def test_following_shows_what_comes_and_matches_until_ctrl_c(config: Path, log: Store) -> None:
    command = [
        sys.executable,
        "-m",
        "core.cli",
        "requests",
        "--follow",
        "--jsonl",
        "status:404",
        "--config",
        str(config),
    ]
    followed = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert followed.stdout is not None
    assert json.loads(followed.stdout.readline())["id"] == 2
    for status in (200, 404):
        log.writer.log(exchange(status))
    log.writer.write_now(lambda tx: None)
    assert json.loads(followed.stdout.readline())["id"] == 5
    os.kill(followed.pid, signal.SIGINT)
    rest, error = followed.communicate(timeout=30)
    assert (followed.returncode, rest, error) == (130, "", "")


class TestRecording:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "entra.jsonl"

    def test_what_matches_is_written_for_this_user_alone_and_names_nobody(
        self, run: Run, log: Store, file: Path
    ) -> None:
        result = run("requests", "--record", str(file))
        assert (result.code, result.out, result.err) == (0, f"2 exchanges in {file}\n", "")
        assert file.stat().st_mode & 0o777 == 0o600
        head, post, get = map(json.loads, file.read_text().splitlines())
        assert head["idp"] == "entra"
        assert (post["method"], post["expect"]) == ("POST", {"status": 201})
        assert (get["path"].startswith("/Users/"), get["expect"]) == (True, {"status": 404})
        assert "ada" not in file.read_text()

    def test_a_file_that_is_there_is_replaced_only_by_force(self, run: Run, log: Store, file: Path) -> None:
        file.write_text("mine")
        result = run("requests", "--record", str(file))
        assert (result.code, file.read_text()) == (2, "mine")
        assert result.error == f"manciple: {file} is there already: choose another name, or replace it with --force"
        assert run("requests", "--record", str(file), "--force").code == 0
        assert file.read_text() != "mine"
        assert file.stat().st_mode & 0o777 == 0o600

    def test_what_was_left_out_is_told_with_the_reason(self, run: Run, log: Store, file: Path) -> None:
        log.writer.write_now(lambda tx: [tx.log(exchange(201, method="POST")), tx.log(exchange(429))])
        document = run("requests", "--record", str(file), "--json").document
        assert (document["exchanges"], document["bodies_kept"]) == (2, False)
        assert [each["exchanges"] for each in document["left_out"]] == [1, 1]
        assert 'bodies = "redacted"' in run("requests", "--record", str(file), "--force").err

    def test_a_recording_is_of_one_provider(self, run: Run, log: Store, file: Path) -> None:
        log.writer.write_now(lambda tx: tx.log(exchange(200, party="okta")))
        result = run("requests", "--record", str(file))
        assert result.error == "manciple: these are of entra and okta: add party:entra to record one"
        assert not file.exists()
        assert run("requests", "party:okta", "--record", str(file)).code == 0

    def test_with_follow_what_comes_is_recorded_until_ctrl_c(self, config: Path, log: Store, file: Path) -> None:
        command = [sys.executable, "-m", "core.cli", "requests", "--follow", "--record", str(file)]
        followed = subprocess.Popen(
            [*command, "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert followed.stdout is not None
        assert followed.stderr is not None
        assert followed.stderr.readline() == "recording what comes: end with Ctrl-C\n"
        log.writer.log(exchange(200, path="/Groups"))
        assert "/Groups" in followed.stdout.readline()
        os.kill(followed.pid, signal.SIGINT)
        rest, error = followed.communicate(timeout=30)
        assert (followed.returncode, rest, error) == (0, f"1 exchange in {file}\n", "")
        assert json.loads(file.read_text().splitlines()[1])["path"] == "/Groups"

    def test_with_follow_and_several_providers_the_query_names_one(
        self, run: Run, log: Store, config: Path, file: Path
    ) -> None:
        config.write_text(config.read_text() + '[[provider]]\nname = "okta"\nkind = "okta"\n')
        result = run("requests", "--follow", "--record", str(file))
        assert result.error == "manciple: several providers may send meanwhile: add party:entra to record one"

    def test_nothing_to_record_is_an_error(self, run: Run, log: Store, file: Path) -> None:
        result = run("requests", "nobody", "--record", str(file))
        assert (result.code, result.error) == (1, "manciple: no exchange to record: try another QUERY")
        assert not file.exists()

    @pytest.mark.parametrize("arguments", [["--id", "1", "--record", "x"], ["--force"], ["--record", "no/such/x"]])
    def test_what_makes_no_sense_is_refused(self, run: Run, log: Store, arguments: list[str]) -> None:
        assert run("requests", *arguments).code == 2
