"""How fast the simulated client sends."""

import pytest
from contoso import colleague, company
from scim_recorder import ScimRecorder

from core.sandbox.entra import PACED, UNPACED, EntraClient, Pacing
from core.sandbox.entra.pacing import Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_requests_start_at_an_even_rate() -> None:
    clock = Clock()
    pace = Pace(25, clock, clock.sleep)
    starts = []
    for _ in range(51):
        await pace.turn()
        starts.append(clock.now - 100.0)
    assert starts == pytest.approx([number / 25 for number in range(51)])


async def test_a_pause_does_not_save_up_a_burst() -> None:
    clock = Clock()
    pace = Pace(10, clock, clock.sleep)
    await pace.turn()
    clock.now += 60
    starts = []
    for _ in range(3):
        await pace.turn()
        starts.append(clock.now - 160.0)
    assert starts == pytest.approx([0.0, 0.1, 0.2])


async def test_unpaced_never_waits() -> None:
    clock = Clock()
    pace = Pace(UNPACED.per_second, clock, clock.sleep)
    for _ in range(1000):
        await pace.turn()
    assert clock.now == 100.0


def test_paced_is_what_entra_asks_a_target_to_bear() -> None:
    assert Pacing(in_flight=8, per_second=25) == PACED


@pytest.mark.parametrize("values", [{"in_flight": 0}, {"per_second": 0}, {"per_second": -1}])
def test_a_pace_that_never_moves_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one request"):
        Pacing(**values)


@pytest.mark.parametrize("in_flight", [1, 3, 8])
async def test_requests_under_way_are_bounded(in_flight: int) -> None:
    target = ScimRecorder(yields=3)
    people = [colleague(f"P{number}") for number in range(40)]
    entra = EntraClient("https://x/scim/v2", "t", client=target.http(), pacing=Pacing(in_flight=in_flight))
    await entra.initial_cycle(company(*people))
    assert target.most_in_flight == in_flight
    assert len(target.users) == 40
