"""Stories of the user sync screen: what an edit comes to, before it is saved."""

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from console_stories import HOSTILE, LARGE, SMALL, Clock, console, page
from user_sync_stories import (
    SIZES,
    about,
    form,
    go_to,
    linked,
    opened,
    people,
    preview,
    rows,
    shown_preview,
    type_in,
)

from core.config import EditPath, Source, TomlValue, load_settings
from core.store import Store
from tui.app import Console
from tui.forms.trials import Trials, Tried

pytestmark = pytest.mark.usefixtures("utc", "at_once")


@SIZES
async def test_a_value_rule_shows_what_it_makes_of_people_as_it_is_typed(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "account name match")
        assert "users.username.match" in about(app)
        assert "ada@contoso.example -> ada@contoso.example" in about(app)
        await type_in(pilot, "^(.+)@.*$")
        await pilot.press("down")
        await type_in(pilot, "x-$1")
        assert "ada@contoso.example -> x-ada" in about(app)
        shown = await preview(pilot, app)
        assert "create-account x-ada" in shown
        assert "The edit itself adds 3 and takes 3 away" in shown


@SIZES
async def test_a_wrong_value_stays_and_says_what_is_wrong_and_the_preview_is_of_the_last_valid_state(
    app: Console, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "account name match")
        await type_in(pilot, "^(.+")
        assert "! the pattern" in about(app) or "RE2" in about(app)
        assert form(app).draft.value(("users", "username", "match")) == "^(.+"
        assert any(row.startswith("> !") and "^(.+" in row for row in rows(app))
        shown = await preview(pilot, app)
        assert "! a value is wrong; this is of the last valid state" in shown
        assert "All changes" in shown
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Save: a value is wrong; it is marked with !" in page(app, "flash")


async def test_the_preview_counts_conflicts_and_brakes_and_says_how_old_it_is(app: Console, store: Store) -> None:
    linked(store)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "brakes deactivate")
        await type_in(pilot, "1 or 100%")
        shown = await preview(pilot, app)
        assert "! 2 deactivations" in shown
        assert "! brakes.deactivate:" in shown
        assert "the target as read at 10:27:47" in shown
        await go_to(pilot, "account name from")
        await type_in(pilot, "externalId")
        assert "C05" in await preview(pilot, app)


@SIZES
async def test_people_are_followed_through_the_rules(app: Console, store: Store, size: tuple[int, int]) -> None:
    people(store, "gone@contoso.example", active=False)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        shown = await preview(pilot, app)
        assert "Three people followed through the rules ada@contoso.example Ada" in shown
        assert "users.username: userName is 'ada@contoso.example'" in shown
        assert "Gone (gone@contoso.example) is inactive at the IdP." in shown, "one of them has left"


async def test_what_is_committed_meanwhile_comes_into_the_preview(app: Console, store: Store) -> None:
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app)
        assert "3 account creations" in await preview(pilot, app)
        people(store, "new@contoso.example")
        app.tick()
        app.second()
        assert "4 account creations" in await preview(pilot, app)


async def test_names_from_outside_are_plain_text(store: Store, clock: Clock, config: Path) -> None:
    for name in HOSTILE:
        people(store, name)
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        shown = await preview(pilot, app)
        assert "\x1b" not in shown
        assert "[red]bob[/red]" in shown


async def test_a_plan_that_takes_long_is_said_to_be_computed_and_the_form_goes_on(
    app: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, compute = threading.Event(), Trials.compute
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app)

        def slow(trials: Trials, source: Source, changes: Mapping[EditPath, TomlValue | None]) -> Tried:
            may_end.wait(30)
            return compute(trials, source, changes)

        monkeypatch.setattr(Trials, "compute", slow)
        await go_to(pilot, "accounts create")
        await pilot.press("space")
        while "> computing" not in shown_preview(app):
            await pilot.pause(0.01)
        await pilot.press("space", "space")
        assert form(app).draft.value(("users", "create")) is False
        may_end.set()
        assert "The edit itself adds 0 and takes 3 away" in await preview(pilot, app)
