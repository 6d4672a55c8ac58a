import asyncio
import sys

import pytest

from core.apply.computing import GIVING_WAY_SECONDS, computed


async def test_threads_change_often_until_the_last_computation_is_over() -> None:
    usual = sys.getswitchinterval()
    first = asyncio.create_task(computed(sys.getswitchinterval))
    second = asyncio.create_task(computed(sys.getswitchinterval))
    assert await first == pytest.approx(GIVING_WAY_SECONDS)
    assert await second == pytest.approx(GIVING_WAY_SECONDS)
    assert sys.getswitchinterval() == usual


async def test_a_computation_that_fails_leaves_everything_as_usual() -> None:
    usual = sys.getswitchinterval()
    with pytest.raises(ZeroDivisionError):
        await computed(lambda: 1 // 0)
    assert sys.getswitchinterval() == usual
