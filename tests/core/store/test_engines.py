from sqlalchemy import update

from core.store import Store, Transaction, engines, tables


def start(store: Store, pid: int = 7) -> int:
    return store.writer.write_now(lambda tx: engines.start(tx, "host", pid, "0.1.0", "http://127.0.0.1:8440"))


def alive(store: Store, now: int, seconds: float = 10) -> list[engines.Engine]:
    with store.read() as connection:
        return engines.alive(connection, seconds, now)


def test_an_engine_is_alive_for_so_long_after_its_last_beat(store: Store) -> None:
    start(store)
    [engine] = alive(store, now=0)
    assert (engine.host, engine.pid, engine.draining) == ("host", 7, False)
    assert alive(store, now=engine.beat_at + 10_000) == [engine]
    assert alive(store, now=engine.beat_at + 10_001) == []


def test_a_beat_prolongs_the_life_of_its_engine_only_and_tells_that_it_drains(store: Store) -> None:
    first, second = start(store), start(store, pid=8)
    column = tables.Engine.metadata.tables["engines"]

    def later(tx: Transaction) -> int:
        tx.execute(update(column).values(beat_at=tx.now - 60_000))
        engines.beat(tx, second, draining=True)
        return tx.now

    now = store.writer.write_now(later)
    assert [(engine.id, engine.draining) for engine in alive(store, now)] == [(second, True)]
    assert [engine.id for engine in alive(store, now, seconds=60)] == [first, second]


def test_a_stopped_engine_is_not_alive(store: Store) -> None:
    first, second = start(store), start(store, pid=8)
    store.writer.write_now(lambda tx: engines.stop(tx, first))
    assert [engine.id for engine in alive(store, now=0)] == [second]
