"""The same for many, several at a time: results in order, and the first error plainly, with the rest called off."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def each(items: Sequence[T], do: Callable[[T], Awaitable[R]], at_once: int) -> list[R]:
    """`do` for every item, `at_once` of them at a time; the results in the order of the items.

    Whatever one of them raises ends the others and is raised.
    """
    results: dict[int, R] = {}
    remaining = iter(enumerate(items))
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(at_once, len(items))):
                workers.create_task(_work(remaining, do, results))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    return [results[number] for number in range(len(items))]


async def _work(remaining: Iterator[tuple[int, T]], do: Callable[[T], Awaitable[R]], results: dict[int, R]) -> None:
    for number, item in remaining:
        results[number] = await do(item)
