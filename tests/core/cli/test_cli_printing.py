"""Lines, tables, times and progress, as every command prints them."""

import io
import json
import time
from collections.abc import Iterator

import pytest

from core.cli.output import say, say_json, tell
from core.cli.progress import Progress
from core.cli.table import cut, table, width
from core.cli.times import iso, iso_or_none, local, local_or_dash, span


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_one_call_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    say("name\nmanciple: all is well\x1b[2J")
    tell("gone\r\n")
    captured = capsys.readouterr()
    assert captured.out == "name␊manciple: all is well␛[2J\n"
    assert captured.err == "gone␍␊\n"


def test_json_is_exact_for_readers_and_harmless_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"name": "Zoë \x1b[2J \u202e \x9b"}
    say_json(document)
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == document


def test_columns_are_aligned_whatever_the_script() -> None:
    lines = table(("N", "NAME", "X"), [("1", "Ada", "a"), ("12", "山田", "b"), ("3", "Zoe\u0308", "c")], right=("N",))
    assert lines == [" N  NAME  X", " 1  Ada   a", "12  山田  b", " 3  Zoe\u0308   c"]


def test_a_table_without_rows_has_its_header() -> None:
    assert table(("A", "B"), []) == ["A  B"]


def test_cells_cannot_break_the_table() -> None:
    assert table(("A", "B"), [("a\nb", "\x1b[1m")]) == ["A    B", "a␊b  ␛[1m"]


def test_a_table_for_a_terminal_cuts_its_widest_columns_but_no_numbers() -> None:
    rows = [("12345678", "山田山田山田山田", "a short one"), ("1", "Ada", "b")]
    lines = table(("N", "NAME", "BECAUSE"), rows, right=("N",), columns=30)
    assert lines == ["       N  NAME       BECAUSE", "12345678  山田山田…  a short …", "       1  Ada        b"]
    assert max(map(width, lines)) <= 30


def test_a_table_for_a_narrow_terminal_first_leaves_out_what_can_be_spared() -> None:
    rows = [("wiki-of-the-college", "push", "done")]
    assert table(("TARGET", "TRIGGER", "STATE"), rows, spare=("TRIGGER",), columns=27) == [
        "TARGET               STATE",
        "wiki-of-the-college  done",
    ]
    assert len(table(("TARGET", "TRIGGER", "STATE"), rows, spare=("TRIGGER",), columns=80)[0].split()) == 3


def test_even_a_terminal_that_is_far_too_narrow_has_one_line_per_row() -> None:
    assert table(("N", "M"), [("1234567", "12345678")], right=("N", "M"), columns=10) == ["      N  …", "1234567  …"]


@pytest.mark.parametrize(("columns", "shown"), [(4, "山…"), (5, "山田…"), (6, "山田山"), (1, "…")])
def test_a_text_is_cut_by_its_cells(columns: int, shown: str) -> None:
    assert cut("山田山", columns) == shown


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("山田", 4), ("e\u0301", 1), ("", 0)])
def test_the_width_of_a_text_is_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.usefixtures("berlin")
def test_times_are_local_with_their_zone_for_people_and_utc_for_scripts() -> None:
    assert local(1_782_907_200_000) == "2026-07-01 14:00:00 CEST"
    assert local(1_767_268_800_123) == "2026-01-01 13:00:00 CET"
    assert iso(1_767_268_800_123) == "2026-01-01T12:00:00.123Z"


def test_a_time_that_is_not_known() -> None:
    assert local_or_dash(None) == "-"
    assert iso_or_none(None) is None


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0 ms"), (999, "999 ms"), (1_000, "1 s"), (59_999, "59 s"), (60_000, "1 min"), (7_200_000, "2 h"),
     (3 * 86_400_000, "3 d"), (-5, "0 ms")],
)  # fmt: skip
def test_a_span_is_told_in_its_largest_unit(milliseconds: int, text: str) -> None:
    assert span(milliseconds) == text


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = Progress()
    progress.show("reading: 120")
    progress.show("done\x1b")
    progress.clear()
    assert terminal.getvalue() == "\rreading: 120\r\rdone␛       \r\r     \r"


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    Progress().show("reading")
    assert capsys.readouterr().err == ""
