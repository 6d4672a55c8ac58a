"""Stories of the user sync screen: a form that is read as it is typed, and what an edit of it comes to."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import HOSTILE, LARGE, SMALL, Clock, console, drawn, given, page, plan_run, said, start_engine
from textual.pilot import Pilot

from core.config import EditPath, Source, TomlValue, load_settings
from core.planning.values import Account
from core.store import Store, Transaction, audit, identities, links, observed, sources
from tui.app import Console
from tui.forms.form_list import FormList
from tui.forms.form_pane import FormPane
from tui.forms.trials import Trials, Tried
from tui.widgets.page import Page

pytestmark = pytest.mark.usefixtures("utc", "at_once")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
TEXT = """\
[[provider]]
name = "entra"
kind = "entra"

[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:TOKEN"

[target.users]
create = true  # the wiki is for everybody
protect = ["admin"]
"""
JIRA = """
[[target]]
name = "tracker"
kind = "jira"
url = "https://jira.example.com"
provider = "entra"
credential = "env:TOKEN"
"""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is computed without waiting for the typing to rest."""
    monkeypatch.setattr("tui.forms.form_screen.SETTLE", 0.001)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def app(store: Store, clock: Clock, config: Path) -> Console:
    people(store, "ada@contoso.example", "bob@contoso.example", "zoe@contoso.example")
    return console(store, clock, load_settings(config))


def people(store: Store, *names: str, active: bool = True) -> None:
    """Users of the provider."""
    for name in names:
        first = name.partition("@")[0]
        document = {
            "userName": name,
            "displayName": first.title(),
            "active": active,
            "emails": [{"type": "work", "value": name}],
        }
        store.writer.write_now(lambda tx, document=document: identities.create(tx, "entra", "User", document))


def text_of(file: Path) -> str:
    return file.read_text()


def write(file: Path, text: str) -> None:
    file.write_text(text)


def form(app: Console) -> FormPane:
    return app.screen_stack[0].query_one(FormPane)


def rows(app: Console) -> list[str]:
    return drawn(app.screen_stack[0].query_one("#fields")).splitlines()


def about(app: Console) -> str:
    return " ".join(page(app, "about").split())


def shown_preview(app: Console) -> str:
    return " ".join(app.screen_stack[0].query_one("#preview").query_one(Page).text.split())


async def preview(pilot: Pilot[None], app: Console) -> str:
    """What the preview says of all that was typed; on a small screen it is shown in the place of the form."""
    await settled(pilot, app)
    await pilot.press("tab")
    await pilot.pause()
    said = shown_preview(app)
    await pilot.press("tab")
    return said


def heading(app: Console) -> str:
    return " ".join(app.screen_stack[0].query_one(".heading", Page).text.split())


def audited(store: Store) -> str:
    with store.read() as connection:
        return " ".join(str(row) for row in audit.newest(connection, 5))


def linked(store: Store) -> None:
    """Two who are gone have accounts, and the target was read whole."""
    people(store, "gone1", "gone2", active=False)
    accounts = [Account(f"a{n}", f"gone{n}", f"gone{n}", "Gone", f"gone{n}@x", True, frozenset()) for n in (1, 2)]

    def write(tx: Transaction) -> None:
        observed.see_accounts(tx, "wiki", accounts)
        for account in accounts:
            user = sources.user_named(tx.connection, "entra", account.name)
            assert user is not None
            links.put(tx, "wiki", user, account.id, account.name, account.key, "created", 1)

    store.writer.write_now(lambda tx: (plan_run(tx, [], state="done"), write(tx)))


async def add(pilot: Pilot[None], app: Console, section: str) -> None:
    """Go to the row of a section that adds an entry, and add one."""
    fields = app.screen_stack[0].query_one("#fields", FormList)
    fields.fold(section, folded=False)
    (place,) = (n for n, row in enumerate(fields.form_rows, 1) if row.kind == "add" and row.section.key == section)
    fields.go(place)
    await pilot.press("enter")
    await pilot.pause()


async def settled(pilot: Pilot[None], app: Console) -> None:
    """All that was typed is planned by."""
    await pilot.pause()
    await pilot.pause(0.01)
    await app.workers.wait_for_complete()
    await pilot.pause()


async def opened(pilot: Pilot[None], app: Console) -> None:
    await pilot.press("8")
    await settled(pilot, app)


async def go_to(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *_keys(words), "enter")
    await pilot.pause()


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a value in the place of what stands in the field under the cursor."""
    await pilot.press("enter", "ctrl+a", "ctrl+k", *_keys(text), "enter")
    await pilot.pause()


def _keys(text: str) -> Sequence[str]:
    names = {" ": "space", "/": "slash"}
    return [names.get(character, character) for character in text]


@SIZES
async def test_every_setting_is_in_the_form_with_one_line_of_help(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "[8 User sync]" in page(app, "title")
        keys = {row.field.key for row in form(app).rows if row.field is not None}
        assert keys >= {
            *(f"users.{name}" for name in ("create", "update", "rename", "reactivate", "when_inactive", "grace")),
            *("users.missed_reads", "users.when_out_of_scope", "users.matching", "users.protect"),
            *(f"users.{value}.{key}" for value in ("username", "email", "display_name") for key in VALUE_KEYS),
            *("users.scope.groups", "users.scope.exclude_groups", "schedule.every", "schedule.auto_apply"),
            *(f"brakes.{name}" for name in ("deactivate", "delete", "remove_member", "remove_member_of_group")),
            *("brakes.update", "brakes.min_admins", "brakes.admin_groups"),
        }
        assert all(row.field.help.endswith(".") for row in form(app).rows if row.field is not None)


VALUE_KEYS = ("from", "match", "replace", "case", "no_match")


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


@SIZES
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
async def test_wrong_input_is_explained_below_its_field(
    app: Console, size: tuple[int, int], words: str, typed: str, problem: str
) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, words)
        await type_in(pilot, typed)
        await settled(pilot, app)
        assert f"! {problem}" in about(app)
        assert any(typed in row for row in rows(app)), "what was typed is not lost"


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


@SIZES
async def test_a_save_that_is_not_confirmed_keeps_the_edits(app: Console, config: Path, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space", "ctrl+s")
        await settled(pilot, app)
        await pilot.press("escape")
        await pilot.pause()
        assert (text_of(config), form(app).draft.is_edited) == (TEXT, True)
        assert "nothing was written; your edits are kept" in page(app, "flash")


@SIZES
async def test_a_file_that_was_changed_meanwhile_is_not_overwritten_and_the_edits_go_on_top_of_it(
    app: Console, config: Path, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
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


@SIZES
async def test_unsaved_edits_are_given_up_only_when_that_is_confirmed(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
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


@SIZES
async def test_edits_stay_while_another_screen_is_looked_at(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "accounts create")
        await pilot.press("space", "1", "8")
        await settled(pilot, app)
        assert form(app).draft.edits == {("users", "create"): False}


@SIZES
async def test_one_setting_goes_back_to_what_is_saved_or_to_its_default(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
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
async def test_what_is_being_typed_is_left_as_it_was_with_escape(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "protect")
        await pilot.press("enter", *"8q/ud", "escape")
        await settled(pilot, app)
        assert form(app).draft.edits == {}
        assert "[8 User sync]" in page(app, "title"), "letters that are typed are no keys"


@SIZES
async def test_tab_keeps_what_is_typed_and_goes_on(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "account name match")
        await pilot.press("enter", *_keys("@.*$"), "tab")
        await pilot.pause()
        assert form(app).draft.value(("users", "username", "match")) == "@.*$"
        assert "users.username.replace" in about(app)
        await pilot.press("enter", "ctrl+u", *_keys("x-$0"), "enter")
        await pilot.pause()
        assert form(app).draft.value(("users", "username", "replace")) == "x-$0"


@SIZES
async def test_choices_are_gone_through_both_ways(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "when inactive")
        await pilot.press("right")
        assert form(app).draft.value(("users", "when_inactive")) == "delete"
        await pilot.press("left")
        assert form(app).draft.edits == {}, "the default is not written where it was not given"
        await pilot.press("left")
        assert form(app).draft.value(("users", "when_inactive")) == "keep"


@SIZES
async def test_an_attribute_is_added_by_its_name_and_taken_out_again(
    app: Console, config: Path, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
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


@SIZES
async def test_checks_of_the_scope_are_a_list(app: Console, config: Path, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
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


@SIZES
async def test_rules_about_leads_are_a_list_for_jira(
    store: Store, clock: Clock, config: Path, size: tuple[int, int]
) -> None:
    write(config, TEXT + JIRA)
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=size) as pilot:
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
async def test_the_preview_counts_conflicts_and_brakes_and_says_how_old_it_is(
    app: Console, store: Store, size: tuple[int, int]
) -> None:
    linked(store)
    async with app.run_test(size=size) as pilot:
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


@SIZES
async def test_names_from_outside_are_plain_text(
    store: Store, clock: Clock, config: Path, size: tuple[int, int]
) -> None:
    for name in HOSTILE:
        people(store, name)
    app = console(store, clock, load_settings(config))
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        shown = await preview(pilot, app)
        assert "\x1b" not in shown
        assert "[red]bob[/red]" in shown


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


@SIZES
async def test_a_file_that_cannot_be_read_is_told(
    store: Store, clock: Clock, config: Path, size: tuple[int, int]
) -> None:
    app = console(store, clock, replace(load_settings(config), path=config.with_name("gone.toml")))
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "the file is not there" in heading(app)


async def test_in_one_colour_marks_tell_what_is_changed_and_wrong(store: Store, clock: Clock, config: Path) -> None:
    app = console(store, clock, load_settings(config), environment={"NO_COLOR": "1"})
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app)
        await go_to(pilot, "grace")
        await type_in(pilot, "7x")
        assert any(row.startswith("> !") for row in rows(app))
        await type_in(pilot, "7d")
        assert any(row.startswith("> *") for row in rows(app))


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
