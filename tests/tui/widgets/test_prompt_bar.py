from textual.app import App, ComposeResult

from tui.widgets.prompt_bar import Prompt, PromptBar


class BarApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.bar = PromptBar()
        self.taken: list[str] = []
        self.prompt = Prompt("go to", "a number: 4711", "goes there", self.problem, self.taken.append)

    def compose(self) -> ComposeResult:
        yield self.bar

    def problem(self, text: str) -> str:
        return "" if text.isdecimal() else f'"{text}" is no number'

    def on_prompt_bar_answered(self, message: PromptBar.Answered) -> None:
        message.prompt.take(message.text)


async def test_it_takes_no_room_until_it_is_opened() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        assert not app.bar.is_open
        app.bar.open(app.prompt)
        await pilot.pause()
        assert (app.bar.is_open, app.bar.size.height) == (True, 3)
        assert "a number: 4711\n enter goes there  esc leaves" in app.bar.hints


async def test_it_begins_with_a_text_and_what_is_typed_is_taken() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open(app.prompt, "47")
        await pilot.press("1", "1", "space", "enter")
        await pilot.pause()
        assert app.taken == ["4711"]


async def test_what_cannot_be_taken_stays_and_says_why_until_it_is_mended() -> None:
    app = BarApp()
    async with app.run_test() as pilot:
        app.bar.open(app.prompt)
        await pilot.press("x", "enter")
        await pilot.pause()
        assert (app.taken, app.bar.is_open) == ([], True)
        assert '! "x" is no number' in app.bar.hints
        await pilot.press("backspace", "7")
        await pilot.pause()
        assert "!" not in app.bar.hints
        await pilot.press("enter")
        await pilot.pause()
        assert app.taken == ["7"]
