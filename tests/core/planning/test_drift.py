"""Drift: how an account differs from how it was left."""

from dataclasses import replace

from core.planning.drift import Drifted, differences
from core.planning.values import Account

LEFT = Account(
    "a-ada", "ada", "ada", "Ada Lovelace", "ada@x", True, frozenset({"staff"}), attributes={"department": "R"}
)


def found(**changed: object) -> list[Drifted]:
    return list(differences(LEFT, replace(LEFT, **changed), {"staff"}, {"staff", "dev"}))  # type: ignore[arg-type]


def test_an_account_that_is_as_it_was_left_is_no_drift() -> None:
    assert found() == []


def test_every_value_that_somebody_else_changed_is_told_as_it_was_and_as_it_is() -> None:
    drifted = found(display_name="Ada King", email="king@x", active=False, attributes={"department": "S"})
    assert [(each.field, each.before, each.after) for each in drifted] == [
        ("display_name", "Ada Lovelace", "Ada King"),
        ("email", "ada@x", "king@x"),
        ("active", "active", "inactive"),
        ("attributes.department", "R", "S"),
    ]
    assert {each.kind for each in drifted} == {"account-changed"}


def test_what_the_target_does_not_tell_is_no_drift() -> None:
    assert found(email=None, groups=None) == []


def test_a_membership_of_ours_that_is_gone_and_one_that_came_are_told_apart() -> None:
    drifted = found(groups=frozenset({"dev"}))
    assert [(each.kind, each.group_key, each.name) for each in drifted] == [
        ("member-removed", "staff", "ada in staff"),
        ("member-added", "dev", "ada in dev"),
    ]


def test_a_group_that_is_not_ours_may_take_and_lose_members() -> None:
    assert found(groups=frozenset({"staff", "football"})) == []
    foreign = replace(LEFT, groups=frozenset({"staff", "football"}))
    assert list(differences(foreign, LEFT, {"staff"}, {"staff"})) == []
