"""Stories of what an admin does on the people screen: finding somebody, reading why, synchronising one."""

from typing import Any, get_args

import pytest
from console_stories import (
    HOSTILE,
    LARGE,
    SMALL,
    TWO_TARGETS,
    Clock,
    console,
    drawn,
    given,
    page,
    start_engine,
)
from textual.pilot import Pilot

from core.config.settings import Settings
from core.exchange import Exchange
from core.planning.changes import Conflict
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import (
    Store,
    StoreError,
    Transaction,
    conflicts,
    group_links,
    identities,
    links,
    member_rows,
    observed,
    people,
)
from tui import marks
from tui.app import Console
from tui.dialogs.choice import Choice
from tui.screens.people_list import PeopleList
from tui.widgets.text_pane import TextPane

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
SENT = Exchange("in", "entra", 1_000_000_000_000, 5, "POST", "/Users", status=201)


def hire(tx: Transaction, name: str, display: str, *, active: bool = True, exchange: int | None = None) -> Any:
    document = {"userName": name, "displayName": display, "active": active}
    return identities.create(tx, "entra", "User", document, exchange)


@pytest.fixture
def staff(store: Store) -> dict[str, str]:
    """Ada of the IdP group Staff has the account `ada.k` at `wiki`; Ben is inactive, Cyd in conflict, Dan deleted, Eve
    not linked. Staff feeds `confluence-users`. The ids by name."""

    def write(tx: Transaction) -> dict[str, str]:
        ada = hire(tx, "ada", "Ada King", exchange=tx.log(SENT))
        ben = hire(tx, "ben", "Ben Bit", active=False)
        cyd = hire(tx, "cyd", "Cyd Court")
        dan = hire(tx, "dan", "Dan Dew")
        eve = hire(tx, "eve", "Eve Early")
        group = identities.create(tx, "entra", "Group", {"displayName": "Staff"})
        member_rows.add(tx, group.key, [(False, ada.key, 1)])
        links.put(tx, "wiki", ada.id, "a1", "ada.k", "ada.k", "created", 1)
        observed.see_accounts(tx, "wiki", [Account("a1", "ada.k", "ada.k", "Ada King", "ada@x", True)])
        observed.see_groups(tx, "wiki", [TargetGroup("confluence-users", "confluence-users")])
        group_links.put(tx, "wiki", GroupLink(group.id, "confluence-users", "Staff"), 1)
        taken = Conflict("C10", f"user:{cyd.id}", "Account name 'cyd' is taken", "It is linked.", {}, (), cyd.id)
        conflicts.record(tx, "wiki", 1, [taken], lambda _: True)
        identities.remove(tx, "User", dan)
        return {"ada": ada.id, "ben": ben.id, "cyd": cyd.id, "dan": dan.id, "eve": eve.id, "staff": group.id}

    return store.writer.write_now(write)


def shown(app: Console) -> list[str]:
    """The rows of the list."""
    lines = drawn(app.screen_stack[0].query_one("#list")).splitlines()
    return [text for line in lines if (text := line.rstrip("│▐ ").strip())]


def story(app: Console) -> str:
    """The opened story: its title, and all its lines."""
    pane = app.screen_stack[0].query_one("#story", TextPane)
    return "\n".join((pane.title, *(line.text for line in pane.lines)))


async def opened(pilot: Pilot[None], app: Console, *keys: str) -> None:
    await pilot.press("5")
    await pilot.pause()
    await press(pilot, app, *keys)


async def press(pilot: Pilot[None], app: Console, *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot, app)


async def settled(pilot: Pilot[None], app: Console) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


def test_every_state_has_a_mark() -> None:
    assert set(get_args(people.State)) == set(marks.PERSON)


