"""Values of settings as texts, and back."""

import pytest

from core.config.formats import NotAccepted
from tui.forms.field import Field, Kind, Value, shown, text_of, value_of


def a_field(kind: Kind, default: Value | None = None, **more: object) -> Field:
    return Field(("users", "x"), "X", "Help.", kind, default, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("flag", True, "on"),
        ("flag", False, "off"),
        ("choice", "delete", "delete"),
        ("number", 2, "2"),
        ("text", "^(.+)@", "^(.+)@"),
        ("texts", ("admin", "svc-*"), "admin, svc-*"),
        ("texts", ("Sales, EMEA", 'the "A" team'), '"Sales, EMEA", "the ""A"" team"'),
        ("limit", {"count": 5, "percent": 2}, "5 or 2%"),
    ],
)
def test_a_value_is_typed_as_it_is_read(kind: Kind, value: Value, text: str) -> None:
    field = a_field(kind)
    assert text_of(field, value) == text
    assert value_of(field, text) == value


def test_one_text_in_the_place_of_a_list_is_shown_as_it_stands() -> None:
    assert text_of(a_field("texts"), "manager") == "manager"


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("number", "2x", "is not a whole number"),
        ("number", "-1", "is not a whole number"),
        ("limit", "50", "is not a limit"),
        ("texts", '"Sales', "a double quote is left open"),
    ],
)
def test_what_cannot_be_a_value_is_refused_with_a_remedy(kind: Kind, text: str, problem: str) -> None:
    with pytest.raises(NotAccepted) as refused:
        value_of(a_field(kind), text)
    assert problem in refused.value.message
    assert refused.value.remedy


def test_nothing_typed_takes_the_key_out_unless_empty_is_a_value() -> None:
    assert value_of(a_field("text"), "") is None
    assert value_of(a_field("text", "$0", may_be_empty=True), "") == ""
    assert value_of(a_field("texts"), " ") is None
    assert value_of(a_field("texts", ("*-administrators",)), "") == (), "an empty list is not the default"
    assert value_of(a_field("number", 2), "") is None


def test_a_default_stands_for_what_is_not_given() -> None:
    assert shown(a_field("number", 2), None) == "2"
    assert shown(a_field("text", unset="everything"), None) == "everything"
    assert shown(a_field("texts"), ()) == "none"
    assert shown(a_field("text", "$0", may_be_empty=True), "") == "(empty)"


def test_a_limit_that_names_one_of_the_two_shows_both() -> None:
    field = a_field("limit", {"count": 50, "percent": 20})
    assert shown(field, {"count": 5}) == "5 or 20%"
