from core.store import Store, orders


def give(store: Store, subject: str) -> int:
    return store.writer.write_now(lambda tx: orders.give(tx, "sync", subject, "ada"))


def test_orders_are_taken_once_each_in_the_order_they_were_given(store: Store) -> None:
    given = [give(store, "wiki"), give(store, "jira")]
    taken = [store.writer.write_now(orders.take) for _ in range(3)]
    assert [order and (order.id, order.subject, order.state) for order in taken] == [
        (given[0], "wiki", "taken"),
        (given[1], "jira", "taken"),
        None,
    ]


def test_a_finished_order_holds_its_answer_and_run(store: Store) -> None:
    number = give(store, "wiki")
    store.writer.write_now(orders.take)
    assert store.writer.write_now(lambda tx: orders.finish(tx, number, "done", "12 changes", run=4))
    with store.read() as connection:
        order = orders.order(connection, number)
    assert order is not None
    assert (order.state, order.answer, order.run) == ("done", "12 changes", 4)
    assert order.finished_at is not None
    assert order.finished_at >= order.asked_at


def test_only_a_taken_order_is_finished_and_only_once(store: Store) -> None:
    number = give(store, "wiki")
    assert not store.writer.write_now(lambda tx: orders.finish(tx, number, "done", "early"))
    store.writer.write_now(orders.take)
    assert store.writer.write_now(lambda tx: orders.finish(tx, number, "refused", "no such target"))
    assert not store.writer.write_now(lambda tx: orders.finish(tx, number, "done", "late"))
    with store.read() as connection:
        order = orders.order(connection, number)
        assert orders.order(connection, number + 1) is None
    assert order is not None
    assert order.answer == "no such target"
