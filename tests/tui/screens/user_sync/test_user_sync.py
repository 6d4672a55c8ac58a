"""Stories of the user sync screen: a form that is read as it is typed."""

from pathlib import Path

import pytest
from console_stories import LARGE, SMALL, Clock, console, page, said
from user_sync_stories import (
    JIRA,
    SIZES,
    TEXT,
    about,
    add,
    form,
    go_to,
    heading,
    keys,
    opened,
    preview,
    rows,
    settled,
    type_in,
    write,
)

from core.config import load_settings
from core.store import Store
from tui.app import Console

pytestmark = pytest.mark.usefixtures("utc", "at_once")


@SIZES
async def test_every_setting_is_in_the_form_with_one_line_of_help(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "[8 User sync]" in page(app, "title")
        keys = {row.field.key for row in form(app).rows if row.field is not None}
        assert keys >= {
            *(f"users.{name}" for name in ("create", "update", "rename", "reactivate", "when_inactive", "grace")),
            *("users.missed_reads", "users.when_out_of_scope", "users.matching", "users.alike", "users.protect"),
            *(f"users.{value}.{key}" for value in ("username", "email", "display_name") for key in VALUE_KEYS),
            *("users.scope.groups", "users.scope.exclude_groups", "schedule.every", "schedule.auto_apply"),
            *(f"brakes.{name}" for name in ("deactivate", "delete", "remove_member", "remove_member_of_group")),
            *("brakes.update", "brakes.min_admins", "brakes.admin_groups"),
        }
        assert all(row.field.help.endswith(".") for row in form(app).rows if row.field is not None)


VALUE_KEYS = ("from", "match", "replace", "case", "no_match")


@pytest.mark.parametrize(
    ("words", "typed", "problem"),
    [
        ("missed reads", "two", "'two' is not a whole number"),
        ("missed reads", "0", "this number is out of range"),
        ("grace", "7 days", "'7 days' is not a duration"),
        ("schedule every", "0s", "there must be time between two synchronisations"),
        ("brakes deactivate", "50", "'50' is not a limit"),
        ("brakes deactivate", "50 or 101%", "this number is out of range"),
        ("matching", "id, name", "'name' is not accepted"),
        ("e-mail from", "username", "there is no attribute 'username'"),
        ("account name replace", "$7", "replacement '$7'"),
    ],
)
async def test_wrong_input_is_explained_below_its_field(app: Console, words: str, typed: str, problem: str) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, words)
        await type_in(pilot, typed)
        await settled(pilot, app)
        assert f"! {problem}" in about(app)
        assert any(typed in row for row in rows(app)), "what was typed is not lost"


async def test_what_is_being_typed_is_left_as_it_was_with_escape(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "protect")
        await pilot.press("enter", *"8q/ud", "escape")
        await settled(pilot, app)
        assert form(app).draft.edits == {}
        assert "[8 User sync]" in page(app, "title"), "letters that are typed are no keys"


async def test_tab_keeps_what_is_typed_and_goes_on(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "account name match")
        await pilot.press("enter", *keys("@.*$"), "tab")
        await pilot.pause()
        assert form(app).draft.value(("users", "username", "match")) == "@.*$"
        assert "users.username.replace" in about(app)
        await pilot.press("enter", "ctrl+u", *keys("x-$0"), "enter")
        await pilot.pause()
        assert form(app).draft.value(("users", "username", "replace")) == "x-$0"


async def test_choices_are_gone_through_both_ways(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "when inactive")
        await pilot.press("right")
        assert form(app).draft.value(("users", "when_inactive")) == "delete"
        await pilot.press("left")
        assert form(app).draft.edits == {}, "the default is not written where it was not given"
        await pilot.press("left")
        assert form(app).draft.value(("users", "when_inactive")) == "keep"


async def test_an_attribute_is_added_by_its_name_and_taken_out_again(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await add(pilot, app, "attributes")
        await pilot.press(*"first_name", "enter")
        await pilot.pause()
        assert "users.attributes.first_name.from" in about(app)
        await type_in(pilot, "name.givenName")
        assert form(app).draft.value(("users", "attributes")) == {"first_name": {"from": "name.givenName"}}
        assert "accounts of this product have no such attribute" in await preview(pilot, app)
        await pilot.press("x")
        assert form(app).draft.edits == {}


async def test_checks_of_the_scope_are_a_list(app: Console, config: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await add(pilot, app, "scope")
        await type_in(pilot, "userName")
        await pilot.press("down")
        await type_in(pilot, "^ada")
        assert "3 users" in await preview(pilot, app)
        assert "1 account creation" in await preview(pilot, app)
        await pilot.press("down")
        await type_in(pilot, "x")
        assert "! match is given too" in about(app)
        await pilot.press("u")
        await pilot.press("d", "ctrl+s")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        (check,) = load_settings(config).targets[0].rules.users.scope.where
        assert (check.attribute, check.match, check.not_match) == ("userName", "^ada", None)


async def test_rules_about_leads_are_a_list_for_jira(store: Store, clock: Clock, config: Path) -> None:
    write(config, TEXT + JIRA)
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        assert "wiki (1 of 2)" in heading(app)
        assert all("lead" not in row.section.key for row in form(app).rows)
        await pilot.press("n")
        await settled(pilot, app)
        assert "tracker (2 of 2)" in heading(app)
        for wanted in ("manager, user:office", "role:Leads"):
            await add(pilot, app, "lead")
            await type_in(pilot, wanted)
        await go_to(pilot, "default project lead")
        await type_in(pilot, "user:office")
        assert "! this takes the name of an account alone" in about(app)
        await type_in(pilot, "office")
        await settled(pilot, app)
        await pilot.press("ctrl+s")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        users = load_settings(config).targets[1].rules.users
        assert [rule.to for rule in users.leads] == [("manager", "user:office"), ("role:Leads",)]
        assert users.default_project_lead == "office"


@SIZES
async def test_the_help_page_explains_the_setting_under_the_cursor(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "account name no_match")
        await pilot.press("question_mark")
        await pilot.pause()
        assert '"skip-user" leaves the whole user out.' in " ".join(said(app).split())
        assert "Accepted: pass, ignore, clear, skip-user." in " ".join(said(app).split())


async def test_on_a_small_screen_sections_are_folded_and_unfolded(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        assert rows(app)[0].startswith(">  + Accounts")
        await pilot.press("right")
        await pilot.pause()
        assert "Create" in rows(app)[1]
        await pilot.press("left")
        await pilot.pause()
        assert "Leavers" in rows(app)[1]


async def test_in_one_colour_marks_tell_what_is_changed_and_wrong(store: Store, clock: Clock, config: Path) -> None:
    app = console(store, clock, load_settings(config), environment={"NO_COLOR": "1"})
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "grace")
        await type_in(pilot, "7x")
        assert any(row.startswith("> !") for row in rows(app))
        await type_in(pilot, "7d")
        assert any(row.startswith("> *") for row in rows(app))
