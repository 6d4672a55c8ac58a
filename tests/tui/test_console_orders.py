from console_stories import answer, given, plan_run

from core.admin import admin
from core.store import Store, Transaction, audit, orders, runs
from tui.orders import Orders, level_of


async def test_an_order_is_given_together_with_its_audit_row(store: Store) -> None:
    await Orders(store, "ada@adm").give("approve", "7", "wiki: 3 create-account")
    (order,) = given(store)
    assert (order.kind, order.subject, order.asked_by, order.state) == ("approve", "7", "ada@adm", "open")
    with store.read() as connection:
        (entry,) = audit.newest(connection, 5)
    assert (entry.who, entry.action, entry.subject) == ("ada@adm", "approve", "7")
    assert entry.detail == "wiki: 3 create-account"
    assert entry.at == order.asked_at


async def test_an_answer_is_told_once(store: Store) -> None:
    orders = Orders(store, "ada@adm")
    await orders.give("sync", "wiki")
    await orders.give("sync", "docs")
    with store.read() as connection:
        assert orders.answers(connection) == []
    answer(store, "refused", "run 3 reads it already")
    with store.read() as connection:
        assert [order.answer for order in orders.answers(connection)] == ["run 3 reads it already"]
        assert orders.answers(connection) == []
    answer(store, "done", "run 4 waits")
    with store.read() as connection:
        assert [order.subject for order in orders.answers(connection)] == ["docs"]


async def test_orders_of_others_are_not_ours_to_follow(store: Store) -> None:
    await Orders(store, "bob@adm").give("sync", "wiki")
    answer(store, "done", "run 1")
    with store.read() as connection:
        assert Orders(store, "ada@adm").answers(connection) == []


def test_that_a_run_is_cancelled_is_well_where_that_was_asked_for(store: Store) -> None:
    def work(tx: Transaction) -> runs.Run | None:
        run = plan_run(tx, [], state="cancelled")
        for kind in ("sync", "cancel"):
            orders.give(tx, kind, "1", "ada@adm")  # type: ignore[arg-type]
        return runs.find(tx.connection, run)

    run = store.writer.write_now(work)
    for _ in range(2):
        answer(store, "done", "told", 1)
    assert [level_of(order, run) for order in given(store)] == ["warning", "good"]


def test_an_admin_is_who_the_system_says_whatever_the_environment_says(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    before = admin()
    monkeypatch.setenv("USER", "root-of-all")
    monkeypatch.setenv("LOGNAME", "root-of-all")
    assert admin() == before
    assert all(before.split("@"))
