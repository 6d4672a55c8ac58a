import pytest

from core.planning.values import Account
from core.store import Store, Transaction, identities, leavers, links, observed


@pytest.fixture
def ada(store: Store) -> identities.Stored:
    """A user with an active account."""
    document = {"userName": "ada", "displayName": "Ada", "active": True}
    stored = store.writer.write_now(lambda tx: identities.create(tx, "entra", "User", document))

    def link(tx: Transaction) -> None:
        links.put(tx, "wiki", stored.id, "a1", "ada", "ada", "created", 1)
        observed.see_accounts(tx, "wiki", [Account("a1", "ada", "ada", "Ada", None, True)])

    store.writer.write_now(link)
    return stored


def is_any(store: Store, target: str = "wiki", missed_reads: int = 2, *, also_inactive: bool = False) -> bool:
    with store.read() as connection:
        return leavers.any_account(connection, "entra", target, missed_reads, also_inactive=also_inactive)


@pytest.mark.usefixtures("ada")
def test_nobody_leaves_who_is_there(store: Store) -> None:
    assert not is_any(store)


def test_one_leaves_who_is_inactive(store: Store, ada: identities.Stored) -> None:
    store.writer.write_now(lambda tx: identities.replace(tx, "User", ada, ada.document | {"active": False}))
    assert is_any(store)
    assert not is_any(store, "jira")


def test_one_leaves_who_is_deleted(store: Store, ada: identities.Stored) -> None:
    store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
    assert is_any(store)


@pytest.mark.usefixtures("ada")
def test_one_leaves_who_was_missing_from_as_many_reads_as_count(store: Store) -> None:
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE users SET missed_reads = 2"))
    assert is_any(store, missed_reads=2)
    assert not is_any(store, missed_reads=3)


def test_one_whose_account_is_inactive_already_leaves_only_where_it_is_to_be_deleted(
    store: Store, ada: identities.Stored
) -> None:
    store.writer.write_now(lambda tx: identities.remove(tx, "User", ada))
    inactive = Account("a1", "ada", "ada", "Ada", None, False)
    store.writer.write_now(lambda tx: observed.see_accounts(tx, "wiki", [inactive]))
    assert not is_any(store)
    assert is_any(store, also_inactive=True)
