import pytest
from rich.cells import cell_len

from tui.actions import actions_of
from tui.frame import FLASH_LINES, MOMENT, SHOWN_KEYS, Flash, flash_lines, footer_line, state_words, title_line
from tui.widgets.page import Line, Words

SYNC = actions_of("sync", "list", "everywhere")
OFF = {f"sync.{name}": "not now" for name in ("approve", "drop", "exclude", "pause", "cancel", "undo")}


def text(line: Line) -> str:
    return "".join(words.text for words in line)


def test_the_title_tells_where_you_are_and_what_waits() -> None:
    for width, start in (
        (200, " manciple [1 Overview] 2 Requests  3 Sync(2)  4 Conflicts "),
        (80, " manciple [1 Overview] 2  3(2)  4 "),
    ):
        title = text(title_line("overview", {"sync": 2}, Words("/var/lib/manciple.db"), {}, width))
        assert title.startswith(start)
        assert title.rstrip().endswith("/var/lib/manciple.db")
        assert cell_len(title) == width


def test_where_it_would_hide_the_names_of_screens_the_title_goes_without_the_store() -> None:
    title = title_line("overview", {"sync": 2}, Words("/var/lib/manciple.db", "page--dim"), {}, 110)
    assert text(title).startswith(" [1 Overview] 2 Requests 3 Sync(2) 4 Conflicts 5 People ")
    assert text(title).rstrip().endswith("0 Audit")
    assert cell_len(text(title)) == 110
    missing = title_line("overview", {"sync": 2}, Words("X no engine", "page--bad"), {}, 110)
    assert text(missing).rstrip().endswith("X no engine")


def test_the_title_tells_the_keys_of_the_keymap() -> None:
    assert "[f1 Overview]" in text(title_line("overview", {}, Words(""), {"everywhere.overview": "f1"}, 80))


def test_of_a_long_path_the_title_shows_the_end() -> None:
    title = text(title_line("sync", {}, Words("/srv/" + "deep/" * 20 + "manciple.db"), {}, 80))
    assert cell_len(title) == 80
    assert title.rstrip().endswith("deep/manciple.db")


@pytest.mark.parametrize(
    ("is_readable", "is_engine_alive", "said"), [(True, False, "X no engine"), (False, True, "X no store")]
)
def test_what_is_missing_is_said_in_the_title_in_place_of_the_store(
    is_readable: bool, is_engine_alive: bool, said: str
) -> None:
    state = state_words("manciple.db", is_readable=is_readable, is_engine_alive=is_engine_alive)
    for width in (60, 80):
        title = title_line("sync", {"sync": 2}, state, {}, width)
        assert title[-1].text.strip() == said
        assert title[-1].style == "page--bad"
        assert cell_len(text(title)) == width


def test_a_flash_that_lasts_a_moment_is_over_then() -> None:
    flash = Flash("no", "warning", 1000, lasts=MOMENT)
    assert (flash.is_over(8999), flash.is_over(9000)) == (False, True)
    assert not Flash("it failed", "bad", 1000).is_over(10**9)


def test_the_footer_has_the_keys_by_rank_and_brackets_around_what_cannot_act() -> None:
    conflicts = actions_of("conflicts", "list", "everywhere")
    footer = text(footer_line(conflicts, {"conflicts.take_back": "not now"}, {}, 160))
    assert footer.split() == (
        "a Answer (u Take back) n Next open r Rule tab Panes enter Open : Menu ? Help q Quit".split()  # noqa: SIM905
    )


def test_where_there_is_no_room_what_cannot_act_goes_first_and_help_stays() -> None:
    footer = text(footer_line(SYNC, OFF, {}, 80))
    assert "Approve" not in footer
    assert footer.split()[-1] == "Quit"
    narrow = text(footer_line(SYNC, OFF, {}, 30))
    assert narrow.split()[-1] == "Help"
    assert cell_len(narrow) <= 30


def test_the_footer_has_nine_keys_at_most() -> None:
    assert len(footer_line(actions_of("requests", "sync", "list", "everywhere"), {}, {}, 1000)) == 2 * SHOWN_KEYS


def test_a_flash_has_its_time_and_a_mark_and_is_cut_after_some_lines(utc: None) -> None:
    flash = Flash("sync wiki: \x1b[31m" + "x " * 400, "bad", 1_787_567_267_000)
    lines = flash_lines(flash, 80)
    assert text(lines[0]).startswith(" X 10:27:47 sync wiki: ␛[31m")
    assert len(lines) == FLASH_LINES
    assert all(cell_len(text(line)) <= 80 for line in lines)


def test_no_flash_is_an_empty_line() -> None:
    assert flash_lines(None, 80) == [()]
