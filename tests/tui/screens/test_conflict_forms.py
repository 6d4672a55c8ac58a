"""Stories of answers that take more than a letter: holding, and editing the rule that is behind a conflict."""

from pathlib import Path

import pytest
from console_stories import LARGE, SMALL, Clock, console, page
from textual.pilot import Pilot

from core.config import load_settings
from core.planning import resolutions
from core.planning.changes import Conflict
from core.store import Store, Transaction, conflicts, identities
from core.store.conflicts import Listed
from tui.app import Console
from tui.dialogs.answer import AnswerDialog
from tui.forms.form_pane import FormPane
from tui.widgets.page import Page

pytestmark = pytest.mark.usefixtures("utc", "at_once")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
CONFIG = """\
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "docs"
kind = "confluence"
url = "https://docs.example.com"
provider = "entra"
credential = "env:TOKEN"
[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:TOKEN"
[target.users]
email = { from = "emails.home" }
"""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is computed without waiting for the typing to rest."""
    monkeypatch.setattr("tui.forms.form_screen.SETTLE", 0.001)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def app(store: Store, clock: Clock, config: Path) -> Console:
    """A console on conflicts whose mappings can be edited: of a user's e-mail, of a group's name, of a mapping."""

    def write(tx: Transaction) -> None:
        emails = [{"type": "work", "value": "ada@contoso.example"}]
        document = {"userName": "ada", "displayName": "Ada", "active": True, "emails": emails}
        user = identities.create(tx, "entra", "User", document).id
        found = [
            asked("C17", f"user:{user}", "users.email", user=user),
            asked("C16", "group:g1", "groups.on_the_fly", group="g1"),
            asked("C24", "target-group:staff", "groups.map"),
        ]
        conflicts.record(tx, "wiki", 1, found, lambda _: True)

    store.writer.write_now(write)
    return console(store, clock, load_settings(config))


def asked(kind: str, subject: str, rule: str, *, user: str | None = None, group: str | None = None) -> Conflict:
    offers = (resolutions.edit_mapping(rule), resolutions.HOLD)
    return Conflict(kind, subject, f"About {rule}", "It does not fit.", {"rule": rule}, offers, user, group)


def listed(store: Store, number: int) -> Listed:
    with store.read() as connection:
        opened = conflicts.opened(connection, number)
    assert opened is not None
    return opened[0]


def dialog(app: Console) -> str:
    assert isinstance(app.screen, AnswerDialog)
    return app.screen.query_one(Page).text


def setting(app: Console) -> tuple[str | int, ...]:
    """The path of the row under the cursor of the form that is shown."""
    row = app.screen_stack[0].query_one(FormPane).row
    assert row is not None
    return row.path


async def settled(pilot: Pilot[None], app: Console) -> None:
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


async def edited(pilot: Pilot[None], app: Console, number: int) -> None:
    """Answer E to the conflict of this number."""
    await pilot.press("4")
    await pilot.pause()
    await pilot.press(*["down"] * (number - 1), "a", "e", "enter")
    await settled(pilot, app)


@SIZES
async def test_a_conflict_is_held_with_an_owner_a_day_and_a_note(
    app: Console, store: Store, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await pilot.pause()
        await pilot.press("a", "h", "enter", *"eve", "tab", *"30d", "down", *"asks HR", "up", "down", "enter")
        await settled(pilot, app)
        assert all(text in dialog(app) for text in (" Owner: eve", " Until: 30d", " Note: asks HR"))
        assert listed(store, 1).state == "open"
        await pilot.press("enter")
        await settled(pilot, app)
        row = listed(store, 1)
        assert (row.state, row.owner, row.note) == ("held", "eve", "asks HR")
        assert row.until is not None
        assert "Conflict 1 is held for eve." in page(app, "flash")


async def test_held_by_nobody_in_particular_it_waits_until_somebody_takes_it_back(app: Console, store: Store) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await pilot.pause()
        await pilot.press("a", "h", "enter", "enter")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert (listed(store, 1).state, listed(store, 1).owner, listed(store, 1).until) == ("held", None, None)
        await pilot.press("u")
        await settled(pilot, app)
        assert listed(store, 1).state == "open"


@pytest.mark.parametrize(("day", "why"), [("soon", "'soon' is no day"), ("2020-01-31", "is over already")])
async def test_a_hold_until_no_day_is_told_and_asked_for_again(app: Console, store: Store, day: str, why: str) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await pilot.pause()
        await pilot.press("a", "h", "enter", "tab", *day, "enter")
        await settled(pilot, app)
        assert why in " ".join(dialog(app).split())
        assert f" Until: {day}_" in dialog(app)
        assert listed(store, 1).state == "open"


@SIZES
@pytest.mark.parametrize(
    ("number", "path"),
    [(1, ("users", "email", "from")), (2, ("groups", "on_the_fly", "match")), (3, ("groups", "map"))],
)
async def test_edit_the_mapping_opens_the_form_at_the_rule_and_goes_back_to_the_conflict(
    app: Console, store: Store, size: tuple[int, int], number: int, path: tuple[str, ...]
) -> None:
    async with app.run_test(size=size) as pilot:
        await edited(pilot, app, number)
        assert (app.current_mode, setting(app)) == ("user_sync" if path[0] == "users" else "group_sync", path)
        assert "sync of wiki (2 of 2)" in page_of_form(app)
        assert f"goes back to conflict {number}" in " ".join(page(app, "flash").split())
        assert listed(store, number).claimed_by is None
        await pilot.press("escape")
        await settled(pilot, app)
        assert app.current_mode == "conflicts"
        assert f" {number}  C" in app.screen_stack[0].query_one("#conflict").query_one(Page).text


async def test_saving_the_changed_rule_goes_back_to_the_conflict(app: Console, config: Path) -> None:
    async with app.run_test(size=LARGE) as pilot:
        await edited(pilot, app, 1)
        await pilot.press("enter", "ctrl+u", *"emails.work", "enter")
        await settled(pilot, app)
        assert app.current_mode == "user_sync", "the preview of the edit is looked at first"
        await pilot.press("ctrl+s")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        assert load_settings(config).targets[1].rules.users.email.source == "emails.work"
        assert app.current_mode == "conflicts"


async def test_a_form_that_was_not_opened_for_a_conflict_goes_nowhere(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("8")
        await pilot.pause()
        await pilot.press("escape")
        await settled(pilot, app)
        assert app.current_mode == "user_sync"


def page_of_form(app: Console) -> str:
    return "\n".join(found.text for found in app.screen_stack[0].query(Page))
