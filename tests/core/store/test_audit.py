import pytest

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
