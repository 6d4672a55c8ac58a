"""Stories of the conflicts screen: seen, answered, taken back; alone and beside another admin."""

from collections.abc import Sequence

import pytest
from console_stories import LARGE, SMALL, Clock, console, drawn, page
from textual.pilot import Pilot

from core.admin import admin
from core.planning.changes import Conflict, Resolution
from core.planning.values import Account
from core.store import Store, Transaction, answers, claims, conflicts, identities, observed
from core.store.answers import Given
from tui.app import Console
from tui.dialogs.answer import AnswerDialog
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
HOLD = Resolution("H", "Hold", "Leaves everything as it is.")


def taken(user: str, name: str) -> Conflict:
    """The name of a user's account is another one's."""
    offers = (
        Resolution("N", "Create under another name", "Creates an account.", "account-name", f"{name}2"),
        HOLD,
        Resolution("X", "Skip always", "Leaves this user out."),
    )
    evidence = {"account": name, "belongs to": "Ada King"}
    return Conflict("C10", f"user:{user}", f"Account name '{name}' is taken", "It is linked.", evidence, offers, user)


@pytest.fixture
def users(store: Store, clock: Clock) -> list[str]:
    """Three users whose names are taken at `wiki`."""

    def write(tx: Transaction) -> list[str]:
        ids = []
        for name in ("ada", "ben", "cyd"):
            emails = [{"type": "work", "value": f"{name}@x"}]
            document = {"userName": name, "displayName": name.title(), "active": True, "emails": emails}
            ids.append(identities.create(tx, "entra", "User", document).id)
        observed.see_accounts(tx, "wiki", [Account("a1", "ada", "ada", "Ada King", "king@x", True)])
        found = [taken(ident, name) for ident, name in zip(ids, ("ada", "ben", "cyd"), strict=True)]
        conflicts.record(tx, "wiki", 1, found, lambda _: True)
        return ids

    return store.writer.write_now(write)


def detail(app: Console) -> str:
    return app.screen_stack[0].query_one("#conflict").query_one(Page).text


def queue(app: Console) -> str:
    return drawn(app.screen_stack[0].query_one("#queue", WindowView))


def dialog(app: Console) -> str:
    assert isinstance(app.screen, AnswerDialog)
    return app.screen.query_one(Page).text


def given(store: Store) -> Sequence[Given]:
    with store.read() as connection:
        return answers.newest(connection, None, 10)


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("4")
    await pilot.pause()


async def settled(pilot: Pilot[None], app: Console) -> None:
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


@SIZES
async def test_an_empty_queue_says_what_would_be_here(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert detail(app).startswith(" v Nothing waits for a decision.")


@SIZES
async def test_the_oldest_is_shown_first_with_both_sides_and_what_can_be_answered(
    store: Store, clock: Clock, users: list[str], size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "4 Conflicts(3)" in page(app, "title")
        assert queue(app).splitlines()[0].startswith("> ! open     C10  wiki")
        text = detail(app)
        assert " 1  C10  Account name 'ada' is taken" in text
        assert " ≠display name Ada" in text
        assert "Ada King" in text
        assert "   N Create under another name: Creates an account." in text
        assert "; 3 alike" in text


async def test_an_answer_shows_what_it_leads_to_before_it_is_given(
    store: Store, clock: Clock, users: list[str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "n", "enter")
        assert "Account name: ada2_" in dialog(app)
        await pilot.press("ctrl+u", *"ada.king", "enter")
        await settled(pilot, app)
        assert "+ create-account ada.king" in dialog(app)
        assert given(store) == []
        await pilot.press("enter")
        await settled(pilot, app)
        (answer,) = given(store)
        assert (answer.key, answer.value, answer.by, answer.state) == ("N", "ada.king", admin(), "standing")
        assert "ada.king it is." in page(app, "flash")
        assert " 2  C10" in detail(app), "the next one that is open"
        assert "4 Conflicts(2)" in page(app, "title")


async def test_the_last_answer_is_taken_back(store: Store, clock: Clock, users: list[str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "x", "enter")
        await settled(pilot, app)
        await pilot.press("enter")
        await settled(pilot, app)
        await pilot.press("u")
        await settled(pilot, app)
        assert [each.state for each in given(store)] == ["revoked"]
        assert "4 Conflicts(3)" in page(app, "title")


async def test_all_that_are_alike_are_answered_at_once(store: Store, clock: Clock, users: list[str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "n", "enter", "enter")
        await settled(pilot, app)
        await pilot.press("tab")
        text = " ".join(dialog(app).split())
        assert "So for all 3 open conflicts of kind C10, each with the name that it proposes." in text
        await pilot.press("enter")
        await settled(pilot, app)
        assert sorted(each.value or "" for each in given(store)) == ["ada2", "ben2", "cyd2"]
        assert "3 conflicts are answered alike" in page(app, "flash")
        await pilot.press("u")
        await settled(pilot, app)
        assert [each.state for each in given(store)] == ["revoked"] * 3, "what was answered at once is taken back so"
        assert "4 Conflicts(3)" in page(app, "title")


async def test_a_name_that_will_not_do_is_told_and_asked_for_again(
    store: Store, clock: Clock, users: list[str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "n", "enter", "ctrl+u", *"ada", "enter")
        await settled(pilot, app)
        assert "! wiki has an account 'ada' already" in dialog(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, AnswerDialog)
        assert given(store) == []


async def test_a_dialog_that_is_closed_answers_nothing_and_lets_the_conflict_go(
    store: Store, clock: Clock, users: list[str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await settled(pilot, app)
        with store.read() as connection:
            assert conflicts.window(connection, 1, 1)[0].claimed_by is not None
        await pilot.press("escape")
        await settled(pilot, app)
        with store.read() as connection:
            assert conflicts.window(connection, 1, 1)[0].claimed_by is None
        assert given(store) == []


async def test_what_another_admin_has_open_cannot_be_answered_here(
    store: Store, clock: Clock, users: list[str]
) -> None:
    store.writer.write_now(lambda tx: claims.claim(tx, [1], "eve@adm-02 77"))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert not isinstance(app.screen, AnswerDialog)
        assert "Answer: eve@adm-02 77 has it open" in page(app, "flash")
        clock.now += claims.LASTS + 1
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, AnswerDialog), "a claim that is not renewed ends"


async def test_an_answer_to_what_has_changed_meanwhile_is_refused_with_what_it_is_now(
    store: Store, clock: Clock, users: list[str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "x", "enter")
        await settled(pilot, app)
        changed = taken(users[0], "ada.lovelace")
        store.writer.write_now(lambda tx: conflicts.renew(tx, "wiki", 2, [changed], lambda _: True))
        await pilot.press("enter")
        await settled(pilot, app)
        assert given(store) == []
        assert "has changed: Account name 'ada.lovelace' is taken" in " ".join(page(app, "flash").split())


async def test_a_thousand_conflicts_scroll_like_ten(store: Store, clock: Clock) -> None:
    found = [taken(f"u{number}", f"name{number}") for number in range(1000)]
    store.writer.write_now(lambda tx: conflicts.record(tx, "wiki", 1, found, lambda _: True))
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("G")
        await pilot.pause()
        assert " 1000  C10  Account name 'name999' is taken" in detail(app)
        await pilot.press("home")
        await pilot.pause()
        assert " 1  C10" in detail(app)
        await pilot.press("n")
        await pilot.pause()
        assert " 2  C10" in detail(app)
