"""Flapping: what somebody else takes back again and again is held and told, not done over and over (C41)."""

from dataclasses import replace

import pytest

from core.planning.answers import Answer
from core.planning.changes import Conflict, Plan
from core.planning.plan import plan
from core.planning.repeating import WITHIN
from core.planning.rules import TargetRules
from core.planning.values import Repeated, World

from .building import account, group, link, planned, steps, target_group, user, world
from .test_answers import planned as planned_with

NOW = 1_767_225_600_000
HOUR = 3_600_000
TIMES = ((3, NOW - 3 * HOUR), (5, NOW - 2 * HOUR), (8, NOW - HOUR))
ADDED = Repeated("add-member", "a-ada", "staff", {}, TIMES)


def member(*repeated: Repeated, display_name: str = "Ada Lovelace") -> World:
    """Ada, who is to be in Staff, and is not."""
    return world(
        users=[user(groups=["g-Staff"], display_name=display_name)],
        groups=[group()],
        accounts=[account()],
        target_groups=[target_group()],
        links=[link()],
        repeated=repeated,
        now=NOW,
    )


def answered(known: World, key: str, value: str | None = None) -> Plan:
    return planned_with(known, TargetRules(), [Answer(1, "C41", "user:u-ada", key, value)])


def keys(conflict: Conflict) -> str:
    return "".join(each.key for each in conflict.resolutions)


def test_c41_what_was_done_three_times_within_a_week_is_held_and_told() -> None:
    plan = planned(member(ADDED))
    (conflict,) = plan.conflicts
    assert (plan.changes, conflict.kind, conflict.subject) == ((), "C41", "user:u-ada")
    assert conflict.title == "Somebody else takes back what is done to 'ada'"
    assert conflict.evidence == {
        "account": "ada",
        "changes": "add-member ada Staff",
        "done by": "run 3 on 2025-12-31 21:00 UTC, run 5 on 2025-12-31 22:00 UTC, run 8 on 2025-12-31 23:00 UTC",
        "taken back by": "not known",
    }
    assert keys(conflict) == "HKXR"


def test_c41_all_else_of_the_user_goes_on() -> None:
    plan = planned(member(ADDED, display_name="Ada King"))
    assert (steps(plan), [each.kind for each in plan.conflicts]) == (["update-account ada"], ["C41"])


@pytest.mark.parametrize(
    "other",
    [
        replace(ADDED, times=TIMES[:2]),
        replace(ADDED, times=tuple((run, at - WITHIN) for run, at in TIMES)),
        replace(ADDED, group_key="dev"),
        replace(ADDED, account_id="a-eve"),
        replace(ADDED, kind="remove-member"),
    ],
)
def test_what_was_done_less_often_or_long_ago_or_to_something_else_is_done(other: Repeated) -> None:
    plan = planned(member(other))
    assert (steps(plan), plan.conflicts) == (["add-member ada Staff"], ())


def test_c41_it_can_be_left_as_they_want_it_until_a_day() -> None:
    left = answered(member(ADDED), "K", "2026-01-31")
    assert (left.changes, left.conflicts) == ((), ())
    assert left.notes == ("Left as somebody else wants it, as an admin answered: 1 change (add-member ada Staff).",)
    later = answered(replace(member(ADDED), now=NOW + 32 * 24 * HOUR), "K", "2026-01-31")
    assert [each.kind for each in later.conflicts] == ["C41"], "who says so for a while is asked again"


def test_c41_it_can_be_left_for_good_however_long_ago_it_was() -> None:
    left = answered(replace(member(ADDED), now=NOW + 1000 * 24 * HOUR), "X")
    assert (left.changes, left.conflicts) == ((), ())


def test_c41_it_can_be_done_once_more() -> None:
    assert steps(answered(member(ADDED), "R")) == ["add-member ada Staff"]


def test_c41_values_count_only_where_they_are_the_same() -> None:
    wanted = {"display_name": "Ada Lovelace", "email": "ada@example.com"}
    known = world(users=[user()], accounts=[account(display_name="A. L.")], links=[link()], now=NOW)
    same = replace(known, repeated=(Repeated("update-account", "a-ada", "", wanted, TIMES),))
    other = replace(known, repeated=(Repeated("update-account", "a-ada", "", wanted | {"email": "x@x"}, TIMES),))
    assert [each.kind for each in planned(same).conflicts] == ["C41"]
    assert steps(planned(other)) == ["update-account ada"]


def test_c41_a_leaver_who_is_activated_again_and_again_stays_as_it_is() -> None:
    known = world(users=[user(active=False)], accounts=[account()], links=[link()], now=NOW)
    flapping = replace(known, repeated=(Repeated("deactivate-account", "a-ada", "", {}, TIMES),))
    assert [each.kind for each in plan(flapping, TargetRules()).conflicts] == ["C41"]
