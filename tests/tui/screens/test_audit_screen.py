"""Stories of the audit screen: the trail, an entry whole, where it leads, and searching."""

import pytest
from console_stories import HOSTILE, LARGE, SMALL, Clock, K, change, conflict, console, drawn, page, plan_run
from sync_stories import summary
from textual.pilot import Pilot

from core.store import Store, StoreError, Transaction, audit, conflicts
from core.store.audit import Entry
from tui.app import Console
from tui.screens.audit import AuditScreen
from tui.screens.audit_text import Place, place_of
from tui.screens.conflicts import ConflictsScreen
from tui.screens.sync import SyncScreen
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView
from tui.widgets.words_bar import WordsBar

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


@pytest.fixture
def noted(store: Store, clock: Clock) -> None:
    """Two runs, a conflict that lasts and one that is over, and what admins did about them."""

    def write(tx: Transaction) -> None:
        for name in ("first", "second"):
            plan_run(tx, [change(K.CREATE_ACCOUNT, name)], state="done")
        conflicts.record(tx, "wiki", 1, [conflict()], lambda _: True)
        audit.note(tx, "ada@adm-01", "approve", "1", "wiki, plan abcdef012345: 1 create-account")
        audit.note(tx, "ben@adm-02", "answer conflict", "conflict 1: Two users map to the account ada", "N ada2")
        audit.note(tx, "ada@adm-01", "token issue", "entra", "mcp_abcd, until 2027-01-01")

    store.writer.write_now(write)


def trail(app: Console) -> WindowView:
    return app.screen_stack[0].query_one("#trail", WindowView)


def entry(app: Console) -> str:
    return app.screen_stack[0].query_one("#entry").query_one(Page).text


def heading(app: Console) -> str:
    return app.screen_stack[0].query(".heading").first(Page).text


async def opened(pilot: Pilot[None], app: Console) -> None:
    await pilot.press("0")
    await settled(pilot, app)


async def settled(pilot: Pilot[None], app: Console) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()


async def search(pilot: Pilot[None], app: Console, *words: str) -> None:
    keys = [key for word in words for key in ("space", *word)][1:]
    await pilot.press("slash", *keys, "enter")
    await settled(pilot, app)


