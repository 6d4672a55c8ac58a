import json
from pathlib import Path

import pytest
from running import Run

from core.exchange import Exchange
from core.store import Store


@pytest.fixture
def log(store: Store) -> Store:
    statuses = (200, 404, 503)
    many = [Exchange("in", "entra", 1_000, 1_500, "GET", "/Users", status) for status in statuses]
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in many])
    return store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out.har"


def exported(file: Path) -> list[int]:
    return [entry["response"]["status"] for entry in json.loads(file.read_text())["log"]["entries"]]


def test_what_the_query_finds_is_written_for_this_user_alone(run: Run, log: Store, file: Path) -> None:
    result = run("requests", "is:error", "--har", str(file))
    assert (result.code, result.err) == (0, "")
    assert result.out == f"2 exchanges in {file}; secrets are masked, and bodies as [log] bodies has them\n"
    assert exported(file) == [404, 503]
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_newest_are_taken_where_a_limit_is_given(run: Run, log: Store, file: Path) -> None:
    assert run("requests", "--har", str(file), "--limit", "1", "--json").document == {"file": str(file), "exchanges": 1}
    assert exported(file) == [503]


def test_a_file_that_is_there_is_replaced_only_by_force(run: Run, log: Store, file: Path) -> None:
    file.write_text("mine")
    result = run("requests", "--har", str(file))
    assert (result.code, file.read_text()) == (2, "mine")
    assert result.error == f"manciple: {file} is there already: choose another name, or replace it with --force"
    assert run("requests", "--har", str(file), "--force").code == 0
    assert exported(file) == [200, 404, 503]


def test_nothing_to_export_is_an_error(run: Run, log: Store, file: Path) -> None:
    result = run("requests", "nobody", "--har", str(file))
    assert (result.code, result.error) == (1, "manciple: no exchange to export: try another QUERY")
    assert not file.exists()


@pytest.mark.parametrize(
    "arguments",
    [["--follow", "--har", "x"], ["--id", "1", "--har", "x"], ["--record", "y", "--har", "x"], ["--har", "no/such/x"]],
)
def test_what_makes_no_sense_is_refused(run: Run, log: Store, arguments: list[str]) -> None:
    result = run("requests", *arguments)
    assert (result.code, len(result.err.splitlines())) == (2, 1)
