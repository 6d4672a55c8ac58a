"""Reading stories in threads: the one that is wanted last is told, and none that is slow is waited for."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from core.store import StoreError
from tui.screens.people_story import Story, Wanted
from tui.screens.story_reading import StoryReading


class Slow:
    """Reads each story once it is let; stories are called as the key of what is wanted."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.news = threading.Event()
        self.gates = {key: threading.Event() for key in range(10)}
        self.said = 0

    def __call__(self, wanted: Wanted) -> Story | None:
        self.begun.append(wanted.key)
        self.news.set()
        self.gates[wanted.key].wait()
        return Story(wanted, "entra", "", str(wanted.key), None, 0, 0, None)

    def say(self) -> None:
        self.said += 1

    async def next_begun(self) -> int:
        """The key of the next story that is begun to be read."""
        await asyncio.to_thread(self.news.wait)
        self.news.clear()
        return self.begun[-1]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr("tui.screens.story_reading._PATIENCE", 0)
    found = Slow()
    yield found
    for gate in found.gates.values():
        gate.set()


def key(number: int) -> Wanted:
    return Wanted("User", number, 0)


async def test_what_is_wanted_is_told(slow: Slow) -> None:
    told: list[Story | None] = []
    reading = StoryReading(slow, slow.say)
    slow.gates[1].set()
    reading.want(key(1))
    await reading.go_on(told.append)
    assert [story.title for story in told if story] == ["1"]
    assert not reading.is_under_way


async def test_a_slow_one_is_let_go_for_what_is_wanted_next(slow: Slow) -> None:
    told: list[Story | None] = []
    reading = StoryReading(slow, slow.say)
    reading.want(key(1))
    going = asyncio.ensure_future(reading.go_on(told.append))
    assert await slow.next_begun() == 1
    slow.gates[2].set()
    reading.want(key(2))
    await going
    assert [story.title for story in told if story] == ["2"]
    assert slow.said >= 1


async def test_no_more_than_a_few_threads_read_what_nobody_wants(slow: Slow) -> None:
    told: list[Story | None] = []
    reading = StoryReading(slow, slow.say)
    reading.want(key(1))
    going = asyncio.ensure_future(reading.go_on(told.append))
    await slow.next_begun()
    for number in (2, 3):
        reading.want(key(number))
        if number == 2:
            assert await slow.next_begun() == 2
    reading.want(key(4))
    slow.gates[4].set()
    slow.gates[1].set()
    await going
    assert [story.title for story in told if story] == ["4"]
    assert slow.begun == [1, 2, 4], "the third one was never begun"


async def test_one_that_is_closed_meanwhile_is_not_told(slow: Slow) -> None:
    told: list[Story | None] = []
    reading = StoryReading(slow, slow.say)
    reading.want(key(1))
    going = asyncio.ensure_future(reading.go_on(told.append))
    await slow.next_begun()
    reading.want(None)
    await going
    assert told == []


async def test_an_error_of_the_store_is_raised_and_the_next_one_is_read() -> None:
    told: list[Story | None] = []

    def read(wanted: Wanted) -> Story | None:
        if wanted.key == 1:
            raise StoreError("the store is locked")
        return None

    reading = StoryReading(read, lambda: None)
    reading.want(key(1))
    with pytest.raises(StoreError, match="locked"):
        await reading.go_on(told.append)
    reading.want(key(2))
    await reading.go_on(told.append)
    assert told == [None]
