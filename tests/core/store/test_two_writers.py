"""Two processes may write to one store: the engine, and a pull beside it. Here two open stores stand for them."""

from core.exchange import Exchange
from core.store import Store, exchanges

SENT = Exchange(direction="out", party="entra", at=1, duration=1, method="GET", path="/", status=200)


def test_exchanges_of_both_are_numbered_without_a_collision(store: Store, url: str) -> None:
    with Store.open(url) as other:
        for _ in range(3):
            store.writer.write_now(lambda tx: tx.log(SENT))
            other.writer.write_now(lambda tx: tx.log(SENT))
    with store.read() as connection:
        assert [each.id for each in exchanges.window(connection, 1, 0, 10)] == [1, 2, 3, 4, 5, 6]


def test_only_one_of_them_may_pull_a_provider(store: Store, url: str) -> None:
    with Store.open(url) as other, store.backend.pull_lock("entra") as is_ours:
        assert is_ours
        with other.backend.pull_lock("entra") as is_theirs, other.backend.pull_lock("contoso") as is_free:
            assert (is_theirs, is_free) == (False, True)
