"""A short list that is there whole, read like any other source."""

from tui.widgets.fixed_rows import FixedRows
from tui.widgets.window_source import Cell, Row

ROWS = [Row(number, (Cell(f"row {number}"),)) for number in (1, 2, 3, 4)]


def ids(rows: object) -> list[int]:
    assert isinstance(rows, list)
    return [row.id for row in rows]


def test_it_knows_its_ends() -> None:
    assert (FixedRows(lambda: ROWS).tail(), FixedRows(lambda: ROWS).head()) == (1, 4)
    assert (FixedRows(list).tail(), FixedRows(list).head()) == (0, 0)


def test_windows_begin_and_end_at_an_id() -> None:
    source = FixedRows(lambda: ROWS)
    assert ids(source.window(2, 2)) == [2, 3]
    assert ids(source.window(4, 9)) == [4]
    assert ids(source.window_ending(3, 2)) == [2, 3]
    assert ids(source.window_ending(1, 9)) == [1]
    assert ids(source.window_ending(0, 9)) == []


def test_rows_are_asked_for_anew_with_each_reading() -> None:
    rows = list(ROWS)
    source = FixedRows(lambda: rows)
    rows.append(Row(5, ()))
    assert source.head() == 5
