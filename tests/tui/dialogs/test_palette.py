import pytest
from console_stories import SMALL, Clock, K, change, console, given, page, plan_run, start_engine
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from core.store import Store, Transaction
from tui.app import Console
from tui.dialogs.palette import Palette


async def listed(pilot: Pilot[None], app: Console) -> list[str]:
    """What the palette offers, once it has searched."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    options = app.screen.query_one(CommandList).options
    return [str(option.prompt).splitlines()[0] for option in options]


async def open_and_type(pilot: Pilot[None], app: Console, text: str) -> list[str]:
    await pilot.press("colon", *text)
    return await listed(pilot, app)


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_lists_the_actions_of_the_screen_with_their_keys(
    store: Store, clock: Clock, key: str
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3", key)
        offered = await listed(pilot, app)
        assert "Approve  a" in offered
        assert "Sync now  s" in offered
        assert "Newest  end, G" in offered
        assert "Quit  q, ctrl+q" in offered
        assert not any(title.startswith("Menu") for title in offered)
        assert "Start engine  g" not in offered


async def test_an_action_is_found_by_a_few_letters_and_done(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        plan_run(tx, [change(K.CREATE_ACCOUNT)])

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        assert (await open_and_type(pilot, app, "dro"))[0] == "Drop  d"
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not isinstance(app.screen, Palette)
        await app.workers.wait_for_complete()
        assert [order.kind for order in given(store)] == ["drop"]


async def test_an_action_that_cannot_act_says_why_when_it_is_chosen(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await open_and_type(pilot, app, "appr")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert "Approve: no plan waits" in page(app, "flash")


async def test_nothing_in_the_palette_blinks(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        assert [typed.cursor_blink for typed in app.screen.query(Input)] == [False]
