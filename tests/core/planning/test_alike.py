"""Accounts that look like the same person's: asked for before a new one is made, with the reasons (C04)."""

import pytest

from core.planning.alike import Alikes
from core.planning.changes import Conflict, Plan
from core.planning.lookup import lookup
from core.planning.mapping import map_user
from core.planning.names import display_key
from core.planning.rules import TargetRules, UserRules
from core.planning.values import Account, SourceUser, World

from .building import account, kinds, link, only_conflict, planned, steps, user, world
from .test_answers import answer
from .test_answers import planned as planned_with

NEW = user("alovelace", display_name="Zoë  Lovelace", email="zoe@example.com")
SAME_NAME = account("z.lovelace", display_name="zoe lovelace", email=None)
SAME_MAIL = account("zl", display_name="Z. L.", email="ZOE@example.com")
LOCAL_PART = account("zoe", display_name="Somebody", email=None)
NOBODY = account("eve", display_name="Eve", email="eve@example.com")


def of(*accounts: Account, user: SourceUser = NEW) -> World:
    return world(users=[user], accounts=accounts)


def answered(known: World, key: str, value: str | None = None) -> Plan:
    (conflict,) = planned(known).conflicts
    return planned_with(known, TargetRules(), [answer(conflict, key, value)])


def keys(conflict: Conflict) -> str:
    return "".join(each.key for each in conflict.resolutions)


@pytest.mark.parametrize(
    ("alike", "reason"),
    [
        (SAME_NAME, "30: same display name"),
        (SAME_MAIL, "60: same e-mail address"),
        (LOCAL_PART, "30: named like the address"),
    ],
)
def test_c04_an_account_that_looks_like_the_user_s_is_asked_for(alike: Account, reason: str) -> None:
    conflict = only_conflict(planned(of(NOBODY, alike)))
    assert (conflict.kind, conflict.subject) == ("C04", "user:u-alovelace")
    assert conflict.title == f"Zoë  Lovelace may have an account: '{alike.name}'"
    assert conflict.evidence["candidates"] == f"{alike.name} ({reason})"
    assert (conflict.evidence["account"], conflict.evidence["new account"]) == (alike.name, "alovelace")
    assert keys(conflict) == "LNHX"


def test_c04_candidates_are_ranked_by_all_that_they_have_in_common() -> None:
    both = account("zoe", display_name="Zoe Lovelace", email="zoe@example.com")
    conflict = only_conflict(planned(of(SAME_NAME, both, SAME_MAIL)))
    assert conflict.evidence["candidates"] == (
        "zoe (100: same e-mail address, same display name, named like the address), "
        "zl (60: same e-mail address), z.lovelace (30: same display name)"
    )
    assert conflict.resolutions[0].needs == "account"
    assert conflict.resolutions[0].proposed is None, "several may be theirs: one must be named"


def test_c04_the_account_can_be_linked() -> None:
    assert steps(answered(of(SAME_NAME), "L"))[0] == "link-account z.lovelace"


def test_c04_a_new_account_can_be_made_all_the_same() -> None:
    plan = answered(of(SAME_NAME, SAME_MAIL), "N")
    assert (steps(plan), plan.conflicts) == (["create-account alovelace"], ())


def test_c04_skipped_always_the_user_is_left_out() -> None:
    plan = answered(of(SAME_NAME), "X")
    assert (plan.changes, plan.conflicts) == ((), ())


def test_rules_can_say_that_nobody_is_asked() -> None:
    assert steps(planned(of(SAME_NAME), UserRules(alike="ignore"))) == ["create-account alovelace"]


def test_the_account_of_somebody_else_is_no_candidate() -> None:
    known = world(users=[NEW, user("eve", display_name="E", email=None)], accounts=[SAME_NAME], links=[])
    linked = world(users=known.users, accounts=[SAME_NAME], links=[link("eve", "z.lovelace")])
    assert ("C04", "user:u-alovelace") in kinds(planned(known))
    assert ("C04", "user:u-alovelace") not in kinds(planned(linked))


def test_who_is_linked_already_is_asked_for_nothing() -> None:
    mine = account("mine", display_name="Zoë  Lovelace", email="zoe@example.com")
    known = world(users=[NEW], accounts=[mine, SAME_NAME], links=[link("alovelace", "mine")])
    assert planned(known, UserRules(rename=False)).conflicts == ()


def test_a_user_without_display_name_or_address_looks_like_nobody() -> None:
    blank = Account("a-blank", "blank", "blank", "", None, True)
    known = world(users=[user("new", display_name=None, email=None)], accounts=[blank])
    found = Alikes(lookup(known), UserRules())
    assert found.candidates(map_user(known.users[0], UserRules())) == []


def test_the_answer_to_another_conflict_that_showed_an_account_is_not_asked_again() -> None:
    known = world(users=[user()], accounts=[account()])
    by_id = TargetRules(UserRules(matching=("id",)))
    (conflict,) = planned_with(known, by_id).conflicts
    assert conflict.kind == "C01"
    assert planned_with(known, by_id, [answer(conflict, "N", "ada.new")]).conflicts == ()


def test_who_takes_another_name_since_theirs_is_somebody_s_is_not_asked_whether_the_two_are_one_person() -> None:
    taken = account("zoe", display_name="Zoë Lovelace", email="zoe@example.com")
    new = user("zoe", id="u-new", display_name="Zoë Lovelace", email="zoe@example.com")
    known = world(users=[new, user("old")], accounts=[taken], links=[link("old", "zoe")])
    (conflict,) = planned(known).conflicts
    assert conflict.kind == "C10"
    released = world(users=[new], accounts=[taken])
    plan = planned_with(released, TargetRules(), [answer(conflict, "N", "zoe.new")])
    assert (steps(plan), plan.conflicts) == (["create-account zoe.new"], ())


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zoë Lovelace", "ZOE  lovelace "), ("Ångström", "angstrom"), ("Jürgen", "Ju\u0308rgen"), ("STRASSE", "straße")],
)
def test_display_names_are_one_whatever_their_case_accents_and_spaces(one: str, other: str) -> None:
    assert display_key(one) == display_key(other)
