from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from core.store.exchanges import Listed
from tui.plain import fit
from tui.request_rows import clock, columns, mark, milliseconds, request_row

ROW = Listed(
    *(7, "in", "entra", 1_787_567_267_302, 12_345, "PATCH", "/Users/42", 200, "ada@example.com", "ok", "192.0.2.1"),
    *(None, None, None),
)


def titles(width: int) -> list[str]:
    return [column.title.strip() for column in columns(width)]


def test_columns_drop_with_the_width_and_the_outcome_never_does() -> None:
    compact = ["", "time", "method", "st", "subject", "outcome"]
    assert titles(40) == compact
    assert titles(80) == ["", "time", "dir", "method", "st", "ms", "subject", "outcome"]
    assert titles(100) == ["", "time", "dir", "party", "method", "st", "ms", "subject", "outcome"]
    assert titles(160) == ["", "time", "dir", "party", "method", "st", "ms", "subject", "path", "outcome"]


@pytest.mark.parametrize("width", range(56, 200))
def test_the_columns_leave_room_for_the_outcome(width: int) -> None:
    taken = sum((column.width or 0) + 1 for column in columns(width) if column.width is not None)
    assert width - 3 - taken >= 4


def test_eighty_columns_show_a_whole_mail_address_and_a_whole_scim_error() -> None:
    subject, outcome = columns(80)[-2:]
    taken = sum((column.width or 0) + 1 for column in columns(80) if column.width is not None)
    assert (subject.width or 0) >= len("r.haddad@example.com")
    assert outcome.width is None
    assert 80 - 3 - taken >= len("invalidValue")


def test_an_answer_that_something_is_not_there_is_not_marked() -> None:
    assert mark(replace(ROW, status=404, outcome="not there")) == " "
    assert mark(replace(ROW, status=404, outcome="not found")) == "!"


def test_a_row_has_a_cell_for_each_column() -> None:
    row = request_row(ROW, columns(160))
    assert row.id == 7
    texts = [cell.text.strip() for cell in row.cells]
    assert texts[2:] == ["in", "entra", "PATCH", "200", "12", "ada@example.com", "/Users/42", "ok"]
    assert all(cell_len(fit(cell.text, cell.width)) == cell.width for cell in row.cells if cell.width is not None)


@pytest.mark.parametrize(
    ("status", "duration", "shown"),
    [
        *((200, 5, " "), (302, 5, " "), (404, 5, "!"), (499, 5, "!"), (500, 5, "X"), (None, 5, "X")),
        *((200, 1_000_000, " "), (200, 1_000_001, "~"), (404, 2_000_000, "!"), (503, 2_000_000, "X")),
    ],
)
def test_what_went_wrong_is_marked_besides_its_colour(status: int | None, duration: int, shown: str) -> None:
    row = replace(ROW, status=status, duration=duration)
    assert mark(row) == shown
    styles = {cell.style for cell in request_row(row, columns(80)).cells}
    assert ({"window-view--warning", "window-view--bad"} & styles != set()) is (shown != " ")


def test_an_exchange_without_an_answer_shows_a_dash_for_its_status() -> None:
    assert request_row(replace(ROW, status=None), columns(40)).cells[3].text == "  -"


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [
        (0, "0.0"),
        (400, "0.4"),
        (9_949, "9.9"),
        (9_950, "10"),
        (1_204_000, "1204"),
        (99_999_000, "99999"),
        (104e6, "104s"),
    ],
)
def test_durations_are_milliseconds_of_five_characters_at_most(microseconds: float, shown: str) -> None:
    assert milliseconds(int(microseconds)) == shown
    assert len(shown) <= 5


@pytest.mark.parametrize(("zone", "shown"), [("UTC", "10:27:47.302"), ("America/New_York", "06:27:47.302")])
def test_times_are_of_the_local_zone(zone: str, shown: str, local_zone: Callable[[str], None]) -> None:
    local_zone(zone)
    assert clock(ROW.at) == shown
