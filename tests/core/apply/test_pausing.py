from core.apply.ending import Ended
from core.apply.pausing import FIRST_PAUSE, LONGEST_PAUSE, Pause

DOWN = Ended(1, "failed", "down", is_target_down=True)
WELL = Ended(2, "done", "well")


def test_the_pause_doubles_with_each_failure_up_to_a_longest_one() -> None:
    pause, lengths = Pause(), []
    for _ in range(40):
        pause.learn(DOWN, 100.0)
        lengths.append(pause.until - 100.0)
    assert lengths[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert lengths[-1] == LONGEST_PAUSE


def test_a_run_that_the_target_did_not_spoil_ends_the_pause() -> None:
    pause = Pause()
    pause.learn(DOWN, 100.0)
    pause.learn(DOWN, 200.0)
    pause.learn(WELL, 300.0)
    assert pause.until == 0.0
    pause.learn(DOWN, 400.0)
    assert pause.until == 400.0 + FIRST_PAUSE
