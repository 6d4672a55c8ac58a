from core.apply.backing_off import FIRST_BACK_OFF, LONGEST_BACK_OFF, BackOff


def test_the_pause_doubles_with_each_failure_up_to_a_longest_one() -> None:
    back_off, lengths = BackOff(), []
    for _ in range(40):
        back_off.learn(failed=True, now=100.0)
        lengths.append(back_off.until - 100.0)
    assert lengths[:4] == [FIRST_BACK_OFF, 2 * FIRST_BACK_OFF, 4 * FIRST_BACK_OFF, 8 * FIRST_BACK_OFF]
    assert lengths[-1] == LONGEST_BACK_OFF


def test_a_success_ends_the_pause() -> None:
    back_off = BackOff()
    back_off.learn(failed=True, now=100.0)
    back_off.learn(failed=True, now=200.0)
    back_off.learn(failed=False, now=300.0)
    assert back_off.until == 0.0
    back_off.learn(failed=True, now=400.0)
    assert back_off.until == 400.0 + FIRST_BACK_OFF
