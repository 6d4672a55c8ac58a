import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

from sqlalchemy import insert

from core.store import Store
from core.store.tables import Audit

COMMIT_ELSEWHERE = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
sys.stdin.readline()
connection.execute("INSERT INTO audit (at, who, action, subject, detail) VALUES (1, 'a', 'b', 'c', 'd')")
print(time.time(), flush=True)
sys.stdin.readline()
"""


async def test_a_commit_by_another_process_wakes_the_watch_within_100_ms(store: Store) -> None:
    process = subprocess.Popen(  # noqa: ASYNC220 - it is the other process that the test is about
        [sys.executable, "-c", COMMIT_ELSEWHERE, str(store.backend.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with store.watch() as watch:
            waiting = asyncio.create_task(watch.wait(30))
            await asyncio.sleep(0)
            process.stdin.write("\n")
            process.stdin.flush()
            assert await waiting
            woken = time.time()
        committed = float(process.stdout.readline())
        assert woken - committed < 0.1
    finally:
        process.communicate("\n")


async def test_the_watch_wakes_for_this_process_own_commits_too(store: Store) -> None:
    row = {"at": 1, "who": "a", "action": "b", "subject": "c", "detail": ""}
    with store.watch() as watch:
        assert not watch.changed()
        await store.writer.write(lambda tx: tx.execute(insert(Audit).values(row)))
        assert await watch.wait(5)
        assert not watch.changed()


async def test_waiting_ends_without_news_after_its_time(store: Store) -> None:
    with store.watch() as watch:
        assert not await watch.wait(0.05)


def test_reads_do_not_count_as_news(store: Store) -> None:
    with store.watch() as watch, closing(sqlite3.connect(store.backend.path)) as other:
        other.execute("SELECT count(*) FROM audit").fetchall()
        assert not watch.changed()
