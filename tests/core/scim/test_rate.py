"""How fast a provider may send."""

from core.scim.rate import Rate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(rate: Rate, number: int) -> int:
    """How many of so many requests are let through."""
    return [rate.take() for _ in range(number)].count(None)


def test_two_seconds_worth_may_come_at_once_and_then_as_many_as_the_rate_says() -> None:
    clock = Clock()
    rate = Rate(100, clock)
    assert taken(rate, 500) == 200
    for _ in range(3):
        clock.now += 1
        assert taken(rate, 500) == 100


def test_a_pause_earns_no_more_than_one_burst() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    clock.now += 3600
    assert taken(rate, 100) == 20


def test_a_steady_stream_at_the_rate_is_never_refused() -> None:
    clock = Clock()
    rate = Rate(8, clock)
    for _ in range(1000):
        assert rate.take() is None
        clock.now += 0.125


def test_who_is_refused_hears_after_how_many_whole_seconds_to_come_again() -> None:
    clock = Clock()
    rate = Rate(1, clock)
    taken(rate, 2)
    seconds = rate.take()
    assert seconds == 1
    clock.now += seconds
    assert rate.take() is None


def test_a_clock_that_stands_still_lets_nothing_more_through() -> None:
    rate = Rate(5, Clock())
    assert taken(rate, 10) == 10
    assert taken(rate, 10) == 0
