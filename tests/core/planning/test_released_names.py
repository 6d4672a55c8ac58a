"""Names that were another person's: none is given to somebody new unasked, since old content may come with it (C15)."""

from collections.abc import Iterable

import pytest

from core.planning.answers import Answer
from core.planning.changes import Conflict, Plan
from core.planning.rules import TargetRules, UserRules
from core.planning.values import Released, World

from .building import account, only_conflict, planned, steps, user, world
from .test_answers import answer
from .test_answers import planned as planned_with

AT = 1_767_225_600_000
DELETED = Released("ada", "ada", "u-former", "Ada King", "x-former", "a-former", "deleted", AT)
NEW = user(attributes={"externalId": "x-ada"})
BEFORE = world(users=[NEW], released=[DELETED])


def answered(known: World, key: str, value: str | None = None) -> Plan:
    (conflict,) = planned(known).conflicts
    return planned_with(known, TargetRules(), [answer(conflict, key, value)])


def keys(conflict: Conflict) -> str:
    return "".join(each.key for each in conflict.resolutions)


def test_c15_an_account_name_that_was_another_person_s_is_not_given_away_unasked() -> None:
    conflict = only_conflict(planned(BEFORE))
    assert (conflict.kind, conflict.subject) == ("C15", "user:u-ada")
    assert conflict.title == "Account name 'ada' was another person's"
    assert conflict.explanation == (
        "'ada' was the account of Ada King until it was deleted on 2026-01-01. A new account 'ada' may take over what "
        "that one left: pages, mentions, permissions. Ada Lovelace is another person."
    )
    assert conflict.evidence == {
        "account": "ada",
        "was the account of": "Ada King",
        "account id then": "a-former",
        "until": "2026-01-01",
        "id of that user": "x-former",
        "id of the user": "x-ada",
        "proposed": "ada2",
    }
    assert keys(conflict) == "NHX"


def test_c15_so_it_is_with_a_name_that_was_renamed_away() -> None:
    renamed = Released("ada", "Ada", "u-former", "Ada King", None, "a-former", "renamed", AT)
    conflict = only_conflict(planned(world(users=[NEW], released=[renamed])))
    assert "until it got another name on 2026-01-01" in conflict.explanation
    assert conflict.evidence["id of that user"] == "u-former"


def test_c15_the_default_is_another_name() -> None:
    assert steps(answered(BEFORE, "N")) == ["create-account ada2"]


@pytest.mark.parametrize("typed", ["ada", " ada"])
def test_c15_the_name_itself_is_taken_only_if_just_that_is_typed(typed: str) -> None:
    assert steps(answered(BEFORE, "N", typed)) == ["create-account ada"]


def test_c15_an_answer_to_another_conflict_is_no_leave_to_take_it() -> None:
    before = Answer(1, "C05", "user:u-ada", "N", "ada", "account-name")
    assert [each.kind for each in planned_with(BEFORE, TargetRules(), [before]).conflicts] == ["C15"]


def test_c15_skipped_always_the_user_is_left_out() -> None:
    plan = answered(BEFORE, "X")
    assert (plan.changes, plan.conflicts) == ((), ())


def test_c15_an_account_that_has_the_name_again_is_linked_only_by_its_typed_name() -> None:
    there = world(users=[NEW], accounts=[account()], released=[DELETED])
    conflict = only_conflict(planned(there))
    assert (conflict.kind, keys(conflict)) == ("C15", "NHLX")
    assert conflict.resolutions[2].needs == "account"
    assert steps(answered(there, "L", "a-ada")) == ["link-account ada"]
    assert steps(answered(there, "N")) == ["create-account ada2"]


def test_c15_an_account_that_is_theirs_by_immutable_id_is_linked_as_ever() -> None:
    mine = account(external_id="x-ada")
    assert steps(planned(world(users=[NEW], accounts=[mine], released=[DELETED]))) == ["link-account ada"]


@pytest.mark.parametrize(
    "own",
    [
        Released("ada", "ada", "u-ada", "Ada Lovelace", None, "a-1", "deleted", AT),
        Released("ada", "ada", "u-before", "Ada Lovelace", "x-ada", "a-1", "deleted", AT),
    ],
)
def test_who_comes_back_gets_their_own_name_again(own: Released) -> None:
    assert steps(planned(world(users=[NEW], released=[own]))) == ["create-account ada"]


def test_users_without_an_id_at_the_idp_are_told_apart_by_ours() -> None:
    known = world(users=[user()], released=[Released("ada", "ada", "u-x", "Ada", None, "a-1", "deleted", AT)])
    assert only_conflict(planned(known)).kind == "C15"


def released(*names: str) -> Iterable[Released]:
    return [Released(name, name, "u-former", "Ada King", None, f"a-{name}", "deleted", AT) for name in names]


def test_no_name_is_proposed_that_was_another_person_s() -> None:
    conflict = only_conflict(planned(world(users=[NEW], released=released("ada", "ada2"))))
    assert conflict.evidence["proposed"] == "ada3"


def test_what_is_not_created_asks_nothing() -> None:
    plan = planned(BEFORE, UserRules(create=False))
    assert (plan.changes, plan.conflicts) == ((), ())
