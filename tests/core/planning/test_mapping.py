from typing import Any

import pytest

from core.planning.mapping import MappedValue, check_rule, map_user, map_value
from core.planning.rules import UserRules, ValueRule

from .building import user

LOCAL_PART = ValueRule("userName", match="^(.+)@(.*)$", replace="$1")


def value_of(rule: ValueRule, source: str | None) -> str | None:
    return map_value(rule, source).value


def rule(match: str | None, replace: str = "$0", **others: Any) -> ValueRule:
    return ValueRule("userName", match=match, replace=replace, **others)


def test_without_a_pattern_the_value_is_taken_whole() -> None:
    assert value_of(rule(None), "ada@example.com") == "ada@example.com"


def test_a_capture_group_becomes_the_value() -> None:
    assert value_of(LOCAL_PART, "ada@example.com") == "ada"


@pytest.mark.parametrize(
    ("replace", "value"),
    [
        ("$0", "ada@example.com"),
        ("$2/$1", "example.com/ada"),
        ("${1}1", "ada1"),
        ("$1$$", "ada$"),
        ("$$1", "$1"),
        ("it-$1", "it-ada"),
        ("fixed", "fixed"),
    ],
)
def test_a_replacement_may_name_capture_groups_and_the_whole_match(replace: str, value: str) -> None:
    assert value_of(rule("^(.+)@(.*)$", replace), "ada@example.com") == value


def test_the_pattern_may_match_anywhere_and_only_the_replacement_is_the_value() -> None:
    assert value_of(rule("[0-9]+"), "emp-1815-x") == "1815"


def test_a_group_that_took_no_part_is_empty() -> None:
    assert value_of(rule("^(a)?(d.*)$", "$1-$2"), "da") == "-da"


@pytest.mark.parametrize(("case", "value"), [("keep", "Ada"), ("lower", "ada"), ("upper", "ADA")])
def test_case_is_applied_last(case: Any, value: str) -> None:
    assert value_of(rule("^(.+)@", "$1", case=case), "Ada@example.com") == value


def test_where_it_does_not_match_pass_takes_the_source_value_in_the_rule_s_case() -> None:
    assert map_value(rule("@(.*)$", "$1", case="lower", no_match="pass"), "Ada") == MappedValue("ada")


def test_where_it_does_not_match_ignore_gives_no_value() -> None:
    assert map_value(rule("@(.*)$", "$1", no_match="ignore"), "ada") == MappedValue(None)


def test_where_it_does_not_match_skip_user_leaves_the_user_out() -> None:
    assert map_value(rule("@(.*)$", "$1", no_match="skip-user"), "ada") == MappedValue(None, skip_user=True)


@pytest.mark.parametrize("source", ["ada", "", None])
def test_where_it_does_not_match_clear_empties_the_target_s_value(source: str | None) -> None:
    assert map_value(rule("@(.*)$", "$1", no_match="clear"), source) == MappedValue(None, clear=True)


@pytest.mark.parametrize("source", ["", "  ", None])
def test_clear_empties_the_target_s_value_where_the_attribute_is_absent_even_without_a_pattern(
    source: str | None,
) -> None:
    assert map_value(rule(None, no_match="clear"), source) == MappedValue(None, clear=True)
    assert map_value(rule(None, no_match="clear"), "ada") == MappedValue("ada")


@pytest.mark.parametrize("source", [None, "", "  "])
def test_an_absent_or_blank_attribute_gives_no_value(source: str | None) -> None:
    assert map_value(rule(None, "x$0", no_match="skip-user"), source) == MappedValue(None)


def test_an_absent_attribute_does_not_match_a_pattern() -> None:
    assert map_value(rule(".*", no_match="skip-user"), None).skip_user
    assert map_value(rule(".*", no_match="pass"), None) == MappedValue(None)


def test_outer_whitespace_is_dropped_and_a_blank_result_is_no_value() -> None:
    assert value_of(rule(None), "  ada ") == "ada"
    assert value_of(rule("^(.*)@", " $1 "), "@example.com") is None


def test_a_value_that_is_not_unicode_does_not_match_and_breaks_nothing() -> None:
    assert map_value(rule("(.*)", no_match="skip-user"), "ada\ud800").skip_user


def test_an_invalid_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="pattern 'ada\\[', character 4"):
        check_rule(rule("ada["))


@pytest.mark.parametrize(
    ("replace", "message"),
    [
        ("x-$2", "replacement 'x-$2', character 3: there is no capture group 2; the pattern has 1"),
        ("${12}", "replacement '${12}', character 1: there is no capture group 12; the pattern has 1"),
        ("cost $", "replacement 'cost $', character 6: a $ needs a number"),
        ("$x", "replacement '$x', character 1: a $ needs a number"),
        ("${1", "replacement '${1', character 1: a $ needs a number"),
        ("$1$9999", "replacement '$1$9999', character 3: a $ needs a number"),
    ],
)
def test_an_invalid_replacement_is_named_with_the_position(replace: str, message: str) -> None:
    with pytest.raises(ValueError, match="replacement") as error:
        check_rule(rule("(a)", replace))
    assert str(error.value).startswith(message)


def test_a_user_is_mapped_by_all_three_rules() -> None:
    rules = UserRules(username=LOCAL_PART, display_name=ValueRule("displayName", case="upper"))
    mapped = map_user(user("ada@example.com", email=None), rules)
    assert (mapped.username, mapped.display_name, mapped.email) == ("ada", "ADA LOVELACE", None)
    assert mapped.skipped_by is None


def test_any_of_the_rules_may_leave_the_user_out_and_is_named() -> None:
    rules = UserRules(email=ValueRule("emails.work", match="@corp[.]example$", no_match="skip-user"))
    assert map_user(user(), rules).skipped_by == "users.email"


def test_further_attributes_are_mapped_by_name_and_those_without_a_value_left_alone() -> None:
    further = {
        "department": ValueRule("enterprise.department"),
        "title": ValueRule("title"),
        "phone": ValueRule("phone", match="x", no_match="ignore"),
        "room": ValueRule("room", match="x", no_match="clear"),
    }
    mapped = map_user(user(attributes={"enterprise.department": "R&D", "phone": "1"}), UserRules(attributes=further))
    assert mapped.attributes == {"department": "R&D", "room": ""}
    assert mapped.cleared == {"attributes.room"}


def test_a_further_attribute_may_leave_the_user_out_and_is_named() -> None:
    further = {"title": ValueRule("title", match="^Dr", no_match="skip-user")}
    assert map_user(user(), UserRules(attributes=further)).skipped_by == "users.attributes.title"


def test_user_name_is_known_even_where_the_attributes_lack_it() -> None:
    lacking = user("ada", display_name=None, email=None)
    assert map_user(lacking, UserRules()).username == "ada"
