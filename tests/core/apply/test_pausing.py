from core.apply.pausing import FIRST_PAUSE, LONGEST_PAUSE, Pause


def test_the_pause_doubles_with_each_failure_up_to_a_longest_one() -> None:
    pause, lengths = Pause(), []
    for _ in range(40):
        pause.learn(failed=True, now=100.0)
        lengths.append(pause.until - 100.0)
    assert lengths[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert lengths[-1] == LONGEST_PAUSE


def test_a_success_ends_the_pause() -> None:
    pause = Pause()
    pause.learn(failed=True, now=100.0)
    pause.learn(failed=True, now=200.0)
    pause.learn(failed=False, now=300.0)
    assert pause.until == 0.0
    pause.learn(failed=True, now=400.0)
    assert pause.until == 400.0 + FIRST_PAUSE
