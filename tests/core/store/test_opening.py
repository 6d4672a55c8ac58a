import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from core.store import Store, opening
from core.store.errors import EngineRunning, StoreNewer, StoreUnreadable


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_new_store_has_exactly_the_tables_of_the_models(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_revision_constant_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(opening._alembic()).get_heads() == [opening.REVISION]


def test_opening_twice_migrates_once_and_makes_no_backup(url: str) -> None:
    Store.open(url).close()
    with Store.open(url) as store:
        assert store.backup is None


def test_a_store_of_a_newer_version_is_refused_and_left_untouched(url: str) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(path_of(url))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path_of(url).read_bytes()
    with pytest.raises(StoreNewer, match="upgrade manciple"):
        Store.open(url)
    assert path_of(url).read_bytes() == before


def test_an_older_store_is_copied_before_it_is_migrated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(path_of(url))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()
    monkeypatch.setattr(opening, "known_revisions", lambda: frozenset({"0000", opening.REVISION}))
    migrated: list[bool] = []
    monkeypatch.setattr(opening, "_migrate", lambda _engine: migrated.append(True))
    with Store.open(url) as store:
        assert migrated == [True]
        assert store.backup is not None
        with closing(sqlite3.connect(store.backup)) as copy:
            assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)


def test_a_database_of_another_program_is_refused(url: str) -> None:
    with closing(sqlite3.connect(path_of(url))) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnreadable, match="not a manciple store"):
        Store.open(url)


def test_a_file_that_is_no_database_is_refused_with_its_path(url: str) -> None:
    path_of(url).write_bytes(b"these are not the bytes of a database " * 50)
    with pytest.raises(StoreUnreadable, match=r"manciple\.db"):
        Store.open(url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match="does not exist"):
        Store.open(f"sqlite:///{tmp_path}/nowhere/manciple.db")


def test_a_second_engine_on_the_same_store_is_refused_with_the_pid_of_the_first(store: Store) -> None:
    with (
        store.backend.engine_lock(),
        pytest.raises(EngineRunning, match=r"already runs .*pid \d+"),
        store.backend.engine_lock(),
    ):
        pass


def test_a_released_engine_lock_can_be_taken_again(store: Store) -> None:
    with store.backend.engine_lock():
        pass
    with store.backend.engine_lock():
        pass


def test_only_its_owner_can_read_a_new_store(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        store.writer.write_now(lambda tx: None)
        files = [*tmp_path.glob("manciple.db*")]
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
