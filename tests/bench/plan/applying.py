"""Applying: how close the changes of a run come to what a target permits, and how many of its answers are 429.

The target is a simulated Confluence in a process of its own behind the token bucket of the Data Center products. It
permits `burst + rate × seconds` requests; all that is sent is one request for each change.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from core.apply.executing import Executor
from core.apply.stopping import Stop
from core.config.settings import TargetSettings
from core.credentials import SecretReference
from core.store import Store, changes, runs, tables
from core.targets.registry import open_target
from tests.bench.plan.joining import joins

ACCOUNTS = 500
AT_ONCE = 16
_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying at one rate."""

    rate: int
    """Requests a second that the target allows."""
    changes: int
    seconds: float
    refused: int
    """Answers 429."""

    @property
    def share(self) -> float:
        """Of the requests that the target would have permitted in these seconds: made / permitted."""
        return self.changes / (self.rate + self.rate * self.seconds)

    @property
    def refusals(self) -> float:
        """Of all calls, those that were answered 429."""
        return self.refused / (self.changes + self.refused)


def measured(rate: int, seconds: float) -> Applied:
    """Apply about as many changes as the target permits in so many seconds."""
    number = round(rate * (seconds + 1))
    with (
        _product(rate, number // ACCOUNTS + 1) as (url, token),
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/manciple.db") as store,
    ):
        return asyncio.run(_applied(store, url, token, rate, number))


async def _applied(store: Store, url: str, token: str, rate: int, number: int) -> Applied:
    settings = TargetSettings("wiki", "confluence", url, SecretReference("plain", token), "entra", in_flight=AT_ONCE)
    target = open_target(settings, log=store.writer.log, bodies="none")
    run = await store.writer.write(lambda tx: runs.start(tx, "wiki", "order", "all"))
    planned = joins(number, ACCOUNTS)
    await store.writer.write(lambda tx: changes.plan(tx, run, "wiki", 0, planned))
    with store.read() as connection:
        stored = changes.of_run(connection, run)
    started = time.perf_counter()
    result = await Executor(store, target, run, Stop(), AT_ONCE).execute(stored)
    took = time.perf_counter() - started
    await target.aclose()
    assert result.halted is None, result.halted
    assert not result.unfinished_users
    with store.read() as connection:
        refused = connection.execute(select(func.count()).where(_EXCHANGES.c.status == 429)).scalar_one()
    return Applied(rate, number, took, refused)


@contextmanager
def _product(rate: int, groups: int) -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "tests.bench.plan.product", str(rate), str(ACCOUNTS), str(groups)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        url, token = process.stdout.readline().split()
        yield url, token
        process.stdin.close()
