from pathlib import Path
from typing import Any

import pytest
from running import Run

import core.sandbox.demo


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the demonstration was asked for; it ends with 7."""
    calls: list[dict[str, Any]] = []

    def run(**values: Any) -> int:
        calls.append(values)
        return 7

    monkeypatch.setattr(core.sandbox.demo, "run", run)
    return calls


def test_the_options_reach_the_demonstration_and_its_code_comes_back(run: Run, asked: list[dict[str, Any]]) -> None:
    options = ("--no-console", "--users", "9", "--seed", "4", "--faults", "2.5", "--json")
    assert run("demo", *options, config=None).code == 7
    assert asked == [{"users": 9, "seed": 4, "faults": 2.5, "method": "scim", "as_json": True, "open_console": None}]


def test_without_a_terminal_there_is_no_console(run: Run, asked: list[dict[str, Any]]) -> None:
    result = run("demo", config=None)
    assert (result.code, asked) == (2, [])
    assert "add --no-console" in result.error


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json",),
        ("--no-console", "--users", "0"),
        ("--no-console", "--faults", "101"),
        ("--no-console", "--method", "ldap"),
    ],
)
def test_wrong_options_are_refused(arguments: tuple[str, ...], run: Run, asked: list[dict[str, Any]]) -> None:
    result = run("demo", *arguments, config=None)
    assert (result.code, len(result.err.splitlines()), asked) == (2, 1, [])


def test_nothing_is_left_in_the_folder(run: Run, asked: list[dict[str, Any]], tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    run("demo", "--no-console", config=None)
    assert sorted(tmp_path.iterdir()) == before
