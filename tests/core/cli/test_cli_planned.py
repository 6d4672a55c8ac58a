"""The plan of a run in words: every kind of change has its own."""

import pytest
from engine_stub import StubEngine, change
from running import Run

from core.planning.changes import ChangeKind, Plan


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_change_of_any_kind_is_counted_and_listed_in_words(kind: ChangeKind, run: Run, engine: StubEngine) -> None:
    engine.plan = Plan((change("ada", kind, "staff"),), ())
    result = run("sync", "wiki")
    words = kind.value.replace("-", " ")
    assert f"  {1:>6}  {words}" in result.out.splitlines()
    assert any(line.startswith(f"{words} ") and "ada" in line for line in result.out.splitlines())
