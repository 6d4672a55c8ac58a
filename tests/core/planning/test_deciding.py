"""Which rule decides a conflict."""

import pytest

from core.planning.changes import Conflict
from core.planning.deciding import SUBJECT, DecisionRule, Tie, deciding, matches, pattern, why_not, widths


def conflict(kind: str = "C10", subject: str = "user:u1", **evidence: str) -> Conflict:
    return Conflict(kind, subject, "title", "why", evidence, ())


def test_a_rule_without_conditions_is_about_its_whole_kind() -> None:
    assert matches(DecisionRule(1, "C10", {}, "N"), conflict())
    assert not matches(DecisionRule(1, "C10", {}, "N"), conflict("C14"))


def test_all_conditions_must_match_without_case() -> None:
    rule = DecisionRule(1, "C10", {"account": "svc-*", SUBJECT: "user:*"}, "X")
    assert matches(rule, conflict(account="SVC-backup"))
    assert not matches(rule, conflict(account="ada"))
    assert not matches(rule, conflict(subject="group:g1", account="svc-1"))
    assert not matches(rule, conflict()), "evidence that is missing matches nothing but '*'"


def test_one_subject_goes_before_a_pattern_and_that_before_a_kind() -> None:
    kind, short, long, one = (
        DecisionRule(1, "C10", {}, "N"),
        DecisionRule(2, "C10", {"account": "s*"}, "X"),
        DecisionRule(3, "C10", {"account": "svc-*"}, "L"),
        DecisionRule(4, "C10", {SUBJECT: "user:u1"}, "K"),
    )
    about = conflict(account="svc-1")
    assert deciding([kind, short, long, one], about) == one
    assert deciding([kind, short, long], about) == long
    assert deciding([kind, short], about) == short
    assert deciding([kind], about) == kind
    assert deciding([], about) is None


def test_equally_specific_rules_tie_unless_they_say_the_same() -> None:
    one, same, other = (DecisionRule(n, "C10", {}, key) for n, key in ((1, "N"), (2, "N"), (3, "X")))
    assert deciding([same, one], conflict()) == one
    assert deciding([one, same, other], conflict()) == Tie((1, 2, 3))


@pytest.mark.parametrize(
    ("kind", "key"), [("C10", "A"), ("C10", "H"), ("C29", "X"), ("C25", "N"), ("C31", "K"), ("C15", "L")]
)
def test_what_must_be_approved_each_time_no_rule_decides(kind: str, key: str) -> None:
    assert why_not(kind, key) is not None


def test_a_rule_can_be_about_the_object_about_those_like_it_and_about_the_kind() -> None:
    found = [rule.where for rule in widths(conflict(account="svc-backup", proposed="x"), "X")]
    assert found == [{SUBJECT: "user:u1"}, {"account": "svc-*"}, {}]
    assert [rule.where for rule in widths(conflict(odd="1"), "X")] == [{SUBJECT: "user:u1"}, {}]


@pytest.mark.parametrize(
    ("value", "glob"),
    [("svc-backup", "svc-*"), ("ada@x.example", "*@x.example"), ("ada", "ada"), ("R D", "R *"), ("a*b.c", "a?b.*")],
)
def test_what_is_alike_has_the_same_domain_or_beginning(value: str, glob: str) -> None:
    assert pattern(value) == glob
    assert matches(DecisionRule(1, "C10", {"account": glob}, "X"), conflict(account=value))


def test_what_a_rule_may_decide() -> None:
    assert why_not("C10", "N") is None
