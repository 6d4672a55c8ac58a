"""Rate, latency and failures of the last minute as sparklines, one line for each way.

It reads nothing: it asks the gauges what they have added up.
"""

from collections.abc import Callable
from typing import get_args

from core.exchange import Direction
from core.filtering import SLOW
from core.store.gauges import MINUTE, Gauge, Gauges
from tui.plain import fit
from tui.request_rows import milliseconds
from tui.sparkline import bars_of, per_second_text
from tui.widgets.page import Line, Words, line

RECENT = 10
"""Seconds that a number is taken over."""
_LABEL = 5
_NUMBERS = (9, 11)
"""Columns of a number, in a narrow line and in a wide one."""
_WIDE = 100
_STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20)
"""Seconds that one bar may stand for."""
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


def gauge_lines(gauges: Gauges, now: int, width: int) -> list[Line]:
    """`in   rate ▁▂▃▅ 41/s   p95 ▁▁▂ 84 ms   failed  ▂ 2/min`, and the same for what goes out."""
    return [_line(gauges, direction, now // 1000, width) for direction in _DIRECTIONS]


def _line(gauges: Gauges, direction: Direction, end: int, width: int) -> Line:
    recent = gauges.of(direction, end - RECENT, end - 1)
    minute = gauges.of(direction, end - MINUTE, end - 1)
    room, number_width = (width - _LABEL) // 3, _NUMBERS[width >= _WIDE]
    parts: list[Words] = [Words(fit(f" {direction}", _LABEL), "page--title")]
    for name, measure, number in (
        ("rate", lambda gauge: gauge.count, _rate(recent)),
        ("p95", lambda gauge: gauge.slowest or 0, _latency(recent)),
        ("failed", lambda gauge: gauge.failed, _failed(minute)),
    ):
        bars = _bars(gauges, direction, end, room - len(name) - 2 - number_width, measure)
        parts += [Words(f"{name} ", "page--dim"), Words(f"{bars} ", "page--key"), _fitted(number, number_width)]
    return line(*parts)


def _bars(gauges: Gauges, direction: Direction, end: int, room: int, measure: Callable[[Gauge], int]) -> str:
    """Bars for as much of the minute as there is room for. One always stands for the same seconds: they move on, and
    do not flicker."""
    step = next((step for step in _STEPS if MINUTE // step <= room), None)
    if step is None:
        return " " * max(0, room)
    last = end // step * step
    starts = range(last - MINUTE // step * step, last, step)
    return bars_of([measure(gauges.of(direction, start, start + step - 1)) for start in starts]).ljust(room)


def _rate(gauge: Gauge) -> Words:
    return Words(per_second_text(gauge.count / RECENT) if gauge.count else "quiet")


def _latency(gauge: Gauge) -> Words:
    if gauge.slowest is None:
        return Words("-", "page--dim")
    return Words(f"{milliseconds(gauge.slowest)} ms", "page--warning" if gauge.slowest > SLOW else "page--plain")


def _failed(gauge: Gauge) -> Words:
    return Words(f"X {gauge.failed:,}/min", "page--bad") if gauge.failed else Words("none", "page--dim")


def _fitted(words: Words, width: int) -> Words:
    return Words(fit(words.text, width), words.style)
