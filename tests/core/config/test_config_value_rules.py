"""How a value is made: `from`, `match`, `replace`, `case`, `no_match`, checked when they are read."""

import pytest

from core.planning.rules import UserRules, ValueRule

from .conftest import PROVIDER, TARGET, OnlyProblem, Rules

VALUES = ("username", "email", "display_name", "attributes.department")


def made(rules: UserRules, value: str) -> ValueRule:
    found: ValueRule = rules.attributes["department"] if value == VALUES[3] else getattr(rules, value)
    return found


@pytest.mark.parametrize("value", VALUES)
def test_from_match_replace_case_no_match(rules: Rules, value: str) -> None:
    users = rules(
        rf"""
        [target.users.{value}]
        from = "emails.work"
        match = '^(.+)@.*$'
        replace = "x-$1"
        case = "upper"
        no_match = "skip-user"
        """
    ).users
    assert made(users, value) == ValueRule("emails.work", r"^(.+)@.*$", "x-$1", "upper", "skip-user")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("no_match", ["pass", "ignore", "clear", "skip-user"])
def test_no_match(rules: Rules, value: str, no_match: str) -> None:
    users = rules(f'users.{value} = {{ from = "title", no_match = "{no_match}" }}').users
    assert made(users, value).no_match == no_match


@pytest.mark.parametrize("case", ["keep", "lower", "upper"])
def test_case(rules: Rules, case: str) -> None:
    assert rules(f'users.username.case = "{case}"').users.username == ValueRule("userName", case=case)  # type: ignore[arg-type]


def test_a_rule_keeps_the_defaults_of_the_keys_it_leaves_out(rules: Rules) -> None:
    assert rules('users.username.from = "emails.work"').users.username == ValueRule("emails.work", case="lower")


def test_a_replacement_may_be_empty(rules: Rules) -> None:
    assert rules("users.email = { match = 'x', replace = '' }").users.email.replace == ""


@pytest.mark.parametrize("value", VALUES[:3])
@pytest.mark.parametrize("pattern", ["(a", "(?=a)", "(a)\\1", "a{9999}", "*", "[z-a]"])
def test_a_pattern_that_re2_refuses_is_refused_at_load(
    only_problem: OnlyProblem, capfd: pytest.CaptureFixture[str], value: str, pattern: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.{value}.match = '{pattern}'")
    assert (problem.line, problem.key) == (10, f"target.users.{value}.match")
    assert "RE2" in problem.remedy
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("replace", ["$2", "$", "$x"])
def test_a_replacement_without_its_group_is_refused_at_load(only_problem: OnlyProblem, replace: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.email = {{ match = '(a)', replace = '{replace}' }}")
    assert (problem.line, problem.key) == (10, "target.users.email.replace")
    assert "$1" in problem.remedy


def test_a_replacement_with_a_group_and_no_pattern_is_refused_at_load(only_problem: OnlyProblem) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.email.replace = '$1'")
    assert (problem.key, "no capture group 1" in problem.message) == ("target.users.email.replace", True)


@pytest.mark.parametrize(
    ("written", "meant"), [("username", "userName"), ("Emails.Work", "emails.work"), ("displayname", "displayName")]
)
def test_an_attribute_in_the_wrong_case_is_refused_with_the_right_one(
    only_problem: OnlyProblem, written: str, meant: str
) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}users.username.from = "{written}"')
    assert problem.remedy == f'Did you mean "{meant}"?'


def test_what_is_no_path_of_an_attribute_is_refused(only_problem: OnlyProblem) -> None:
    assert only_problem(f'{PROVIDER}{TARGET}users.username.from = "user name"').key == "target.users.username.from"
