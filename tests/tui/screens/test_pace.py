from tui.screens.pace import Pace


def test_a_pace_is_known_once_something_moved() -> None:
    pace = Pace()
    assert (pace.per_second(), pace.left(5)) == (None, None)
    pace.note(1, 10, 0)
    assert pace.per_second() is None
    pace.note(1, 10, 1000)
    assert pace.per_second() is None
    pace.note(1, 30, 4000)
    assert (pace.per_second(), pace.left(10)) == (5.0, 2000)


def test_only_the_last_quarter_of_a_minute_counts() -> None:
    pace = Pace()
    for second in range(100):
        pace.note(1, 100 * second if second < 50 else 5000 + second, second * 1000)
    assert pace.per_second() == 1.0


def test_another_run_or_one_that_starts_again_has_its_own_pace() -> None:
    pace = Pace()
    pace.note(1, 0, 0)
    pace.note(1, 100, 1000)
    pace.note(2, 101, 2000)
    assert pace.per_second() is None
    pace.note(2, 5, 3000)
    assert pace.per_second() is None
