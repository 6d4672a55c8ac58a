"""Stand-ins look like what they stand for, are the same for the same word, and stand for nothing else."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.fakes import Fakes


@pytest.fixture
def fakes() -> Fakes:
    return Fakes(Random(7))


def shape(text: str) -> str:
    """Which characters are capitals, small letters and digits; all others as they are."""
    kinds = ["9" if each.isdecimal() else "A" if each.isupper() else "a" if each.isalpha() else each for each in text]
    return "".join(kinds)


@pytest.mark.parametrize(
    "text", ["Ada LOVELACE", "+44 (0)20 5550-100", "{$user.title}", "O'Neill-McDonald", "Žižková", ""]
)
def test_shape_and_case_stay_and_the_words_do_not(fakes: Fakes, text: str) -> None:
    fake = fakes.text(text)
    assert shape(fake) == shape(text)
    assert fake != text or not text


def test_the_same_word_is_the_same_everywhere_whatever_its_case(fakes: Fakes) -> None:
    name, mail = fakes.text("Ada Lovelace"), fakes.text("ADA.lovelace@contoso.com")
    given, family = name.split()
    assert mail.startswith(f"{given.upper()}.{family.lower()}@")


def test_a_domain_cannot_be_anybodys(fakes: Fakes) -> None:
    mail, url = fakes.text("ada@mail.contoso.com"), fakes.text("https://contoso.com/photo")
    assert mail.endswith(".example")
    assert "contoso" not in mail
    assert url.startswith("https://")
    assert url.split("/")[2] == ".".join(mail.split("@")[1].split(".")[1:])


def test_one_that_is_reserved_already_grows_no_longer(fakes: Fakes) -> None:
    assert fakes.text("ada@contoso.example").count(".example") == 1


@pytest.mark.parametrize("text", ["True", "false", "null"])
def test_truth_values_stay(fakes: Fakes, text: str) -> None:
    assert fakes.text(text) == text


def test_a_uuid_becomes_another_one_the_same_in_either_case(fakes: Fakes) -> None:
    first = fakes.text("8AA1A0C0-0000-4000-8000-0000000000a1")
    assert first == fakes.text("8aa1a0c0-0000-4000-8000-0000000000A1")
    assert len(first) == 36
    assert "8aa1a0c0" not in first


def test_a_number_stays_one(fakes: Fakes) -> None:
    assert isinstance(fakes.number(4711), int)
    assert 1000 <= fakes.number(4711) <= 9999
    assert isinstance(fakes.number(-1.5), float)


def test_there_are_stand_ins_enough_even_for_short_words(fakes: Fakes) -> None:
    words = [f"{first}{second}" for first in "abcdefghijklmnopqrstuvwxyz" for second in "abcdefghijklmnopqrstuvwxyz"]
    assert len({fakes.text(word) for word in words}) == len(words)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_different_texts_have_different_stand_ins(texts: list[str]) -> None:
    fakes = Fakes(Random(7))
    told = {text.lower(): fakes.text(text).lower() for text in texts if "@" not in text and "://" not in text}
    assert len(set(told.values())) == len(told)
