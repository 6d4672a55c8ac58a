from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.strip import Strip

from tui.text_lines import TextLine
from tui.widgets.text_pane import TextPane

SIZE = (40, 11)
MANY = 20_000
NUMBERED = [TextLine(f"line {number}") for number in range(1, MANY + 1)]


class Pane(TextPane):
    """A pane that remembers which lines it styled."""

    drawn: int = 0

    def _text_strip(self, fold: object, width: int) -> Strip:
        self.drawn += 1
        return super()._text_strip(fold, width)  # type: ignore[arg-type]

    def text(self) -> list[str]:
        return [self.render_line(y).text for y in range(self.size.height)]


class PaneApp(App[None]):
    def __init__(self, lines: Sequence[TextLine] = NUMBERED) -> None:
        super().__init__()
        self.pane = Pane()
        self.given = lines
        self.left = 0

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.styles.height = "1fr"
        self.pane.show(("a title that is long", "short"), self.given, "enter")
        self.pane.focus()

    def on_text_pane_left(self) -> None:
        self.left += 1


async def test_a_long_text_is_shown_from_its_beginning_and_only_what_is_seen_is_styled() -> None:
    app = PaneApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert app.pane.text()[1:] == [f"line {number}".ljust(40) for number in range(1, 11)]
        assert app.pane.drawn <= 2 * SIZE[1]


async def test_the_keys_of_a_list_move_it_and_it_stops_at_its_ends() -> None:
    app = PaneApp()
    async with app.run_test(size=SIZE) as pilot:
        tops = []
        for key in ("down", "pagedown", "up", "pageup", "pageup", "end", "pagedown", "home", "up"):
            await pilot.press(key)
            tops.append(app.pane.top)
        assert tops == [1, 10, 9, 0, 0, MANY - 10, MANY - 10, 0, 0]


async def test_the_title_says_which_lines_are_seen_and_how_to_leave() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("pagedown")
        assert app.pane.title.startswith("> a title that is long  ")
        assert app.pane.title.endswith("  enter leaves  10-19/20000 ")
        app.screen.set_focus(None)
        await pilot.pause()
        assert app.pane.title.startswith("- a title that is long")
        assert "enter scrolls" in app.pane.title


@pytest.mark.parametrize(("width", "shown"), [(40, "> a title that is long"), (24, "> short"), (8, "> short")])
async def test_a_narrow_title_gives_way_in_steps(width: int, shown: str) -> None:
    app = PaneApp()
    async with app.run_test(size=(width, 11)) as pilot:
        await pilot.pause()
        assert app.pane.title.startswith(shown)
        assert cell_len(app.pane.title) == width


async def test_a_text_read_again_keeps_its_place_and_another_one_begins_anew() -> None:
    app = PaneApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("pagedown")
        app.pane.show(("a",), [*NUMBERED, TextLine("more")], "enter", keep_place=True)
        assert app.pane.top == 9
        app.pane.show(("b",), NUMBERED, "enter")
        assert app.pane.top == 0


async def test_the_same_text_is_not_drawn_again() -> None:
    app = PaneApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        drawn = app.pane.drawn
        app.pane.show(("a title that is long", "short"), list(NUMBERED), "enter", keep_place=True)
        await pilot.pause()
        assert app.pane.drawn == drawn


async def test_long_lines_are_folded_and_folded_anew_when_the_width_changes() -> None:
    app = PaneApp([TextLine("x" * 100, "json")])
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert [len(line.rstrip()) for line in app.pane.text()[1:5]] == [40, 40, 20, 0]
        await pilot.resize_terminal(60, 11)
        await pilot.pause()
        assert [len(line.rstrip()) for line in app.pane.text()[1:5]] == [60, 40, 0, 0]


@pytest.mark.parametrize("kind", ["plain", "header", "json"])
@pytest.mark.parametrize("text", ["\x1b[2J\x1b]0;owned\x07", "[red]a[/red]\nb\u202ec", "山田太郎" * 20, "\u009b31m"])
async def test_a_hostile_text_stays_plain_and_within_its_lines(text: str, kind: str) -> None:
    app = PaneApp([TextLine(text, kind)])  # type: ignore[arg-type]
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        strips = [app.pane.render_line(y) for y in range(SIZE[1])]
        assert all(strip.cell_length == SIZE[0] for strip in strips)
        assert all(strip.text.isprintable() for strip in strips)


async def test_its_own_key_leaves_it() -> None:
    app = PaneApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert app.left == 1


async def test_a_change_of_theme_styles_the_lines_anew() -> None:
    app = PaneApp([TextLine('"a": 1', "json")])
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = list(app.pane.render_line(1))
        app.theme = "textual-light"
        await pilot.pause()
        after = list(app.pane.render_line(1))
        assert [segment.text for segment in before] == [segment.text for segment in after]
        assert [segment.style for segment in before] != [segment.style for segment in after]
