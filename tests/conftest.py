"""Generated examples are the same in every run, so that a commit passes or fails for what it changed.

`MANCIPLE_EXAMPLES=N` searches instead: N examples, drawn anew. New stores are copies of one that was migrated.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import settings
from sqlalchemy import Engine, inspect

from core.store import Store, opening

settings.register_profile("repeated", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None, print_blob=True)
settings.load_profile("searching" if "MANCIPLE_EXAMPLES" in os.environ else "repeated")

NEWEST, MIGRATE = opening.REVISION, opening._migrate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """A new store as the migrations make it, in memory."""
    path = tmp_path_factory.mktemp("migrated") / "manciple.db"
    Store.open(f"sqlite:///{path}").close()
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path)) as made:
        made.backup(memory)
    return memory


@pytest.fixture(autouse=True)
def _copied_stores(migrated: sqlite3.Connection) -> Iterator[None]:
    """A new store is a copy of the migrated one: the migrations take 75 ms, and thousands of tests begin with one."""

    def make(engine: Engine) -> None:
        if opening.REVISION != NEWEST or inspect(engine).get_table_names():
            MIGRATE(engine)
            return
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert isinstance(driver, sqlite3.Connection)
            migrated.backup(driver)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_migrate", make)
        yield
