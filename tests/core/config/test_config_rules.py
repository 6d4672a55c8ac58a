"""The rules of a target: that they are its own, and `[target.brakes]`."""

from dataclasses import replace

import pytest

from core.planning.rules import BrakeRules, Limit, TargetRules

from .conftest import PROVIDER, TARGET, Load, OnlyProblem, Rules

LIMITS = ("deactivate", "delete", "remove_member", "remove_member_of_group", "update")


def test_without_rules_the_planner_s_defaults_hold(rules: Rules) -> None:
    assert rules("") == TargetRules()


def test_rules_belong_to_the_target_they_stand_under(load: Load) -> None:
    second = TARGET.replace('"wiki"', '"docs"')
    settings = load(PROVIDER + TARGET + "[target.users]\ncreate = false\n" + second)
    assert [target.rules.users.create for target in settings.targets] == [False, True]


@pytest.mark.parametrize("kind", LIMITS)
def test_brakes_deactivate_delete_remove_member_remove_member_of_group_update(rules: Rules, kind: str) -> None:
    brakes = rules(f"[target.brakes]\n{kind} = {{ count = 7, percent = 3 }}").brakes
    assert brakes == replace(BrakeRules(), **{kind: Limit(7, 3)})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", LIMITS)
def test_a_limit_keeps_its_own_default_of_what_it_leaves_out(rules: Rules, kind: str) -> None:
    default: Limit = getattr(BrakeRules(), kind)
    by_count = rules(f"brakes.{kind}.count = 7").brakes
    by_percent = rules(f"[target.brakes.{kind}]\npercent = 3").brakes
    assert by_count == replace(BrakeRules(), **{kind: Limit(7, default.percent)})  # type: ignore[arg-type]
    assert by_percent == replace(BrakeRules(), **{kind: Limit(default.count, 3)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "key", "remedy"),
    [
        ("update.count = 0", "update.count", "Write a whole number from 1 to 1000000"),
        ("update.percent = 101", "update.percent", "Write a whole number from 1 to 100"),
        ("delete.percent = 0", "delete.percent", "Write a whole number from 1 to 100"),
        ("delete.percent = 2.5", "delete.percent", "Write a whole number from 1 to 100, without quotes"),
        ("delete.percent = '5%'", "delete.percent", "Write a whole number from 1 to 100, without quotes"),
        ("deactivate = 50", "deactivate", "Write it as a table: [target.brakes.deactivate]"),
        ("deactivate.counts = 5", "deactivate.counts", "Did you mean 'count'?"),
        ("min_admins = -1", "min_admins", "Write a whole number from 0 to 1000"),
        ("admin_groups = 'admins'", "admin_groups", 'Write a list of texts, like ["one", "two"]'),
        ("remove_members.count = 5", "remove_members", "Did you mean 'remove_member'?"),
    ],
)
def test_another_brake_is_refused_with_what_is_accepted(
    only_problem: OnlyProblem, written: str, key: str, remedy: str
) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}[target.brakes]\n{written}")
    assert (problem.line, problem.key, problem.remedy) == (11, f"target.brakes.{key}", remedy)


@pytest.mark.parametrize("written", [0, 2])
def test_brakes_min_admins(rules: Rules, written: int) -> None:
    assert rules(f"brakes.min_admins = {written}").brakes == BrakeRules(min_admins=written)


@pytest.mark.parametrize("written", [("wiki-admins", "*-administrators"), ()])
def test_brakes_admin_groups(rules: Rules, written: tuple[str, ...]) -> None:
    assert rules(f"brakes.admin_groups = {list(written)}").brakes == BrakeRules(admin_groups=written)
