from textual.app import App

from tui.dialogs.question import YES, Asked, Question
from tui.widgets.page import Page

LOSSES = {"remove-member": 12}
ASKED = Asked("Apply [red]it[/red]?", LOSSES, LOSSES, ["Because."], "12", "apply", "leaves it")


class AskingApp(App[None]):
    """Asks once, and keeps the answer."""

    def __init__(self, asked: Asked = ASKED) -> None:
        super().__init__()
        self.asked = asked
        self.answer: bool | None = None
        self.is_answered = False

    def on_mount(self) -> None:
        self.push_screen(Question(self.asked, {}), self.take)

    def take(self, answer: bool | None) -> None:
        self.answer, self.is_answered = answer, True

    @property
    def text(self) -> str:
        return self.screen.query_one(Page).text


async def answered(*keys: str, asked: Asked = ASKED) -> tuple[bool, bool | None]:
    """Whether the question was closed by these keys, and with which answer."""
    app = AskingApp(asked)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return app.is_answered, app.answer


async def test_only_what_was_asked_for_is_a_yes() -> None:
    assert await answered("1", "2", "enter") == (True, True)
    assert await answered("1", "3", "backspace", "2", "enter") == (True, True)
    assert await answered("enter") == (True, False)
    assert await answered("escape") == (True, None)
    assert await answered("1", "2", "escape") == (True, None)
    assert await answered("1", "enter") == (False, None)
    assert await answered("1", "2", "3", "enter") == (False, None)
    assert await answered("y", "enter") == (False, None)


async def test_a_wrong_answer_is_told_and_asked_for_again() -> None:
    app = AskingApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "enter")
        assert "! 7 is not 12; nothing was done" in app.text
        assert "Type 12, then enter, to apply: [  ]" in app.text


async def test_it_says_how_many_of_what_and_marks_what_is_taken_away() -> None:
    app = AskingApp()
    async with app.run_test(size=(80, 24)):
        assert " ! remove-member               12" in app.text
        assert "Apply [red]it[/red]?" in app.text
        assert "Because." in app.text
        assert "esc leaves it" in app.text


async def test_a_yes_is_typed_where_nothing_is_taken_away() -> None:
    harmless = Asked("Apply?", {"add-member": 3}, (), [], YES, "apply", "leaves it")
    assert await answered("y", "enter", asked=harmless) == (True, True)
    assert await answered("enter", asked=harmless) == (True, False)
