"""What a pull tells of itself while it runs: seen by whoever looks into the store meanwhile."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.config.settings import ProviderSettings, Settings
from core.credentials import SecretReference
from core.graph.errors import PullRunning, SignInFailed
from core.graph.opening import opened
from core.graph.pull import pull
from core.graph.telling import Telling
from core.sandbox.graph import Graph
from core.store import Store, graph_pulls
from core.store.graph_pulls import SILENT, PullRow
from tests.core.graph.signing import BASIC, SECRET
from tests.core.graph.world import PROVIDER
from tests.core.sandbox.graph.graph_sdk import sent_to


class Now:
    """Milliseconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_780_000_000_000

    def __call__(self) -> int:
        return self.now


def last(store: Store) -> PullRow:
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        row = graph_pulls.last(connection, PROVIDER)
    assert row is not None
    return row


def opening(store: Store, url: str, seen: Any, **options: Any) -> Any:
    """A session that tells `seen` the row of the store, whenever it tells something."""
    settings = replace(BASIC, base_url=url, credential=options.pop("credential", SECRET))
    provider = ProviderSettings(PROVIDER, "entra", method="graph", graph=settings)
    return opened(
        store, Settings(path=Path("config.toml"), providers=(provider,)), provider, tell=lambda text: seen(last(store)),
        on_wait=lambda seconds, reason: seen(last(store)), warn=lambda text: None, transport=sent_to(url), **options,
    )  # fmt: skip


async def test_a_pull_is_under_way_until_it_ended_and_says_what_it_took(store: Store, url: str, graph: Graph) -> None:
    seen: list[PullRow] = []
    async with opening(store, url, seen.append) as session:
        assert last(store).step == "signing in"
        pulled = await pull(session)
        assert last(store).is_running(last(store).beat_at)
    row = last(store)
    assert row.ended_at is not None
    assert (row.requests, row.units) == (pulled.requests, graph.units)
    assert row.units > 0
    assert any(each.step.startswith("users: ") for each in seen)


async def test_a_wait_stands_there_while_it_lasts_with_its_reason(store: Store) -> None:
    clock = Now()
    telling = Telling(store, PROVIDER, clock)
    await telling.begin("users: seed")
    telling.waits(17, "throttled")
    row = last(store)
    assert (row.waiting_for, row.waiting_until) == ("throttled", clock.now + 17_000)
    assert row.waits(clock.now)
    telling.step("users: seed, 999 told")
    assert last(store).waiting_for is None


async def test_a_device_code_stands_there_until_somebody_entered_it(store: Store, url: str, graph: Graph) -> None:
    seen: list[PullRow] = []

    def prompt(address: str, code: str) -> None:
        row = last(store)
        assert f"opens {address} and enters {code}" in (row.waiting_for or "")
        seen.append(row)
        graph.sign_in(code, next(iter(graph.tenant.users)))

    async with opening(store, url, lambda row: None, credential=None, prompt=prompt) as session:
        await pull(session)
    assert len(seen) == 1
    assert last(store).waiting_for is None


async def test_a_sign_in_that_fails_ends_the_pull(store: Store, url: str) -> None:
    with pytest.raises(SignInFailed):
        async with opening(store, url, lambda row: None, credential=SecretReference("plain", "wrong")):
            pass
    assert last(store).ended_at is not None


async def test_while_one_is_under_way_another_is_refused_and_changes_nothing(store: Store, url: str) -> None:
    before = Telling(store, PROVIDER)
    await before.begin("users: seed")
    with store.backend.pull_lock(PROVIDER) as is_ours:
        assert is_ours
        with pytest.raises(PullRunning, match="under way already"):
            await opening(store, url, lambda row: None).__aenter__()
    assert last(store).step == "users: seed"
    assert last(store).ended_at is None


async def test_what_is_told_often_is_kept_once_a_second(store: Store) -> None:
    clock = Now()
    telling = Telling(store, PROVIDER, clock)
    await telling.begin("signing in")
    for number in range(3):
        telling.step(f"page {number}")
        clock.now += 400
    assert last(store).step == "page 0"
    telling.step("page 3")
    assert last(store).step == "page 3"


async def test_one_that_went_silent_is_not_under_way_any_more(store: Store) -> None:
    clock = Now()
    telling = Telling(store, PROVIDER, clock)
    await telling.begin("users: seed")
    telling.waits(300, "throttled")
    assert last(store).is_running(clock.now + 300_000 + SILENT - 1)
    assert not last(store).is_running(clock.now + 300_000 + SILENT)


async def test_an_older_pull_does_not_write_over_a_newer_one(store: Store) -> None:
    clock = Now()
    older = Telling(store, PROVIDER, clock)
    await older.begin("users: seed")
    clock.now += 5
    await Telling(store, PROVIDER, clock).begin("signing in")
    await older.end()
    assert (last(store).step, last(store).ended_at) == ("signing in", None)
