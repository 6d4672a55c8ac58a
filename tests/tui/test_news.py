"""What becomes of a console whose store cannot be read for a while."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from console_stories import LARGE, NOW, SMALL, Clock, K, change, console, page, plan_run, start_engine
from sqlalchemy.exc import OperationalError

from core.store import Store, StoreError, Watch
from tui.news import News

pytestmark = pytest.mark.usefixtures("utc")
KEYS = "1234567890"


@pytest.fixture
def file(store: Store) -> Path:
    """The database."""
    return store.backend.path


def test_a_commit_is_told_once(store: Store) -> None:
    news = News(store)
    assert not news.is_any()
    store.writer.write_now(start_engine)
    assert news.is_any()
    assert not news.is_any()
    news.close()


def test_a_watch_that_breaks_begins_anew_and_what_was_committed_meanwhile_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(watch: Watch) -> bool:
        raise OperationalError("PRAGMA data_version", {}, sqlite3.OperationalError("disk I/O error"))

    news = News(store)
    assert not news.is_any()
    with monkeypatch.context() as patch:
        patch.setattr(Watch, "changed", broken)
        assert not news.is_any()
    told = news.untold()
    assert told is not None
    assert "disk I/O error; check the file" in told[0]
    assert told[1] == "bad"
    store.writer.write_now(start_engine)
    news.look_after(NOW)
    assert news.untold() == ("the store can be read again", "good")
    assert news.is_any()
    assert not news.is_any()
    assert news.standing.last is not None
    news.close()


def test_trouble_that_goes_on_is_told_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise StoreError("the store is busy")

    news = News(store)
    monkeypatch.setattr(store, "read", fail)
    news.read(NOW)
    assert news.untold() == ("the store is busy", "bad")
    news.look_after(NOW)
    assert news.untold() is None
    news.close()


def test_a_file_that_is_gone_is_told_and_that_it_is_back(store: Store, file: Path, tmp_path: Path) -> None:
    news = News(store)
    away = file.rename(tmp_path / "away.db")
    news.look_after(NOW)
    assert news.untold() == (f"{file} is gone: move it back to where it was", "bad")
    assert (news.is_there, news.is_any()) == (False, False)
    away.rename(file)
    news.look_after(NOW)
    assert news.untold() == ("the store can be read again", "good")
    assert news.is_there
    news.close()


def test_a_file_that_was_replaced_is_told(store: Store, file: Path, tmp_path: Path) -> None:
    news = News(store)
    other = tmp_path / "other.db"
    other.write_bytes(file.read_bytes())
    os.replace(other, file)
    news.look_after(NOW)
    told = news.untold()
    assert told is not None
    assert "close the console, and open it again" in told[0]
    news.close()


@pytest.mark.parametrize("key", KEYS)
async def test_on_every_screen_a_store_that_is_gone_is_told_and_recovered_from(
    store: Store, clock: Clock, file: Path, tmp_path: Path, key: str
) -> None:
    store.writer.write_now(start_engine)
    away = tmp_path / "away.db"
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        os.rename(file, away)
        app.second()
        app.tick()
        await pilot.press("down", "escape")
        app.second()
        await pilot.pause()
        assert page(app, "title").rstrip().endswith("X no store")
        assert "manciple.db" not in os.listdir(file.parent)
        os.rename(away, file)
        app.second()
        app.tick()
        await pilot.pause()
        assert page(app, "title").rstrip().endswith("/manciple.db")
        assert "the store can be read again" in page(app, "flash")


async def test_what_was_committed_while_the_store_could_not_be_read_is_shown_afterwards(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("the store is busy")

    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT)]))
        with monkeypatch.context() as patch:
            patch.setattr(store, "read", fail)
            app.tick()
            app.second()
        await pilot.pause()
        assert "the store is busy" in page(app, "flash")
        app.second()
        app.tick()
        await pilot.pause()
        assert "the store can be read again" in page(app, "flash")
        assert "[3 Sync(1)]" in page(app, "title")


async def test_going_on_with_an_answer_while_the_store_takes_no_write_ends_no_console(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(write: Callable[..., object]) -> None:
        raise StoreError("the store is busy")

    from test_going_on import a_day

    store.writer.write_now(a_day)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await pilot.pause()
        monkeypatch.setattr(store.writer, "write", fail)
        await pilot.press("a")
        app.second()
        await app.workers.wait_for_complete()
        await pilot.press("escape")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.is_running
        assert "[4 Conflicts" in page(app, "title")
