import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.names import (
    account_key,
    check_display_name,
    check_group_name,
    check_username,
    group_key,
    normalised,
    propose_display_name,
    propose_group_name,
    propose_username,
)
from core.planning.values import NameRules

from .building import CONFLUENCE

ANYTHING = st.text(st.characters(), max_size=40)


def nothing_taken(key: str) -> bool:
    return False


@pytest.mark.parametrize("name", ["ada", "ada.lovelace", "ada-l_1815", "ada@example.com", "zoë", "a" * 255])
def test_confluence_accepts_these_usernames(name: str) -> None:
    assert check_username(name, CONFLUENCE) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is blank"),
        ("   ", "is blank"),
        ("ada+test", "contains +"),
        ("o'brien", "contains '"),
        ('"ada"', 'contains "'),
        ("lovelace,ada", "contains ,"),
        ("corp\\ada", "contains \\"),
        ("<ada>", "contains <"),
        ("ada lovelace", "contains whitespace"),
        ("Ada", "has upper-case letters"),
        ("anonymous", "is reserved by the product"),
        ("ada\x00", "contains a control character"),
        ("ada\ud800", "contains a control character"),
        ("a" * 256, "is longer than 255 characters"),
    ],
)
def test_confluence_refuses_these_usernames(name: str, problem: str) -> None:
    assert check_username(name, CONFLUENCE) == problem


def test_a_product_without_rules_accepts_what_is_not_blank() -> None:
    assert check_username("Ada + 'Lovelace'", NameRules()) is None
    assert check_username("", NameRules()) == "is blank"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Ada Lovelace", None),
        ("Ada <ada>", "contains <"),
        ("", "is blank"),
        ("Anonymous", "is reserved by the product"),
        ("a" * 256, "is longer than 255 characters"),
    ],
)
def test_display_names_have_rules_of_their_own(name: str, problem: str | None) -> None:
    assert check_display_name(name, CONFLUENCE) == problem


@pytest.mark.parametrize(("name", "problem"), [("Jira Users", None), ("a/b", "contains /"), ("", "is blank")])
def test_group_names_have_rules_of_their_own(name: str, problem: str | None) -> None:
    assert check_group_name(name, CONFLUENCE) == problem


def test_names_are_compared_without_case_outer_whitespace_and_unicode_form() -> None:
    assert account_key(" Zoë ") == account_key(unicodedata.normalize("NFD", "ZOË")) == "zoë"
    assert group_key("Jira Users") == group_key("JIRA users ")


def test_sharp_s_and_double_s_are_two_names_as_they_are_for_the_products() -> None:
    assert account_key("strauß") != account_key("strauss")


@given(ANYTHING)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert account_key(account_key(name)) == account_key(name)
    assert account_key(normalised(name)) == account_key(name)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Ada Lovelace", "ada.lovelace"),
        ("o'brien", "obrien"),
        ("ada+test@example.com", "ada.test@example.com"),
        ("Lovelace, Ada", "lovelace.ada"),
        ("+", "user"),
        ("anonymous", "anonymous2"),
        ("ada", "ada"),
    ],
)
def test_a_proposed_username_stays_close_to_the_invalid_one(name: str, proposed: str) -> None:
    assert propose_username(name, CONFLUENCE, nothing_taken) == proposed


def test_a_proposed_username_is_free() -> None:
    taken = {"ada.lovelace", "ada.lovelace2"}
    assert propose_username("Ada Lovelace", CONFLUENCE, taken.__contains__) == "ada.lovelace3"


def test_a_proposed_username_stays_short_enough_when_it_is_numbered() -> None:
    rules = NameRules(username_max=4)
    assert propose_username("adalovelace", rules, {"adal"}.__contains__) == "ada2"


@given(ANYTHING)
def test_a_proposed_username_is_always_valid(name: str) -> None:
    assert check_username(propose_username(name, CONFLUENCE, nothing_taken), CONFLUENCE) is None


@given(ANYTHING)
def test_a_proposed_display_name_is_always_valid(name: str) -> None:
    assert check_display_name(propose_display_name(name, CONFLUENCE), CONFLUENCE) is None


@given(ANYTHING)
def test_a_proposed_group_name_is_always_valid(name: str) -> None:
    assert check_group_name(propose_group_name(name, CONFLUENCE, nothing_taken), CONFLUENCE) is None


def test_a_proposed_group_name_is_free() -> None:
    assert propose_group_name("R/D", CONFLUENCE, {"r-d"}.__contains__) == "R-D2"
