import pytest

from tui.restraint import Restraint


def due(restraint: Restraint, seconds: int) -> list[bool]:
    return [restraint.is_due() for _ in range(seconds)]


@pytest.mark.parametrize(("took", "pauses"), [(0.01, 0), (0.1, 2), (1.0, 20)])
def test_the_longer_a_reading_takes_the_more_seconds_pass_without_it(
    monkeypatch: pytest.MonkeyPatch, took: float, pauses: int
) -> None:
    times = iter([0.0, took])
    monkeypatch.setattr("tui.restraint.measured_now", lambda: next(times))
    restraint = Restraint()
    assert restraint.is_due()
    with restraint.measured():
        pass
    assert due(restraint, pauses + 1) == [False] * pauses + [True]
