from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tui.widgets.page import Line, Page, Words, line
from tui.widgets.scroll import Scroll


class WatchedPage(Page):
    """A page that remembers which lines it drew."""

    drawn: list[int]

    def __init__(self, lines: list[str]) -> None:
        self.drawn = []
        self.lines = lines
        super().__init__(self.compose_lines)

    def compose_lines(self, width: int) -> Sequence[Line]:
        return [line(text) for text in self.lines]

    def render_line(self, y: int):  # type: ignore[no-untyped-def]
        self.drawn.append(y)
        return super().render_line(y)


class PageApp(App[None]):
    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.page = WatchedPage(list(lines))

    def compose(self) -> ComposeResult:
        with Scroll():
            yield self.page

    @property
    def scrolled(self) -> int:
        return round(self.query_one(Scroll).scroll_offset.y)


async def test_a_page_is_as_high_as_its_lines_and_grows_with_them() -> None:
    app = PageApp("one", "two")
    async with app.run_test(size=(20, 10)) as pilot:
        assert app.page.size.height == 2
        app.page.lines.append("three")
        app.page.update()
        await pilot.pause()
        assert app.page.size.height == 3
        assert app.page.text == "one\ntwo\nthree"


async def test_only_lines_that_changed_are_drawn_again() -> None:
    app = PageApp("one", "two", "three")
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        app.page.drawn.clear()
        app.page.update()
        await pilot.pause()
        assert app.page.drawn == []
        app.page.lines[1] = "zwei"
        app.page.update()
        await pilot.pause()
        assert set(app.page.drawn) == {1}


@pytest.mark.parametrize("text", ["x" * 50, "山田太郎" * 10, "\x1b[2J" * 10, "[bold]" * 10, "\u202e" * 50])
async def test_a_line_never_leaves_its_width_and_never_commands(text: str) -> None:
    app = PageApp(text)
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        drawn = app.page.render_line(0).text
        assert cell_len(drawn) == 20
        assert drawn.rstrip().endswith("…")
        assert drawn.replace("…", "").isprintable()


async def test_a_page_higher_than_the_screen_is_scrolled_with_the_keys_of_a_list() -> None:
    app = PageApp(*(f"line {number}" for number in range(30)))
    async with app.run_test(size=(20, 10)) as pilot:
        seen = []
        for key in ("j", "down", "k", "pagedown", "G", "up", "pageup", "home"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(app.scrolled)
        assert seen == [1, 2, 1, 11, 20, 19, 9, 0]


async def test_a_part_of_a_line_has_the_style_it_names() -> None:
    page = Page(lambda width: [line("plain ", Words("bad", "page--bad"))])

    class StyledApp(App[None]):
        def compose(self) -> ComposeResult:
            yield page

    async with StyledApp().run_test(size=(20, 5)):
        plain, bad, *_ = page.render_line(0)
        assert bad.style is not None
        assert plain.style is not None
        assert (bad.text, bad.style.bold, plain.style.bold) == ("bad", True, None)
