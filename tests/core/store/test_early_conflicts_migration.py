"""A store from before revision 0006 knows afterwards which names were given up, and people by their folded names."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.store import Store, observed, opening, released


@pytest.fixture
def old(url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store at revision 0005, with an account and with changes that gave names up."""
    monkeypatch.setattr(opening, "REVISION", "0005")
    Store.open(url).close()
    monkeypatch.undo()
    path = Path(url.removeprefix("sqlite:///"))
    done = [
        ("delete-account", "Ada", "a1", "u1", "done", 1000),
        ("rename-account", "ada", "a2", "u2", "done", 2000),
        ("delete-account", "eve", "a3", "u3", "failed", 3000),
        ("deactivate-account", "bob", "a4", "u4", "done", 4000),
    ]
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO changes (run, target, position, kind, account, account_id, user_id, detail, state, attempts, "
            "finished_at) VALUES (7, 'wiki', 0, ?, ?, ?, ?, x'7b7d', ?, 1, ?)",
            done,
        )
        connection.execute(
            "INSERT INTO accounts (target, id, name, key, display_name, active, observed_at) "
            "VALUES ('wiki', 'a9', 'zoe', 'zoe', 'Zoë  LOVELACE', 1, 1)"
        )
        connection.commit()
    return path


def test_names_that_were_given_up_before_are_known_the_last_time_of_each(old: Path, url: str) -> None:
    with Store.open(url) as store, store.read() as connection:
        found = [(each.key, each.user_id, each.how, each.at) for each in released.all_names(connection, "wiki")]
    assert found == [("ada", "u2", "renamed", 2000)]


def test_accounts_are_found_by_their_folded_display_names_at_once(old: Path, url: str) -> None:
    with Store.open(url) as store, store.read() as connection:
        assert observed.with_display_names(connection, "wiki", ["zoe lovelace"]) == {"a9"}
        assert observed.with_display_names(connection, "wiki", ["zoë  LOVELACE"]) == set()
