"""A row of bars for what happened in each second, and the rate in a few characters."""

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_RECENT = 10
"""Seconds that a rate is taken over."""


def sparkline(counts: Sequence[int], end: int, seconds_per_bar: int) -> str:
    """One bar for every so many seconds, the highest sum full; nothing happened is a space.

    `end` is the second after the last. A bar always stands for the same seconds, so bars move on and do not flicker.
    """
    first = end - len(counts)
    bars = range(-(-first // seconds_per_bar), -(-end // seconds_per_bar))
    starts = (bar * seconds_per_bar - first for bar in bars)
    sums = [sum(counts[start : start + seconds_per_bar]) for start in starts]
    return bars_of(sums)


def bars_of(numbers: Sequence[int]) -> str:
    """One bar for each number, the highest full; nothing is a space."""
    highest = max(numbers, default=0)
    return "".join(_BARS[(number * len(_BARS) - 1) // highest] if number else " " for number in numbers)


def rate(counts: Sequence[int]) -> str:
    """What happens per second, over the last ten: `41/s`, `0.3/s`; `quiet` where nothing does."""
    recent = counts[-_RECENT:]
    per_second = sum(recent) / max(1, len(recent))
    return per_second_text(per_second) if per_second else "quiet"


def per_second_text(per_second: float) -> str:
    """`41/s`, and below ten `4.1/s`."""
    return f"{per_second:.0f}/s" if per_second >= 9.95 else f"{per_second:.1f}/s"
