import gc
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat

import pytest

from core.apply.collecting import SHARE, let_go, seldom_full_collections

_USUAL = gc.get_threshold()


class Clock:
    """A clock that goes on by `step` seconds each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture(autouse=True)
def _only_when_asked() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def _collect_slowly(clock: Clock) -> None:
    clock.step = 1.0
    gc.collect()
    clock.step = 0.0


def test_a_full_collection_that_took_long_is_followed_by_none_for_long() -> None:
    clock = Clock()
    with seldom_full_collections(clock):
        _collect_slowly(clock)
        gc.collect(1)
        assert gc.get_threshold()[2] > 1_000_000
        clock.now += SHARE
        gc.collect(1)
        assert gc.get_threshold() == _USUAL


def test_one_that_took_no_time_may_be_followed_by_another_at_once() -> None:
    with seldom_full_collections(Clock()):
        for _ in repeat(None, 2):
            gc.collect()
            gc.collect(1)
            assert gc.get_threshold() == _USUAL


def test_what_is_collected_often_stays_as_it_is() -> None:
    clock = Clock()
    with seldom_full_collections(clock):
        _collect_slowly(clock)
        assert gc.get_threshold()[:2] == _USUAL[:2]


def test_afterwards_they_come_as_usual_even_after_an_error() -> None:
    clock, callbacks = Clock(), list(gc.callbacks)
    with suppress(MemoryError), seldom_full_collections(clock):
        _collect_slowly(clock)
        raise MemoryError
    assert gc.get_threshold() == _USUAL
    assert gc.callbacks == callbacks


def test_letting_go_empties_the_list() -> None:
    objects = [object() for _ in range(2_500)]
    let_go(objects)
    assert objects == []
