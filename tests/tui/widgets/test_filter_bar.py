from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Input

from tui.filter_history import FilterHistory
from tui.widgets.filter_bar import FilterBar


class BarApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.bar = FilterBar()
        self.applied: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.bar

    def on_filter_bar_applied(self, event: FilterBar.Applied) -> None:
        self.applied.append(event.text)

    @property
    def input(self) -> Input:
        return self.bar.query_one(Input)


async def test_it_takes_no_room_until_it_is_opened_and_none_once_closed() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        assert not app.bar.is_open
        app.bar.open("")
        await pilot.pause()
        assert app.bar.is_open
        assert app.bar.size.height >= 2
        app.bar.close()
        await pilot.pause()
        assert not app.bar.is_open


async def test_it_opens_with_a_text_and_the_caret_at_its_end_ready_to_type() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("status:4xx")
        await pilot.press("space", "a", "d", "a")
        assert app.bar.text == "status:4xx ada"


async def test_while_typing_it_shows_what_can_be_written() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("")
        await pilot.pause()
        assert "status: is: method:" in app.bar.hints
        await pilot.press("t", "o", "o")
        assert "took:" in app.bar.hints
        assert "status:" not in app.bar.hints
        await pilot.press("k", ":")
        assert "took:>1s" in app.bar.hints


async def test_an_unknown_field_is_told_while_typing() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("stauts")
        await pilot.press("colon")
        await pilot.pause()
        assert '! character 1: no field "stauts": status?' in app.bar.hints


async def test_enter_gives_the_filter() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open(" status:4xx ")
        await pilot.press("enter")
        await pilot.pause()
        assert app.applied == ["status:4xx"]


async def test_enter_on_an_invalid_filter_says_where_and_puts_the_caret_there() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("ada status:6xx bob")
        await pilot.press("enter")
        await pilot.pause()
        assert app.applied == []
        assert "! character 12: status: use 404, 4xx" in app.bar.hints
        assert app.input.cursor_position == 11
        await pilot.press("delete", "4")
        await pilot.pause()
        assert "!" not in app.bar.hints
        await pilot.press("enter")
        await pilot.pause()
        assert app.applied == ["ada status:4xx bob"]


async def test_a_name_and_a_value_are_completed() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("ada -me", {"party": ("entra", "wiki")})
        await pilot.press("tab", *"get", "space", *"par", "tab", "e", "tab")
        assert app.bar.text == "ada -method:get party:entra"
        await pilot.press("space", *"party:")
        assert "seen: entra, wiki" in app.bar.hints


async def test_up_and_down_go_through_what_was_typed_before_in_any_session(tmp_path: Path) -> None:
    for text in ("is:slow", "is:error"):
        app = BarApp()
        async with app.run_test() as pilot:
            app.bar.open(text, history=FilterHistory(tmp_path / "history"))
            await pilot.press("enter")
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("draft", history=FilterHistory(tmp_path / "history"))
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await pilot.press(key)
            seen.append(app.bar.text)
        assert seen == ["is:error", "is:slow", "is:slow", "is:error", "draft", "draft"]
        assert app.input.cursor_position == 5


async def test_a_filter_that_cannot_be_read_is_not_remembered(tmp_path: Path) -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("stauts:4xx", history=FilterHistory(tmp_path / "history"))
        await pilot.press("enter")
    assert not (tmp_path / "history").exists()


async def test_the_caret_does_not_blink() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open("")
        await pilot.pause()
        assert not app.input.cursor_blink
