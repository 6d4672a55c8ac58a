"""Stories of the user sync screen: what is edited is saved, kept, or given up."""

from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import SMALL, Clock, console, given, page, said, start_engine
from user_sync_stories import (
    SIZES,
    TEXT,
    about,
    audited,
    form,
    go_to,
    heading,
    opened,
    settled,
    text_of,
    type_in,
    write,
)

from core.config import load_settings
from core.store import Store
from tui.app import Console

pytestmark = pytest.mark.usefixtures("utc", "at_once")


@SIZES
async def test_a_save_shows_the_difference_asks_and_has_the_engine_read_the_file(
    app: Console, store: Store, config: Path, size: tuple[int, int]
) -> None:
    store.writer.write_now(start_engine)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("right")
        await settled(pilot, app)
        assert "1 change not saved" in heading(app)
        await pilot.press("ctrl+s")
        await settled(pilot, app)
        assert "-create = true  # the wiki is for everybody" in said(app)
        assert "+create = false  # the wiki is for everybody" in said(app)
        assert "Foreseen: nothing to change, the edit itself: +0 -3." in " ".join(said(app).split())
        assert text_of(config) == TEXT, "nothing is written before it is confirmed"
        await pilot.press("enter")
        await settled(pilot, app)
        assert text_of(config) == TEXT.replace("true", "false")
        assert text_of(config.with_name("config.toml.bak")) == TEXT
        assert [order.kind for order in given(store)] == ["reload"]
        assert "config.toml is saved" in page(app, "flash")
        assert "not saved" not in heading(app)
        assert not app.settings.targets[0].rules.users.create
        assert "edit configuration" in audited(store)


async def test_a_save_that_is_not_confirmed_keeps_the_edits(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space", "ctrl+s")
        await settled(pilot, app)
        await pilot.press("escape")
        await pilot.pause()
        assert (text_of(config), form(app).draft.is_edited) == (TEXT, True)
        assert "nothing was written; your edits are kept" in page(app, "flash")


async def test_a_file_that_was_changed_meanwhile_is_not_overwritten_and_the_edits_go_on_top_of_it(
    app: Console, config: Path
) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space")
        write(config, TEXT.replace('"admin"', '"admin", "root"'))
        await pilot.press("ctrl+s")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert "changed meanwhile, so nothing was written" in " ".join(said(app).split())
        assert '+protect = ["admin", "root"]' in said(app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert form(app).draft.value(("users", "protect")) == ["admin", "root"]
        assert form(app).draft.edits == {("users", "create"): False}
        await pilot.press("ctrl+s")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert text_of(config) == TEXT.replace("true", "false").replace('"admin"', '"admin", "root"')


async def test_unsaved_edits_are_given_up_only_when_that_is_confirmed(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space", "escape")
        await pilot.pause()
        assert "Give up 1 change of wiki that is not saved?" in said(app)
        await pilot.press("escape")
        await pilot.pause()
        assert form(app).draft.is_edited
        await pilot.press("escape", "y", "enter")
        await settled(pilot, app)
        assert not form(app).draft.is_edited
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1, "without edits nothing is asked"


async def test_edits_stay_while_another_screen_is_looked_at(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space", "1", "8")
        await settled(pilot, app)
        assert form(app).draft.edits == {("users", "create"): False}


async def test_one_setting_goes_back_to_what_is_saved_or_to_its_default(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "protect")
        await type_in(pilot, "svc-*, root")
        assert form(app).draft.value(("users", "protect")) == ("svc-*", "root")
        assert "default none; in config.toml admin" in about(app)
        await pilot.press("u")
        assert form(app).draft.edits == {}
        await pilot.press("d")
        assert form(app).draft.edits == {("users", "protect"): None}


@SIZES
async def test_without_a_target_it_says_what_to_do(
    store: Store, clock: Clock, config: Path, size: tuple[int, int]
) -> None:
    app = console(store, clock, replace(load_settings(config), targets=()))
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "No target is configured: write a [[target]] into config.toml first." in heading(app)
        await pilot.press("space", "ctrl+s", "slash", "x", "tab", "escape")
        await pilot.pause()
        assert "there is no form" in page(app, "flash") or page(app, "flash").strip() == ""


async def test_a_file_that_cannot_be_read_is_told(store: Store, clock: Clock, config: Path) -> None:
    app = console(store, clock, replace(load_settings(config), path=config.with_name("gone.toml")))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        assert "the file is not there" in heading(app)
