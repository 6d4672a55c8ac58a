import pytest

from tui.sparkline import per_second_text, rate, sparkline


def test_a_bar_stands_for_so_many_seconds_and_the_highest_is_full() -> None:
    assert sparkline([1, 1, 2, 2, 4, 4], 6, 2) == "▂▄█"


def test_nothing_is_a_space_and_little_is_still_seen() -> None:
    assert sparkline([0, 0, 1000, 1], 4, 1) == "  █▁"
    assert sparkline([0] * 4, 4, 2) == "  "


def test_a_bar_keeps_its_seconds_while_time_goes_on() -> None:
    counts = [5, 5, 5, 1, 1, 1, 9, 9, 9, 0, 0, 0]
    bars = [sparkline(counts[start : start + 9], start + 9, 3) for start in range(4)]
    assert bars[0][1:] == bars[3][:2] == "▁█"
    assert bars[1][0] == bars[0][1]


@pytest.mark.parametrize(
    ("counts", "told"), [([0] * 60, "quiet"), ([0] * 59 + [3], "0.3/s"), ([41] * 60, "41/s"), ([], "quiet")]
)
def test_a_rate_is_taken_over_the_last_ten_seconds(counts: list[int], told: str) -> None:
    assert rate(counts) == told


def test_a_rate_has_a_fraction_below_ten_only() -> None:
    assert (per_second_text(9.94), per_second_text(9.95)) == ("9.9/s", "10/s")
