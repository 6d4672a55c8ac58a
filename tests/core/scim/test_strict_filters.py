"""Dialects of the filter, made strict; what cannot be read comes back as it was sent."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scim2_models import ScimFilter

from core.scim.strict_filters import strict_filter
from core.scim.tolerances import Tolerance

MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


def strict(text: str) -> tuple[str, set[Tolerance]]:
    used: set[Tolerance] = set()
    return strict_filter(text, used), used


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ada"',
        'emails[type eq "work"].value eq "ada@x.org"',
        "active eq true and title pr",
        "meta.version eq 12.5e3",
        'displayName eq "eq eq eq"',
        f'{MANAGER}.value eq "x"',
        f"{MANAGER} pr",
    ],
)
def test_a_strict_filter_stays_as_it_is(text: str) -> None:
    assert strict(text) == (text, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("externalId eq jyoung", 'externalId eq "jyoung"'),
        ("userName sw O and (name.familyName eq Employee)", 'userName sw "O" and (name.familyName eq "Employee")'),
        ('displayName eq "a eq b" and externalId eq x@y.z', 'displayName eq "a eq b" and externalId eq "x@y.z"'),
        ("emails[type eq work].value eq a@b.c", 'emails[type eq "work"].value eq "a@b.c"'),
        ("externalId eq a\\b", 'externalId eq "a\\\\b"'),
    ],
)
def test_bare_words_are_quoted(text: str, expected: str) -> None:
    assert strict(text) == (expected, {"bare-word-in-filter"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('id eq "u" and manager eq "m"', f'id eq "u" and {MANAGER}.value eq "m"'),
        ('manager eq "m" and id eq "u"', f'{MANAGER}.value eq "m" and id eq "u"'),
        ('not (Manager.value eq "m")', f'not ({MANAGER.replace(":manager", ":Manager")}.value eq "m")'),
        ("manager pr", f"{MANAGER} pr"),
        (f'{MANAGER} eq "m"', f'{MANAGER}.value eq "m"'),
    ],
)
def test_a_manager_is_found_by_its_id_with_and_without_its_schema(text: str, expected: str) -> None:
    result, used = strict(text)
    assert result == expected
    assert used
    assert used <= {"manager-without-urn", "manager-compared-whole"}


@pytest.mark.parametrize("text", ["", "userName eq", "userName eq a b", 'userName eq "a', "((", 'x eq "\\'])
def test_what_cannot_be_read_comes_back_as_it_was_sent(text: str) -> None:
    assert strict(text) == (text, set())


@given(st.text())
def test_any_text_is_taken_and_a_readable_one_stays_readable(text: str) -> None:
    once, _ = strict(text)
    assert strict(once) == (once, set())


@given(st.text(), st.text())
def test_quoted_values_are_never_changed(name: str, value: str) -> None:
    text = f"userName eq {ScimFilter.quote(name)} and title sw {ScimFilter.quote(value)}"
    assert strict(text) == (text, set())


def test_an_unended_text_costs_no_more_than_its_length() -> None:
    strict_filter('"\\' * 2_000, set())
    began = process_time()
    strict_filter('"\\' * 200_000, set())
    assert process_time() - began < 2.0  # quadratic would be minutes
