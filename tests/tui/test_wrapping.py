import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.plain import plain
from tui.wrapping import wrapped


def test_lines_break_between_words() -> None:
    assert wrapped("two users map to one account", 12) == ["two users", "map to one", "account"]


def test_a_word_that_is_too_long_is_cut_and_wide_characters_count_twice() -> None:
    assert wrapped("山田太郎", 5) == ["山田", "太郎"]
    assert wrapped("a verylongword", 6) == ["a", "verylo", "ngword"]


def test_what_a_terminal_would_obey_is_made_visible() -> None:
    assert wrapped("a\x1b[2Jb", 20) == ["a␛[2Jb"]


def test_no_text_is_one_empty_line() -> None:
    assert wrapped("", 10) == [""]


@given(st.text(max_size=80), st.integers(2, 40))
def test_no_line_is_wider_than_asked_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")


@pytest.mark.parametrize("width", [0, 1])
def test_a_width_of_nothing_still_ends(width: int) -> None:
    assert wrapped("ab cd", width)
