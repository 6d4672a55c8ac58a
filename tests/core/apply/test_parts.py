"""Many rows, written in parts, so that whoever else writes has a turn between two."""

from collections.abc import Sequence

import pytest

from core.apply import parts
from core.apply.parts import PART, PART_BESIDE, PAUSE, write_beside, write_beside_now, write_parts
from core.store import Store, StoreError, Transaction


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting for them."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(parts.asyncio, "sleep", sleep)
    monkeypatch.setattr(parts.time, "sleep", waited.append)
    return waited


async def test_within_the_engine_each_part_is_told_where_it_begins(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    await write_parts(store, range(2 * PART + 1), lambda tx, start, part: seen.append((start, len(part))))
    assert seen == [(0, PART), (PART, PART), (2 * PART, 1)]


@pytest.mark.parametrize("number", [0, 1, PART_BESIDE, PART_BESIDE + 1, 3 * PART_BESIDE])
async def test_beside_the_engine_there_is_a_pause_between_two_parts_and_none_around_them(
    store: Store, pauses: list[float], number: int
) -> None:
    for blocking in (True, False):
        pauses.clear()
        seen: list[Sequence[int]] = []
        if blocking:
            write_beside_now(store, range(number), lambda tx, part, seen=seen: seen.append(part))
        else:
            await write_beside(store, range(number), lambda tx, part, seen=seen: seen.append(part))
        assert [each for part in seen for each in part] == list(range(number))
        assert all(len(part) <= PART_BESIDE for part in seen)
        assert [pause for pause in pauses if pause] == [PAUSE] * max(0, len(seen) - 1)


async def test_an_error_leaves_the_parts_before_it(store: Store, pauses: list[float]) -> None:
    done: list[int] = []

    def write(tx: Transaction, part: Sequence[int]) -> None:
        if done:
            raise StoreError("the disk is full")
        done.extend(part)

    with pytest.raises(StoreError, match="full"):
        write_beside_now(store, range(2 * PART_BESIDE), write)
    assert done == list(range(PART_BESIDE))