@SIZES
async def test_an_empty_trail_says_what_would_be_here(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        assert "[0 Audit]" in page(app, "title")
        assert entry(app).startswith(" No admin has done anything yet.")
        await pilot.press("enter", "g", "down", "tab")
        assert isinstance(app.screen, AuditScreen)


@SIZES
@pytest.mark.usefixtures("noted")
async def test_the_trail_begins_at_the_newest_and_the_entry_under_the_cursor_is_told_whole(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        rows = [" ".join(row.split()) for row in drawn(trail(app)).splitlines()[:3]]
        assert rows[0].startswith("10:27:47 ada@adm-01 approve 1 wiki, plan")
        assert rows[2].startswith("> 10:27:47 ada@adm-01 token issue entra mcp_abcd")
        assert "Audit trail: 3" in heading(app)
        clock.now += 120_000
        await settled(pilot, app)
        assert " ".join(entry(app).split()) == (
            "token issue entra who ada@adm-01 when 10:27:47, 2 min ago detail mcp_abcd, until 2027-01-01"
        )


@SIZES
@pytest.mark.usefixtures("noted")
async def test_what_is_done_meanwhile_comes_in_at_the_end(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        store.writer.write_now(lambda tx: audit.note(tx, "cyd@adm-03", "drop", "2", "wiki"))
        await settled(pilot, app)
        assert entry(app).startswith(" drop 2")
        assert "Audit trail: 4" in heading(app)
        await pilot.press("up")
        store.writer.write_now(lambda tx: audit.note(tx, "cyd@adm-03", "drop", "1", "wiki"))
        await settled(pilot, app)
        assert entry(app).startswith(" token issue entra"), "the cursor holds"


@SIZES
@pytest.mark.usefixtures("noted")
async def test_an_opened_entry_leads_to_its_run(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await pilot.press("home", "enter")
        await pilot.pause()
        assert app.screen.has_class("-pane-entry")
        assert "g shows run 1" in entry(app)
        await pilot.press("g")
        await settled(pilot, app)
        assert isinstance(app.screen, SyncScreen)
        assert "Run 1  wiki  v done" in summary(app), "and not the newest"
        await pilot.press("0", "escape")
        await pilot.pause()
        assert app.focused is trail(app)


@SIZES
@pytest.mark.usefixtures("noted")
async def test_an_entry_about_a_conflict_leads_to_it(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await pilot.press("up", "g")
        await settled(pilot, app)
        assert isinstance(app.screen, ConflictsScreen)
        assert app.screen.query_one("#conflict").query_one(Page).text.startswith(" 1  C16  Two users map")


@pytest.mark.usefixtures("noted")
async def test_where_an_entry_leads_nowhere_it_says_why(store: Store, clock: Clock) -> None:
    def write(tx: Transaction) -> None:
        audit.note(tx, "ada@adm-01", "undo", "99", "wiki")
        conflicts.close(tx, [1])

    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("g")
        assert "Go there: this entry is about no run and no conflict" in page(app, "flash")
        store.writer.write_now(write)
        await settled(pilot, app)
        await pilot.press("g")
        await pilot.pause()
        assert "run 99 is no longer kept" in page(app, "flash")
        await pilot.press("up", "up")
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert "conflict 1 is over; `manciple conflicts show 1` tells of it" in page(app, "flash")
        assert isinstance(app.screen, AuditScreen)


@SIZES
@pytest.mark.usefixtures("noted")
async def test_only_entries_with_all_the_words_are_shown_until_escape(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await search(pilot, app, "ADA", "plan")
        assert [row.id for row in trail(app).rows] == [1]
        assert 'Entries with "ADA plan": 1' in heading(app)
        assert entry(app).startswith(" approve 1")
        await search(pilot, app, "x")
        assert 'Entries with "ADA planx": 0' in heading(app), "typing goes on from the words that were set"
        assert "No entry has these words. esc shows all again." in " ".join(entry(app).split())
        await pilot.press("escape")
        await settled(pilot, app)
        assert [row.id for row in trail(app).rows] == [1, 2, 3]
        assert "Audit trail: 3" in heading(app)


@pytest.mark.usefixtures("noted")
async def test_a_search_finds_what_is_done_meanwhile(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await search(pilot, app, "ben@")
        assert [row.id for row in trail(app).rows] == [2]
        store.writer.write_now(lambda tx: audit.note(tx, "ben@adm-02", "drop", "2"))
        store.writer.write_now(lambda tx: audit.note(tx, "ada@adm-01", "drop", "2"))
        await settled(pilot, app)
        await settled(pilot, app)
        assert [row.id for row in trail(app).rows] == [2, 4]


@pytest.mark.usefixtures("noted")
async def test_while_words_are_typed_no_key_acts(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("home", "slash", *"gq/0", "tab")
        await settled(pilot, app)
        assert isinstance(app.screen, AuditScreen)
        assert app.screen.query_one(WordsBar).is_open
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.query_one(WordsBar).is_open
        assert app.focused is trail(app)
        assert len(trail(app).rows) == 3


@SIZES
async def test_hostile_texts_stay_plain(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    def write(tx: Transaction) -> None:
        for text in HOSTILE:
            audit.note(tx, text, text, text, text)

    store.writer.write_now(write)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        await pilot.press("home")
        await pilot.pause()
        assert "␛]0;owned␇evil" in entry(app)
        assert (drawn(trail(app)) + entry(app)).replace("\n", "").isprintable()


@pytest.mark.usefixtures("noted")
async def test_where_the_store_cannot_be_read_it_says_so_and_goes_on(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("no permission to read the store")

    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        with monkeypatch.context() as patch:
            patch.setattr(store, "read", fail)
            await pilot.press("up", "g", "home", "slash", *"ada", "enter")
            await settled(pilot, app)
            assert "no permission to read the store" in page(app, "flash")
        await pilot.press("escape")
        await settled(pilot, app)
        assert len(trail(app).rows) == 3


@pytest.mark.parametrize(
    ("action", "subject", "detail", "place"),
    [
        ("approve", "7", "wiki", Place("run", 7)),
        ("exclude", "7", "1 change", Place("run", 7)),
        ("undo", "7", "", Place("run", 7)),
        ("plan file", "wiki", "run 12, 3 changes, plan abc", Place("run", 12)),
        ("answer conflict", "conflict 41: Account name 'ada' is taken", "", Place("conflict", 41)),
        ("take back answer", "conflict 41: Two users", "", Place("conflict", 41)),
        ("sync", "wiki", "", None),
        ("token issue", "7", "run 9, of the mill", None),
        ("make rule", "rule 3 of wiki", "", None),
        ("approve", "seven", "", None),
    ],
)
def test_an_entry_leads_where_its_subject_says(action: str, subject: str, detail: str, place: Place | None) -> None:
    assert place_of(Entry(1, 0, "ada", action, subject, detail)) == place
