"""The lines over the list of exchanges: whether it follows or holds, what comes and goes, and what is filtered."""

from collections.abc import Sequence
from typing import get_args

from rich.cells import cell_len

from core.config.settings import Settings
from core.exchange import Direction
from core.store.gauges import Gauges
from tui.gauge_text import RECENT
from tui.plain import fit
from tui.request_rows import Column
from tui.request_search import RequestSearch
from tui.request_source import RequestLog
from tui.sparkline import per_second_text
from tui.times import moment
from tui.widgets.page import Line, Words, line
from tui.widgets.request_list import RequestList

ABOUT = (
    "Every SCIM request of an IdP (in) and every call to a target (out), newest at the end.",
    "Moving the cursor holds the rows, and so does pausing; the log goes on, and nothing is lost.",
    "Marks: ! refused (4xx), X failed or unanswered, ~ took longer than a second.",
    "An opened exchange follows the cursor; the key that opened it goes on into its text, and back to the list.",
    "A filter is terms side by side, such as status:4xx -party:entra ada; while you type, it says what there is.",
    "Its effect is what it changed, and the changes and calls it led to; the trail goes on to each of them, and back.",
    "Exports and copies never have a secret. A replay goes to this machine, or to what config.toml calls a sandbox.",
)
"""What the screen shows, for its help page."""


def state_line(view: RequestList, log: RequestLog, now: int, follow_key: str, traffic: str, width: int) -> Line:
    """`FOLLOW`, or `HELD at 10:41:07  2,481 new  f follows`; at the right, what comes and goes.

    The time is that of the exchange under the cursor.
    """
    if view.following:
        parts = line(Words(" FOLLOW", "page--good"))
    else:
        at = log.time_of(view.cursor)
        held = f" HELD at {moment(at, now)}" if at is not None else " HELD"
        new = Words(_new(view, log), "page--title")
        parts = line(Words(held, "page--warning"), new, f"  {follow_key} follows")
    return (*parts, *_right(parts, traffic, width))


def heading_line(shown: Sequence[Column]) -> Line:
    """The titles over the columns of the list."""
    titles = (fit(column.title, column.width or len(column.title)) for column in shown)
    return line(Words("  " + " ".join(titles), "page--dim"))


def problem_line(problem: str) -> Line:
    """Why the rows may be old."""
    return line(Words(f" X {problem}", "page--bad"))


def filter_line(search: RequestSearch, now: int, width: int) -> Line:
    """`filter status:4xx      [on] 231 match back to 10:31:05 ...`: dots while it searches."""
    state = f"[on] {_found(search, now)} " if search.is_on else "[off] "
    label = " filter "
    room = max(8, width - cell_len(state) - len(label) - 1)
    text = fit(search.text, room)
    return line(Words(label, "page--key"), f"{text} ", Words(state, "page--dim"))


def traffic_text(gauges: Gauges, now: int) -> str:
    """`in 12/s  out 3.4/s`, over the last seconds."""
    end = now // 1000
    came, went = (gauges.of(direction, end - RECENT, end - 1).count for direction in get_args(Direction))
    return f"in {_rate(came)}  out {_rate(went)} "


def empty_text(search: RequestSearch, settings: Settings) -> str:
    """What stands in the place of rows where there are none, with what to do next."""
    if search.is_on:
        return "nothing matches so far" if search.is_searching else "nothing matches: change the filter, or go back"
    if not settings.providers:
        return "nothing logged yet: write a [[provider]] into config.toml"
    return f"nothing logged yet: the IdP sends to {settings.listener.scim_base_url(settings.providers[0].name)}"


def _found(search: RequestSearch, now: int) -> str:
    if search.matches is None:
        return ""
    number = f"{len(search.matches.search):,} match"
    if search.is_complete:
        return f"{number}, all searched"
    if not search.reached_at:
        return f"{number}, searching ..."
    more = " ..." if search.is_searching else ", more above"
    return f"{number} back to {moment(search.reached_at, now)}{more}"


def _new(view: RequestList, log: RequestLog) -> str:
    """What came since the rows were held, and how much of it matches."""
    new = log.newest - view.held_at
    if not new:
        return ""
    matching = f" ({view.matches.search.after(view.held_at):,} match)" if view.matches is not None else ""
    return f"  {new:,} new{matching}"


def _rate(count: int) -> str:
    return per_second_text(count / RECENT) if count else "quiet"


def _right(parts: Line, text: str, width: int) -> Line:
    """`text` at the right end of the line, if there is room."""
    left = width - sum(cell_len(part.text) for part in parts) - cell_len(text)
    return line(" " * left, Words(text, "page--dim")) if left > 0 else ()
