from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.position_bar import thumb


def test_the_bar_is_empty_where_everything_is_visible() -> None:
    assert thumb(10, 1, 5, 1, 5) == range(0)


def test_the_bar_ends_where_the_list_ends() -> None:
    assert thumb(10, 1, 10, 1, 100) == range(1)
    assert thumb(10, 91, 100, 1, 100) == range(9, 10)
    assert thumb(10, 46, 55, 1, 100) == range(4, 6)


@given(st.integers(1, 50), st.integers(1, 10**6), st.integers(1, 50), st.integers(0, 10**6))
def test_a_part_of_a_list_is_always_seen_within_the_bar(height: int, first: int, rows: int, beyond: int) -> None:
    lines = thumb(height, first, first + rows - 1, 1, first + rows - 1 + beyond)
    assert bool(lines) == (first > 1 or beyond > 0)
    assert all(0 <= line < height for line in lines)
