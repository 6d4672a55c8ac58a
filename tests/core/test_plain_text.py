import sys
import unicodedata

from core.plain import plain


def test_no_character_that_a_terminal_obeys_or_hides_gets_through() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    joiners = {"\u200c", "\u200d"}
    everything = [chr(code) for code in range(sys.maxunicode + 1)]
    passed = {character for character in everything if unicodedata.category(plain(character)) in hidden}
    assert passed == joiners


def test_a_line_stays_one_line() -> None:
    assert len(plain("a\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h").splitlines()) == 1


def test_a_character_stays_one_character() -> None:
    assert len(plain("a\x1b\x9b\u202e\ud800z")) == 6
