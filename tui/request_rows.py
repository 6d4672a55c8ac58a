"""How the list shows an exchange: its columns, which of them a width has room for, and the marks of what went wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.exchange import NO_FAILURE
from core.filtering import SLOW
from core.store.exchanges import Listed
from tui.widgets.window_source import Cell, Row

_NO_ANSWER = "-"
_PLAIN, _DIM = "window-view--row", "window-view--dim"
_WARNING, _BAD = "window-view--warning", "window-view--bad"
_FRAME = 3
"""Cells of a line that are no column: the cursor's mark and the position bar."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list."""

    title: str
    width: int | None
    """In terminal cells; `None` takes what the others leave, and stands last."""
    text: Callable[[Listed], str]
    style: Callable[[Listed], str] = lambda row: _PLAIN


def mark(row: Listed) -> str:
    """`X` where the server failed or nobody answered, `!` where the request was refused, `~` where it was slow."""
    if row.status is None or row.status >= 500:
        return "X"
    if row.status >= 400 and row.outcome not in NO_FAILURE:
        return "!"
    return "~" if row.duration > SLOW else " "


def clock(at: int) -> str:
    """`10:41:07.302`, in the local zone."""
    return f"{datetime.fromtimestamp(at // 1000):%H:%M:%S}.{at % 1000:03d}"


def milliseconds(duration: int) -> str:
    """Microseconds as milliseconds: `0.4`, `12`, `1204`; from 100 s on `104s`."""
    if duration >= 100_000_000:
        return f"{duration // 1_000_000}s"
    return f"{duration / 1000:.1f}" if duration < 9_950 else f"{duration / 1000:.0f}"


def columns(width: int) -> tuple[Column, ...]:
    """The columns that a list of this width in terminal cells shows, in their order."""
    shown = tuple(column for column, least in _COLUMNS if width >= least)
    room = width - _FRAME - sum((column.width or 0) + 1 for column in shown)
    if width >= _WITH_PATH:
        return (*shown, _subject(room * 35 // 100), _path(room * 40 // 100), _OUTCOME)
    return (*shown, _subject(max(8, room * 6 // 10)), _OUTCOME)


def request_row(row: Listed, shown: Sequence[Column]) -> Row:
    """An exchange in these columns."""
    return Row(row.id, tuple(Cell(column.text(row), column.style(row), column.width) for column in shown))


def _dim(_row: Listed) -> str:
    return _DIM


def _severity(row: Listed) -> str:
    """Colour is for what needs a look: a row without any stays calm, and is sent in a third of the bytes."""
    return {"X": _BAD, "!": _WARNING, "~": _WARNING}.get(mark(row), _PLAIN)


def _severity_of_status(row: Listed) -> str:
    return _PLAIN if row.status is not None and row.status < 400 else _severity(row)


def _severity_of_time(row: Listed) -> str:
    return _WARNING if row.duration > SLOW else _PLAIN


def _subject(width: int) -> Column:
    return Column("subject", width, lambda row: row.subject)


def _path(width: int) -> Column:
    return Column("path", width, lambda row: row.path, _dim)


def _status(row: Listed) -> str:
    return _NO_ANSWER if row.status is None else str(row.status)


_MARK = Column("", 1, mark, lambda row: _DIM if mark(row) == " " else _severity(row))
_TIME = Column("time", 12, lambda row: clock(row.at), _dim)
_DIRECTION = Column("dir", 3, lambda row: row.direction, _dim)
_PARTY = Column("party", 12, lambda row: row.party)
_METHOD = Column("method", 6, lambda row: row.method)
_STATUS = Column(" st", 3, lambda row: _status(row).rjust(3), _severity_of_status)
_TOOK = Column("   ms", 5, lambda row: milliseconds(row.duration).rjust(5), _severity_of_time)
_OUTCOME = Column("outcome", None, lambda row: row.outcome, _severity)
_COLUMNS = (
    *((_MARK, 0), (_TIME, 0), (_DIRECTION, 55), (_PARTY, 96)),
    *((_METHOD, 0), (_STATUS, 0), (_TOOK, 63)),
)
"""The columns before the subject, each with the least width of a list that has room for it."""
_WITH_PATH = 132
