from collections.abc import Callable

import pytest

from tui.times import DAY, HOUR, MINUTE, SECOND, ago, clock_time, moment, short_moment, span

NOON = 1_787_572_800_000
"""2026-08-24 12:00:00 UTC."""


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (-5, "0 s"),
        (999, "0 s"),
        (59 * SECOND, "59 s"),
        (MINUTE, "1 min"),
        (HOUR - 1, "59 min"),
        (47 * HOUR, "47 h"),
        (2 * DAY, "2 d"),
        (400 * DAY, "400 d"),
    ],
)
def test_a_span_is_told_in_one_unit(length: int, told: str) -> None:
    assert span(length) == told


def test_an_age_is_told_from_now() -> None:
    assert ago(NOON - 3 * MINUTE, NOON) == "3 min ago"


def test_times_are_told_in_the_local_zone(local_zone: Callable[[str], None]) -> None:
    local_zone("Asia/Kolkata")
    assert clock_time(NOON) == "17:30:00"


def test_a_day_other_than_today_is_named(utc: None) -> None:
    assert moment(NOON, NOON + HOUR) == "12:00:00"
    assert moment(NOON, NOON + DAY) == "2026-08-24 12:00:00"
    assert short_moment(NOON, NOON + HOUR) == "12:00:00"
    assert short_moment(NOON, NOON + DAY) == "08-24 12:00"
