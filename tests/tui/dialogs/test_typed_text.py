"""What keys make of a text that is typed in a dialog."""

import pytest
from textual import events

from tui.dialogs.typed_text import typed


@pytest.mark.parametrize(
    ("before", "key", "character", "after"),
    [
        ("ad", "a", "a", "ada"),
        ("ada", "space", " ", "ada "),
        ("山", "x", "田", "山田"),
        ("ada", "backspace", "\x7f", "ad"),
        ("", "backspace", "\x7f", ""),
        ("ada", "ctrl+u", "\x15", ""),
        ("ada", "enter", "\r", None),
        ("ada", "up", None, None),
        ("ada", "x", "\u202e", None),
        ("ada", "x", "\x1b", None),
    ],
)
def test_a_key_belongs_to_the_text_or_is_left_to_the_bindings(
    before: str, key: str, character: str | None, after: str | None
) -> None:
    assert typed(before, events.Key(key, character)) == after


def test_only_what_fits_is_taken_and_no_more_than_there_is_room_for() -> None:
    assert typed("1", events.Key("a", "a"), str.isdecimal) is None
    assert typed("1", events.Key("2", "2"), str.isdecimal) == "12"
    assert typed("12", events.Key("3", "3"), str.isdecimal, longest=2) == "12"
