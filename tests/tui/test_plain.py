import pytest
from rich.cells import cell_len

from tui.plain import STAND_IN, fit, plain


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mred", "a␛[31mred"),
        ("bell\x07", "bell␇"),
        ("two\nlines\r", "two␊lines␍"),
        ("tab\there", "tab␉here"),
        ("del\x7f", "del␡"),
        ("csi\x9b31m", f"csi{STAND_IN}31m"),
        ("exe\u202egpj", f"exe{STAND_IN}gpj"),
        ("iso\u2066late", f"iso{STAND_IN}late"),
        ("hid\u200bden", f"hid{STAND_IN}den"),
        ("line\u2028sep", f"line{STAND_IN}sep"),
        ("half\ud800", f"half{STAND_IN}"),
    ],
)
def test_what_a_terminal_would_obey_becomes_visible(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


@pytest.mark.parametrize("text", ["[bold]Sales[/bold]", "山田 太郎", "👩‍💻 Dev", "حداد", "Zoë", ""])
def test_text_that_commands_nothing_is_kept_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "text", ["short", "a long name indeed", "山田太郎山田太郎", "👍👍👍👍👍👍", "\x1b[2J\x1b[H", ""]
)
@pytest.mark.parametrize("width", [1, 2, 7, 8, 20])
def test_fitted_text_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


def test_a_cropped_text_says_so_and_never_halves_a_wide_character() -> None:
    assert fit("山田太郎", 6) == "山田 …"
    assert fit("abcdef", 4) == "abc…"


def test_no_width_leaves_no_text() -> None:
    assert fit("abc", 0) == ""
