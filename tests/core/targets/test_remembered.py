"""What a product was asked holds for a while, and no error does."""

import asyncio

import pytest
from simulated_site import Hurry

from core.targets.protocol import Unavailable
from core.targets.remembered import Remembered


class Counting:
    """Counts how often it was asked; fails the first time if it shall."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked = 0
        self._fails = fails

    async def find(self) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        if self._fails and self.asked == 1:
            raise Unavailable("It does not answer.")
        return self.asked


async def test_a_fresh_value_is_not_asked_for_again_and_an_old_one_is() -> None:
    hurry, counting = Hurry(), Counting()
    remembered = Remembered(counting.find, 300.0, hurry.timing)
    assert [await remembered.get(), await remembered.get()] == [1, 1]
    await hurry.sleep(300.0)
    assert await remembered.get() == 2


async def test_those_who_ask_at_the_same_time_ask_once() -> None:
    counting = Counting()
    remembered = Remembered(counting.find, 300.0, Hurry().timing)
    assert await asyncio.gather(remembered.get(), remembered.get(), remembered.get()) == [1, 1, 1]


async def test_an_error_is_not_remembered() -> None:
    remembered = Remembered(Counting(fails=True).find, 300.0, Hurry().timing)
    with pytest.raises(Unavailable):
        await remembered.get()
    assert await remembered.get() == 2
