"""The audit trail: written with what it tells of, and read from any place."""

import pytest
from test_plans import plans, statements, walks

from core.store import Store, Transaction, audit


def test_the_newest_entries_come_first_and_no_more_than_asked_for(store: Store) -> None:
    def write(tx: Transaction) -> int:
        for subject in ("entra", "okta", "wiki"):
            audit.note(tx, "ada", "token issued", subject, "mcp_abcd")
        return tx.now

    at = store.writer.write_now(write)
    with store.read() as connection:
        entries = audit.newest(connection, 2)
    assert [entry.subject for entry in entries] == ["wiki", "okta"]
    assert (entries[0].at, entries[0].who, entries[0].action, entries[0].detail) == (
        at,
        "ada",
        "token issued",
        "mcp_abcd",
    )


def test_an_entry_of_a_write_that_fails_is_not_kept(store: Store) -> None:
    def failing(tx: Transaction) -> None:
        audit.note(tx, "ada", "revoked", "entra")
        raise LookupError

    with pytest.raises(LookupError):
        store.writer.write_now(failing)
    with store.read() as connection:
        assert audit.newest(connection, 10) == []


@pytest.fixture
def noted(store: Store) -> None:
    """Four entries."""

    def write(tx: Transaction) -> None:
        audit.note(tx, "ada@adm-01", "approve", "7", "wiki, plan abc: 40 create-account")
        audit.note(tx, "ben@adm-02", "drop", "8", "docs")
        audit.note(tx, "ada@adm-01", "token issue", "entra", "mcp_abcd, Straße")
        audit.note(tx, "rule 3", "suspend rule", "rule 3 of wiki", "")

    store.writer.write_now(write)


@pytest.mark.usefixtures("noted")
def test_the_trail_is_read_from_any_entry_both_ways(store: Store) -> None:
    with store.read() as connection:
        assert [entry.id for entry in audit.window(connection, 2, 2)] == [2, 3]
        assert [entry.id for entry in audit.window_ending(connection, 3, 2)] == [2, 3]
        assert [entry.action for entry in audit.of_ids(connection, [4, 1, 99])] == ["approve", "suspend rule"]
        assert audit.ends(connection) == (1, 4)


def test_an_empty_trail_has_no_ends(store: Store) -> None:
    with store.read() as connection:
        assert audit.ends(connection) == (0, 0)


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    ("words", "expected"),
    [("ada", [1, 3]), ("WIKI", [1, 4]), ("ada approve", [1]), ("strasse", [3]), ("ben ada", []), ("", [1, 2, 3, 4])],
)
def test_entries_are_found_by_words_in_any_of_their_texts(store: Store, words: str, expected: list[int]) -> None:
    with store.read() as connection:
        assert audit.matching(connection, words, 1, 9) == expected
        assert audit.matching(connection, words, 5, 9) == []


@pytest.mark.usefixtures("noted")
def test_reading_the_trail_searches_and_never_walks_it(store: Store) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            audit.window(connection, 50, 20)
            audit.window_ending(connection, 50, 20)
            audit.of_ids(connection, [1, 2])
            audit.matching(connection, "ada", 1, 50)
        assert walks(plans(connection, seen)) == []
