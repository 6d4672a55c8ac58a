"""Stories of rules that are made from a conflict: how wide they may be, and what each would decide."""

import pytest
from console_stories import LARGE, SMALL, Clock, console, page
from textual.pilot import Pilot

from core.admin import admin
from core.planning import resolutions
from core.planning.changes import Conflict
from core.store import Store, Transaction, answers, conflicts, decision_rules
from core.store.decision_rules import Kept
from tui.app import Console
from tui.dialogs.rule import RuleDialog
from tui.widgets.page import Page

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


def invalid(name: str) -> Conflict:
    """A name that the product refuses."""
    offers = (
        resolutions.edit_mapping("users.username"),
        resolutions.other_name("Use another", "Uses it.", "account-name", name.replace("+", ".")),
        resolutions.SKIP_ALWAYS_USER,
    )
    evidence = {"username": name, "problem": "contains +"}
    return Conflict("C16", f"user:{name}", f"'{name}' is not a valid username", "It has +.", evidence, offers, name)


@pytest.fixture
def app(store: Store, clock: Clock) -> Console:
    """A console on four open conflicts of a kind, three of them of services; another of those is over."""

    def write(tx: Transaction) -> None:
        found = [invalid(name) for name in ("svc-1+a", "svc-2+b", "svc-3+c", "ada+1", "svc-0+z")]
        conflicts.record(tx, "wiki", 1, found, lambda _: True)
        conflicts.record(tx, "wiki", 2, found[:4], lambda _: True)

    store.writer.write_now(write)
    return console(store, clock)


def dialog(app: Console) -> str:
    assert isinstance(app.screen, RuleDialog)
    return "\n".join(row.rstrip() for row in app.screen.query_one(Page).text.splitlines())


def rules(store: Store) -> list[Kept]:
    with store.read() as connection:
        return decision_rules.listed(connection)


async def settled(pilot: Pilot[None], app: Console) -> None:
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


async def asked(pilot: Pilot[None], app: Console, *keys: str) -> None:
    """A rule is asked for about the first conflict, and these keys are pressed."""
    await pilot.press("4")
    await pilot.pause()
    await pilot.press("r", *keys)
    await settled(pilot, app)


@SIZES
async def test_three_widths_are_offered_each_with_what_it_decides(app: Console, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await asked(pilot, app)
        assert "> N  Use another" in dialog(app)
        assert "X  Skip always" in dialog(app)
        assert "H  Hold" not in dialog(app), "what is given each time anew is no rule"
        await pilot.press("x", "enter")
        await settled(pilot, app)
        assert " > This object alone\n     It would decide now: 1 conflict\n       1  'svc-1+a'" in dialog(app)
        assert "   Those whose username is svc-*\n     3 now, 1 before" in dialog(app)
        assert "   Every conflict of kind C16\n     4 now, 1 before" in dialog(app)
        await pilot.press("tab")
        assert "It would have decided before: 1 conflict\n       5  'svc-0+z' is not a valid username" in dialog(app)


async def test_it_is_made_with_a_reason_and_decides_at_once(app: Console, store: Store) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await asked(pilot, app, "x", "enter", "down", "enter", "enter")
        assert "! Say why, for those who come later." in dialog(app)
        assert rules(store) == []
        await pilot.press(*"services", "enter")
        await settled(pilot, app)
        (made,) = rules(store)
        assert (made.key, made.value, dict(made.where)) == ("X", None, {"username": "svc-*"})
        assert (made.author, made.reason, made.hits) == (admin(), "services", 3)
        assert "Rule 1 decides from now on, about 3 conflicts at once." in " ".join(page(app, "flash").split())
        assert "4 Conflicts(1)" in page(app, "title")
        with store.read() as connection:
            assert {given.rule for given in answers.newest(connection, "wiki", 10)} == {1}


async def test_nothing_is_made_where_it_is_closed(app: Console, store: Store) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await asked(pilot, app, "x", "enter", "enter", *"why", "escape", "escape", "escape")
        assert not isinstance(app.screen, RuleDialog)
        assert rules(store) == []


async def test_about_what_must_be_approved_each_time_no_rule_is_offered(store: Store, clock: Clock) -> None:
    guarded = Conflict("C29", "user:u", "Protected", "It is.", {}, (resolutions.approve_once("Once.", "u"),), "u")
    store.writer.write_now(lambda tx: conflicts.record(tx, "wiki", 1, [guarded], lambda _: True))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await asked(pilot, app)
        assert not isinstance(app.screen, RuleDialog)
        assert "Rule: no rule gives any of its answers" in page(app, "flash")
