"""`[target.users]` and `[target.groups]` become the rules that the planner reads."""

import pytest

from core.planning.rules import GroupRules, TargetRules, UserRules, ValueRule

from .conftest import PROVIDER, TARGET, Load, OnlyProblem


def test_without_rules_the_planner_s_defaults_hold(load: Load) -> None:
    assert load(PROVIDER + TARGET).targets[0].rules == TargetRules()


def test_every_key_of_the_user_rules_is_read(load: Load) -> None:
    rules = load(
        PROVIDER
        + TARGET
        + r"""
        [target.users]
        create = false
        update = false
        reactivate = false
        when_inactive = "keep"
        username.from = "emails.work"
        username.match = '^(.+)@.*$'
        username.replace = "x-$1"
        username.case = "upper"
        username.no_match = "skip-user"
        email = { from = "userName", no_match = "ignore" }
        display_name = { from = "name.formatted", case = "keep" }
        protect = ["admin", "svc-*"]
        """
    )
    assert rules.targets[0].rules.users == UserRules(
        create=False,
        update=False,
        reactivate=False,
        when_inactive="keep",
        username=ValueRule("emails.work", r"^(.+)@.*$", "x-$1", "upper", "skip-user"),
        email=ValueRule("userName", no_match="ignore"),
        display_name=ValueRule("name.formatted"),
        protect=("admin", "svc-*"),
    )


def test_every_key_of_the_group_rules_is_read(load: Load) -> None:
    rules = load(
        PROVIDER
        + TARGET
        + """
        [target.groups]
        mode = "off"
        protect = []
        [target.groups.on_the_fly]
        include = ["App *"]
        exclude = ["[tmp]*", "(?x"]
        create_missing = false
        keep_existing_groups = false
        """
    )
    assert rules.targets[0].rules.groups == GroupRules(
        mode="off",
        protect=(),
        include=("App *",),
        exclude=("[tmp]*", "(?x"),
        create_missing=False,
        keep_existing_groups=False,
    )


def test_rules_belong_to_the_target_they_stand_under(load: Load) -> None:
    second = TARGET.replace('"wiki"', '"docs"')
    settings = load(PROVIDER + TARGET + "[target.users]\ncreate = false\n" + second)
    assert [target.rules.users.create for target in settings.targets] == [False, True]


def test_a_rule_keeps_the_defaults_of_the_keys_it_leaves_out(load: Load) -> None:
    settings = load(PROVIDER + TARGET + 'users.username.from = "emails.work"')
    assert settings.targets[0].rules.users.username == ValueRule("emails.work", case="lower")


def test_a_replacement_may_be_empty(load: Load) -> None:
    settings = load(PROVIDER + TARGET + "users.email = { match = 'x', replace = '' }")
    assert settings.targets[0].rules.users.email.replace == ""


@pytest.mark.parametrize("pattern", ["(a", "(?=a)", "(a)\\1", "a{9999}", "*", "[z-a]"])
def test_a_pattern_that_re2_refuses_is_refused_at_load(
    only_problem: OnlyProblem, capfd: pytest.CaptureFixture[str], pattern: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.username.match = '{pattern}'")
    assert (problem.line, problem.key) == (10, "target.users.username.match")
    assert "RE2" in problem.remedy
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("replace", ["$2", "$", "$x"])
def test_a_replacement_without_its_group_is_refused_at_load(only_problem: OnlyProblem, replace: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}users.email = {{ match = '(a)', replace = '{replace}' }}")
    assert (problem.line, problem.key) == (10, "target.users.email.replace")
    assert "$1" in problem.remedy


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
