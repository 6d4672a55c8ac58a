import time

import pytest

from core.planning.patterns import compiled


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("ada)", "pattern 'ada)', character 4: unexpected )"),
        ("(ada))(", "pattern '(ada))(', character 6: unexpected )"),
        ("(ada", "pattern '(ada', character 5: missing )"),
        ("x[z-", "pattern 'x[z-', character 2: missing ] ([z-)"),
        ("ab(?=c)", "pattern 'ab(?=c)', character 3: invalid perl operator ((?=)"),
        ("(a)\\1", "pattern '(a)\\\\1', character 4: invalid escape sequence (\\1)"),
        ("*", "pattern '*', character 1: no argument for repetition operator"),
        ("é{2001}", "pattern 'é{2001}', character 2: invalid repetition size ({2001})"),
        ("a\ud800", "pattern 'a\\ud800', character 2: not valid Unicode"),
    ],
)
def test_what_is_refused_is_told_with_pattern_position_and_cause(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match="pattern") as error:
        compiled(pattern)
    assert str(error.value) == message


def test_a_refused_pattern_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="pattern"):
        compiled("(unclosed")
    assert capfd.readouterr() == ("", "")


def test_a_pattern_that_would_take_python_s_re_for_ever_takes_no_time() -> None:
    began = time.perf_counter()
    assert compiled("^(a+)+$").search("a" * 5000 + "!") is None
    assert time.perf_counter() - began < 1
