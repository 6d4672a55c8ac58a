import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from console_stories import Clock
from settling import Settling

from core.store import Store


@pytest.fixture(autouse=True)
def _settling() -> Iterator[None]:
    """A pilot waits as long as there is something to wait for, and no longer."""
    with pytest.MonkeyPatch.context() as patch:
        Settling().replace(patch)
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@pytest.fixture
def local_zone() -> Iterator[Callable[[str], None]]:
    """Lets the local time zone be another one for the rest of the test."""
    with pytest.MonkeyPatch.context() as patch:

        def change(name: str) -> None:
            patch.setenv("TZ", name)
            time.tzset()

        yield change
    time.tzset()


@pytest.fixture
def utc(local_zone: Callable[[str], None]) -> None:
    """Local time is UTC."""
    local_zone("UTC")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of store and console, which stands still unless the test moves it."""
    clock = Clock()
    monkeypatch.setattr("core.store.transaction.now_ms", clock)
    monkeypatch.setattr("tui.restraint.measured_now", lambda: 0.0)
    return clock
