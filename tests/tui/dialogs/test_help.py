from console_stories import SMALL, Clock, console, said, with_console

from core.store import Store
from tui.actions import actions_of


async def test_help_explains_the_screen_and_lists_every_action_with_its_keys(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        for key, place in (("1", "overview"), ("2", "requests"), ("3", "sync")):
            await pilot.press(key, "question_mark")
            await pilot.pause()
            text = said(app)
            assert text.startswith(f" {place.capitalize()}\n")
            missing = [
                action.id
                for action in actions_of(place, "everywhere", "list")  # type: ignore[arg-type]
                if action.id not in text or action.help.split()[0] not in text
            ]
            assert missing == []
            await pilot.press("escape")


async def test_help_says_why_an_action_cannot_act_now(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "question_mark")
        await pilot.pause()
        assert "Not now: no plan waits." in said(app)


async def test_help_shows_the_keys_of_the_keymap(store: Store, clock: Clock) -> None:
    app = console(store, clock, with_console(keymap={"everywhere.theme": "f9", "dialog.dismiss": "f10"}))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert " f9          everywhere.theme" in said(app)
        assert "f10 closes this page" in " ".join(said(app).split())
        await pilot.press("escape")
        assert len(app.screen_stack) == 2
        await pilot.press("f10")
        assert len(app.screen_stack) == 1


async def test_help_is_scrolled_with_the_keys_of_a_list(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("question_mark", "G")
        await pilot.pause()
        scroll = app.screen.focused
        assert scroll is not None
        assert scroll.scroll_offset.y == scroll.max_scroll_y > 0
