"""What each provider takes with SCIM is counted, one row for each liberty."""

from core.exchange import Exchange
from core.store import Store, exchanges, tolerance_uses
from core.store.tolerance_uses import ToleranceUse


def test_uses_add_up_and_the_last_one_is_remembered(store: Store) -> None:
    first = store.writer.write_now(
        lambda tx: (tolerance_uses.note(tx, {("entra", "op-case"): (2, 7), ("entra", "meta-dropped"): (1, 7)}), tx.now)
    )
    second = store.writer.write_now(
        lambda tx: (tolerance_uses.note(tx, {("entra", "op-case"): (3, 9), ("okta", "op-case"): (1, 8)}), tx.now)
    )
    with store.read() as connection:
        assert tolerance_uses.listing(connection) == [
            ToleranceUse("entra", "op-case", 5, second[1], 9),
            ToleranceUse("entra", "meta-dropped", 1, first[1], 7),
            ToleranceUse("okta", "op-case", 1, second[1], 8),
        ]
        assert [use.provider for use in tolerance_uses.listing(connection, "okta")] == ["okta"]


def test_what_is_logged_is_counted_with_its_commit(store: Store) -> None:
    def exchange(*names: str) -> Exchange:
        return Exchange("in", "entra", 1, 1, "PATCH", "/Users/1", 200, tolerances=names)

    store.writer.write_now(lambda tx: [tx.log(exchange("op-case", "meta-dropped")), tx.log(exchange("op-case"))])
    store.writer.log(exchange("op-case"))
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        found = tolerance_uses.listing(connection)
        newest = exchanges.newest(connection)
    assert [(use.name, use.uses, use.exchange) for use in found] == [("op-case", 3, newest), ("meta-dropped", 1, 1)]


def test_nothing_to_count_writes_nothing(store: Store) -> None:
    def write_nothing(tx: object) -> bool:
        tolerance_uses.note(tx, {})  # type: ignore[arg-type]
        return tx.has_written  # type: ignore[attr-defined,no-any-return]

    assert store.writer.write_now(write_nothing) is False
