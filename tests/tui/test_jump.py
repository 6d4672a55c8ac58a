from datetime import UTC, datetime

import pytest

from tui.jump import number_of, problem_of, time_of

pytestmark = pytest.mark.usefixtures("utc")

NOW = int(datetime(2026, 8, 24, 10, 27, 47, tzinfo=UTC).timestamp() * 1000)


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(("text", "number"), [("4711", 4711), ("0", 0), ("٣", None), ("10:41", None), ("9" * 30, None)])
def test_a_number_is_digits_alone(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10:05", at(2026, 8, 24, 10, 5)),
        ("10:05:09", at(2026, 8, 24, 10, 5, 9)),
        ("10:41", at(2026, 8, 23, 10, 41)),  # later today is not there yet
        ("2026-08-20 07:00", at(2026, 8, 20, 7)),
        ("2026-08-20T07:00:01", at(2026, 8, 20, 7, 0, 1)),
        ("2026-08-20", at(2026, 8, 20)),
        ("15m", NOW - 15 * 60_000),
        ("-2h", NOW - 2 * 3_600_000),
    ],
)
def test_a_time_is_a_clock_a_date_or_how_long_ago(text: str, time: int) -> None:
    assert time_of(text, NOW) == time
    assert problem_of(text, NOW) == ""


@pytest.mark.parametrize("text", ["25:00", "10:77", "yesterday", "15x", "2026-13-01", "10.41", ""])
def test_what_is_neither_is_told(text: str) -> None:
    assert time_of(text, NOW) is None
    assert problem_of(text, NOW) == (f'"{text}" is no number and no time' if text else "type a number or a time")