@SIZES
async def test_an_empty_store_says_what_would_be_here(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "No identity provider has sent users yet." in page(app, "empty")
        await press(pilot, app, "enter", "s", "g", "enter")
        assert "No identity provider has sent groups yet." in page(app, "empty")


@SIZES
async def test_users_are_listed_with_mark_names_and_accounts(
    store: Store, clock: Clock, staff: dict[str, str], size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert page(app, "heading").startswith(" Users: 4   / finds one")
        assert [" ".join(row.split()) for row in shown(app)] == [
            "> v linked ada Ada King wiki ada.k",
            "- inactive ben Ben Bit",
            "! conflict cyd Cyd Court wiki !",
            "x deleted dan Dan Dew",
            "unlinked eve Eve Early",
        ]


async def test_groups_are_listed_with_the_target_groups_that_they_feed(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "g")
        assert page(app, "heading").startswith(" Groups: 1 ")
        assert [" ".join(row.split()) for row in shown(app)] == ["> v linked Staff wiki confluence-users"]
        await press(pilot, app, "g")
        assert len(shown(app)) == 5


@SIZES
async def test_the_list_follows_what_is_typed(
    store: Store, clock: Clock, staff: dict[str, str], size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "slash", "e")
        assert [row.split()[-2] for row in shown(app)] == ["Ben", "Dan", "Eve"]
        await press(pilot, app, "a")
        assert [row.split()[-2] for row in shown(app)] == ["Eve"]
        assert page(app, "heading").startswith(' Users: 1 with "ea"')
        await press(pilot, app, "s", "g")
        assert 'None of the users has "easg"' in page(app, "empty"), "letters that are typed are no keys"
        await press(pilot, app, "backspace", "backspace", "enter")
        assert len(shown(app)) == 1
        await press(pilot, app, "escape")
        assert len(shown(app)) == 5


async def test_a_search_that_is_left_is_as_it_was(store: Store, clock: Clock, staff: dict[str, str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "slash", *"king", "enter", "slash", "x", "escape")
        assert page(app, "heading").startswith(' Users: 1 with "king"')
        assert len(shown(app)) == 1


async def test_a_search_goes_on_with_who_comes_later_and_ends_with_a_switch(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "slash", *"sta", "enter")
        assert shown(app) == []
        store.writer.write_now(lambda tx: hire(tx, "stan", "Stan"))
        await settled(pilot, app)
        assert [row.split()[-1] for row in shown(app)] == ["Stan"]
        await press(pilot, app, "g")
        assert page(app, "heading").startswith(" Groups: 1   ")


@SIZES
async def test_an_opened_user_tells_the_whole_story_and_follows_the_cursor(
    store: Store, clock: Clock, staff: dict[str, str], size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app, "enter")
        text = story(app)
        assert text.startswith("- Ada King (ada), account ada.k, at wiki")
        parts = ("What the identity provider sent", "The rules, in the order", "At the target", "What the next plan")
        assert all(part in text for part in parts)
        assert "entra: POST /Users 201 (exchange 1)" in text
        assert "Linked to the account with the id a1: created. (run 1)" in text
        await press(pilot, app, "down", "down")
        assert "Cyd Court (cyd) at wiki" in story(app)
        assert "Conflict 1, C10: Account name 'cyd' is taken." in story(app)


async def test_the_story_takes_the_keys_and_on_a_narrow_screen_all_room(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter", "enter")
        pane, listed = app.screen.query_one("#story", TextPane), app.screen.query_one("#list", PeopleList)
        assert pane.has_focus
        assert pane.size.height == 21
        await press(pilot, app, "pagedown")
        assert pane.top > 0
        await press(pilot, app, "escape")
        assert listed.has_focus
        assert pane.display
        await press(pilot, app, "escape")
        assert not pane.display


async def test_a_search_can_begin_while_a_story_has_the_keys(store: Store, clock: Clock, staff: dict[str, str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter", "enter", "slash", *"eve")
        assert [row.split()[-1] for row in shown(app)] == ["Early"]
        assert "Eve Early (eve) at wiki" in story(app)


async def test_what_is_committed_shows_with_the_next_second_at_the_same_place(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter", "enter", "down", "down")
        pane = app.screen.query_one("#story", TextPane)
        top = pane.top
        store.writer.write_now(lambda tx: links.put(tx, "wiki", staff["ada"], "a1", "ada.k", "ada.k", "matched", 7))
        await settled(pilot, app)
        assert "Linked to the account with the id a1: matched. (run 7)" in story(app)
        assert pane.top == top > 0


async def test_a_group_tells_its_story(store: Store, clock: Clock, staff: dict[str, str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app, "g", "enter")
        assert story(app).startswith("- Group confluence-users at wiki")
        assert f"Linked to IdP group {staff['staff']}, then called 'Staff'." in story(app)


async def test_a_deleted_user_tells_why(store: Store, clock: Clock, staff: dict[str, str]) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "down", "down", "down", "enter")
        assert "Dan Dew (dan) at wiki" in story(app)


async def test_where_there_are_several_targets_the_story_goes_from_one_to_the_next(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app, "tab")
        assert "Next target: open one first" in page(app, "flash")
        await press(pilot, app, "enter")
        assert "at wiki (1 of 2, tab next)" in story(app)
        await press(pilot, app, "tab")
        assert "at docs (2 of 2, tab next)" in story(app)
        await press(pilot, app, "down")
        assert "Ben Bit (ben) at docs (2 of 2" in story(app)
        await press(pilot, app, "tab")
        assert "at wiki (1 of 2" in story(app)


async def test_a_title_that_has_no_room_is_told_shorter(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: hire(tx, "ada.king@example.com", "Ada Augusta King-Lovelace of Ockham"))
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter")
        assert story(app).startswith("- ada.king@example.com at wiki (1 of 2, tab next) ")


async def test_a_group_that_feeds_several_target_groups_tells_of_each(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    store.writer.write_now(lambda tx: group_links.put(tx, "wiki", GroupLink(staff["staff"], "all", "Staff"), 1))
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app, "g", "enter")
        assert story(app).startswith("- Group all at wiki (1 of 2, tab next)")
        await press(pilot, app, "tab")
        assert story(app).startswith("- Group confluence-users at wiki (2 of 2, tab next)")


async def test_a_user_whom_no_target_takes_says_so(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: identities.create(tx, "okta", "User", {"userName": "oli"}))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter")
        assert "No target takes what okta gives." in story(app)
        await press(pilot, app, "s")
        assert "Sync user: no target takes the users of okta" in page(app, "flash")


async def test_one_user_is_synchronised(store: Store, clock: Clock, staff: dict[str, str]) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "s")
        assert [(order.kind, order.subject) for order in given(store)] == [("sync", "wiki user ada")]
        assert "sync wiki user ada: asked" in page(app, "flash")


async def test_of_several_targets_the_one_whose_story_is_open_is_synchronised_else_it_is_asked_for(
    store: Store, clock: Clock, staff: dict[str, str]
) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "s")
        assert isinstance(app.screen, Choice)
        await press(pilot, app, "enter")
        await press(pilot, app, "enter", "tab", "s")
        assert [order.subject for order in given(store)] == ["wiki user ada", "docs user ada"]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (("s",), "Sync user: no engine is alive"),
        (("g", "s"), "Sync user: a group is synchronised with all of its target"),
        (("down", "down", "down", "s"), "Sync user: a deleted user has no userName to be found by"),
    ],
)
async def test_what_cannot_be_synchronised_says_why(
    store: Store, clock: Clock, staff: dict[str, str], keys: tuple[str, ...], reason: str
) -> None:
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app, *keys)
        assert reason in page(app, "flash")
        assert given(store) == []


async def test_a_story_that_cannot_be_read_is_told_and_the_console_goes_on(
    store: Store, clock: Clock, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(store: Store, settings: Settings, wanted: object) -> None:
        raise StoreError("the store is locked")

    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr("tui.screens.people.read_story", locked)
            patch.setattr("tui.news.News.look_after", lambda news, now: None)
            await opened(pilot, app, "enter")
            assert "the store is locked" in page(app, "flash")
        await press(pilot, app, "down")
        assert "Ben Bit (ben) at wiki" in story(app)


async def test_hostile_names_reach_the_screen_as_plain_text(store: Store, clock: Clock) -> None:
    def write(tx: Transaction) -> None:
        for number, name in enumerate(HOSTILE):
            hire(tx, f"{name}{number}", name)

    store.writer.write_now(write)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "enter")
        for row in (*shown(app), app.screen.query_one("#story", TextPane).title):
            assert not {"\x1b", "\x07", "\u202e"} & set(row)
        assert "[red]bob[/red]" in shown(app)[1]


async def test_ten_thousand_users_scroll_like_ten(store: Store, clock: Clock) -> None:
    def write(tx: Transaction) -> None:
        for number in range(10_000):
            hire(tx, f"user{number}", f"User {number}")

    store.writer.write_now(write)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app, "end")
        assert "user9999" in shown(app)[-1]
        await press(pilot, app, "home")
        assert "user0" in shown(app)[0]
        await press(pilot, app, "slash", *"user 99 8")
        found = [number for number in range(10_000) if "99" in str(number) and "8" in str(number)]
        assert page(app, "heading").startswith(f' Users: {len(found)} with "user 99 8"   ')
        assert f"user{found[0]}" in shown(app)[0]


async def test_while_nothing_is_committed_a_second_reads_nothing(
    store: Store, clock: Clock, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[object] = []
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, app, "enter")
        await settled(pilot, app)
        with monkeypatch.context() as patch:
            patch.setattr("tui.screens.people.read_story", lambda *wanted: reads.append(wanted))
            patch.setattr(people, "window", lambda *wanted: reads.append(wanted))
            for _ in range(3):
                app.second()
            await app.workers.wait_for_complete()
        assert reads == []
