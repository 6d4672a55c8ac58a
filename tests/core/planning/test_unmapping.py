"""What an attribute must contain for a rule to make a value of it: clues that never rule out who is meant."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.planning.mapping import map_value
from core.planning.names import account_key
from core.planning.rules import Case, NoMatch, ValueRule
from core.planning.unmapping import Clues, clues

PARTS = r"^(.+?)\.(.*)@.*$"


def found(rule: ValueRule, *values: str, limit: int = 20) -> set[Clues] | None:
    clued = clues(rule, values, limit)
    return None if clued is None else set(clued)


def of(*texts: str) -> Clues:
    return frozenset(texts)


def test_without_a_pattern_the_attribute_contains_the_value() -> None:
    assert found(ValueRule("userName", case="lower"), "Ada", "ben") == {of("ada"), of("ben")}


def test_the_attribute_contains_each_part_that_the_value_was_made_of() -> None:
    rule = ValueRule("userName", PARTS, "$2.$1", no_match="ignore")
    assert found(rule, "lovelace.ada") == {of("lovelace", "ada")}
    assert found(rule, "a.b.c") == {of("a", "b.c"), of("a.b", "c")}


def test_a_literal_text_is_not_looked_for_and_a_value_without_it_comes_of_nothing() -> None:
    rule = ValueRule("userName", PARTS, "EXT-$1", no_match="ignore")
    assert found(rule, "ext-ada") == {of("ada")}
    assert found(rule, "ada") == set()


def test_parts_that_meet_may_have_met_anywhere() -> None:
    rule = ValueRule("userName", PARTS, "$1$2", no_match="ignore")
    assert found(rule, "abc") == {of("abc"), of("a", "bc"), of("ab", "c")}


def test_a_value_that_a_rule_passes_on_is_in_the_attribute_itself() -> None:
    assert found(ValueRule("userName", PARTS, "$1-$2"), "ada") == {of("ada")}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (ValueRule("userName", PARTS, "everybody"), "everybody"),
        (ValueRule("userName", PARTS, "$1 $2", no_match="ignore"), "ada"),
        (ValueRule("userName", case="upper"), "strasse"),
        (ValueRule("userName", PARTS, "$1$2"), "jos\u00e9"),
    ],
)
def test_where_nothing_is_known_of_the_attribute_there_are_no_clues(rule: ValueRule, value: str) -> None:
    assert found(rule, value) is None


def test_more_clues_than_wanted_are_none() -> None:
    rule = ValueRule("userName")
    assert found(rule, "a", "b", limit=2) == {of("a"), of("b")}
    assert found(rule, "a", "b", "c", limit=2) is None


LETTERS = st.text("aAbB.- @\u00e9\u0301\u00df\u212a\u0130", max_size=8)


@given(
    LETTERS,
    st.sampled_from([None, r"^(.*)\.(.*)$", r"(.)(.*)", r"^([^@]*)@?(.*)$", r"[Bb](.*)()"]),
    st.sampled_from(["$0", "$1", "$2$1", "$2.$1", "A-$1", "$1-a", "$1$1", "x", "$1 $2", "e$2", "$1\u0301"]),
    st.sampled_from(["keep", "lower", "upper"]),
    st.sampled_from(["pass", "ignore", "clear"]),
)
def test_no_clue_rules_out_an_attribute_of_which_the_rule_makes_the_value(
    text: str, match: str | None, replace: str, case: Case, no_match: NoMatch
) -> None:
    assume(match is not None or not {"1", "2"} & set(replace))
    rule = ValueRule("userName", match, replace, case, no_match)
    text = unicodedata.normalize("NFC", text)
    value = map_value(rule, text).value
    assume(value is not None and account_key(value))
    clued = clues(rule, [value or ""], 50)
    assert clued is None or any(all(clue in account_key(text) for clue in each) for each in clued)
