"""Answers of admins: each does what it says to the subject of its conflict, and nothing to anybody else."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from core.planning.answers import Answer, is_once, with_answers
from core.planning.changes import ChangeKind, Conflict, Plan
from core.planning.plan import plan
from core.planning.resolutions import offered
from core.planning.rules import ANSWER, GroupMap, GroupRules, OnTheFly, TargetRules, UserRules, ValueRule
from core.planning.values import Capabilities, GroupLink, World

from .building import CONFLUENCE, account, component, group, link, managed, project, steps, target_group, user, world

ABLE = Capabilities(names=CONFLUENCE, rename_user=None)


def planned(known: World, rules: TargetRules, answers: Iterable[Answer] = ()) -> Plan:
    return plan(known, with_answers(rules, answers))


def answered(
    known: World, key: str, value: str | None = None, rules: TargetRules | None = None, subject: str | None = None
) -> Plan:
    """The plan after the answer of this key was given to the first conflict (about `subject`)."""
    rules = rules or TargetRules()
    conflict = next(each for each in planned(known, rules).conflicts if subject in (None, each.subject))
    return planned(known, rules, [answer(conflict, key, value)])


def answer(conflict: Conflict, key: str, value: str | None = None, number: int = 1) -> Answer:
    (chosen,) = [resolution for resolution in offered(conflict) if resolution.key == key]
    return Answer(number, conflict.kind, conflict.subject, key, value or chosen.proposed, chosen.needs)


BY_ID = TargetRules(users=UserRules(matching=("id",)))


def test_c01_link_takes_the_account_that_is_there() -> None:
    plan = answered(world(users=[user()], accounts=[account()]), "L", rules=BY_ID)
    assert steps(plan) == ["link-account ada"]
    assert plan.changes[0].because.rule == ANSWER
    assert plan.changes[0].because.text == "An admin answered that 'ada' is the account of Ada Lovelace"


def test_c01_create_under_another_name_leaves_the_account_alone() -> None:
    plan = answered(world(users=[user()], accounts=[account()]), "N", "ada.lovelace", BY_ID)
    assert steps(plan) == ["create-account ada.lovelace"]
    assert plan.conflicts == ()


def test_c02_of_several_accounts_the_chosen_one_is_linked() -> None:
    rules = TargetRules(users=UserRules(matching=("email",)))
    known = world(users=[user()], accounts=[account("first"), account("second")])
    plan = answered(known, "L", "a-second", rules)
    assert steps(plan) == ["link-account second"]


def test_c03_the_account_goes_to_one_and_the_others_are_asked_for_themselves() -> None:
    rules = TargetRules(users=UserRules(matching=("email",)))
    known = world(users=[user("ada"), user("eve")], accounts=[account("shared")])
    plan = answered(known, "L", rules=rules, subject="user:u-ada")
    assert steps(plan) == ["link-account shared", "create-account eve"]


TAKEN = world(users=[user(), user("Ada", id="u-2")], accounts=[account()], links=[link()])


def test_c10_an_account_can_be_taken_from_another_user_who_is_then_asked_for() -> None:
    plan = answered(TAKEN, "L", subject="user:u-2")
    assert (steps(plan), plan.changes[0].user_id) == (["link-account ada"], "u-2")
    assert [(each.kind, each.subject) for each in plan.conflicts] == [("C10", "user:u-ada")]


def test_c10_a_plan_about_the_one_who_loses_it_alone_leaves_it_to_them() -> None:
    alone = replace(TAKEN, users=TAKEN.users[:1])
    taking = Answer(1, "C10", "user:u-2", "L", "a-ada")
    plan = planned(alone, TargetRules(), [taking])
    assert (plan.changes, plan.conflicts) == ((), ())


def test_c10_the_account_of_a_leaver_can_be_taken_and_is_not_deactivated_then() -> None:
    left = replace(TAKEN, users=(user(active=False), user("Ada", id="u-2")))
    assert steps(answered(left, "L", subject="user:u-2")) == ["link-account ada"]


def test_c12_the_account_can_get_another_name_than_the_one_that_is_taken() -> None:
    known = world(
        users=[user("bob", id="u-ada")], accounts=[account(), account("bob")], links=[link()], capabilities=ABLE
    )
    assert steps(answered(known, "N", "bob.ada", subject="user:u-ada")) == ["rename-account ada"]


def test_an_account_that_was_given_is_nobody_else_s_by_name() -> None:
    known = world(users=[user("ada"), user("eve")], accounts=[account("ada")])
    given = Answer(1, "C02", "user:u-eve", "L", "a-ada")
    plan = planned(known, TargetRules(), [given])
    assert steps(plan) == ["link-account ada"]
    assert [(each.kind, each.subject) for each in plan.conflicts] == [("C10", "user:u-ada")]


def test_an_account_given_to_two_is_the_first_one_s() -> None:
    known = world(users=[user("ada"), user("eve")], accounts=[account("shared", email=None)])
    given = [Answer(number, "C02", f"user:u-{name}", "L", "a-shared") for number, name in enumerate(("eve", "ada"))]
    assert steps(planned(known, TargetRules(), given)) == ["link-account shared", "create-account eve"]


def test_c05_a_name_that_is_given_needs_no_rule() -> None:
    rules = TargetRules(users=UserRules(username=ValueRule("userName", match="@", no_match="ignore")))
    assert steps(answered(world(users=[user()]), "N", "ada.l", rules)) == ["create-account ada.l"]


VANISHED = world(users=[user()], accounts=[account("other", id="a-other", email="o@x")], links=[link()])


def test_c06_a_vanished_account_is_created_again() -> None:
    assert steps(answered(VANISHED, "N")) == ["create-account ada"]


def test_c06_another_account_takes_the_place_of_a_vanished_one() -> None:
    plan = answered(VANISHED, "L", "a-other")
    assert steps(plan)[0] == "link-account other"
    assert plan.conflicts == ()


def test_c06_a_vanished_account_is_let_go_after_a_complete_read_only() -> None:
    renewed = [Answer(1, "C06", "user:u-ada", "N", "ada")]
    plan = planned(replace(VANISHED, target_complete=False), TargetRules(), renewed)
    assert plan.changes == ()


TAKEN = world(users=[user("ada"), user("Ada", id="u-2")], accounts=[account()], links=[link()])


def test_c10_create_under_another_name() -> None:
    assert "create-account ada2" in steps(answered(TAKEN, "N"))


def test_c10_skip_always_leaves_the_user_out_and_says_so() -> None:
    plan = answered(TAKEN, "X")
    assert plan.conflicts == ()
    assert plan.notes == ("Left out, as an admin answered to a conflict: 1 user (Ada).",)


def test_c12_keep_the_name() -> None:
    known = world(
        users=[user("ada.king", id="u-ada"), user("eve")],
        accounts=[account(), account("ada.king", email="k@x")],
        links=[link(), link("eve", "ada.king")],
        capabilities=ABLE,
    )
    assert "rename-account ada" not in steps(answered(known, "K", subject="user:u-ada"))
    assert "C12" not in [each.kind for each in answered(known, "K", subject="user:u-ada").conflicts]


def test_c14_one_of_two_gets_another_name_and_frees_the_other() -> None:
    known = world(users=[user("ada"), user("ADA", id="u-2", email="a2@x")])
    plan = answered(known, "N", "ada.two", subject="user:u-2")
    assert steps(plan) == ["create-account ada", "create-account ada.two"]


REUSED = world(users=[user(attributes={"externalId": "x2"})], accounts=[account(external_id="x1")])


def test_c15_a_name_that_was_another_person_s_is_no_match() -> None:
    (conflict,) = planned(REUSED, TargetRules()).conflicts
    assert (conflict.kind, conflict.title) == ("C15", "Account 'ada' was another person's")
    assert (conflict.evidence["id kept there"], conflict.evidence["id of the user"]) == ("x1", "x2")
    assert [each.key for each in conflict.resolutions] == ["N", "H", "L"]


def test_c15_it_is_linked_once_an_admin_says_so_or_another_is_made() -> None:
    assert steps(answered(REUSED, "L", "a-ada")) == ["link-account ada"]
    assert steps(answered(REUSED, "N")) == ["create-account ada2"]


def test_c16_another_account_name_and_another_display_name() -> None:
    names = Capabilities(names=CONFLUENCE)
    bad_name = world(users=[user("a+b")], capabilities=names)
    assert steps(answered(bad_name, "N", "ab")) == ["create-account ab"]
    bad_display = world(users=[user(display_name="<Ada>")], capabilities=names)
    (change,) = answered(bad_display, "N").changes
    assert change.after["display_name"] == "Ada"


def test_c16_another_group_name() -> None:
    known = world(users=[user(groups=["g-R/D"])], groups=[group("R/D")], capabilities=Capabilities(names=CONFLUENCE))
    plan = answered(known, "N")
    assert steps(plan) == ["create-group R-D", "create-account ada", "add-member ada R-D"]


def test_skip_always_leaves_a_group_out() -> None:
    known = world(users=[user(groups=["g-R/D"])], groups=[group("R/D")], capabilities=Capabilities(names=CONFLUENCE))
    plan = answered(known, "X")
    assert (steps(plan), plan.conflicts) == (["create-account ada"], ())


SAME = world(
    users=[user("ada", groups=["g-1"]), user("eve", groups=["g-2"])], groups=[group(id="g-1"), group(id="g-2")]
)


def test_c22_two_groups_of_one_name_are_merged() -> None:
    plan = answered(SAME, "M")
    assert sorted(steps(plan)) == [
        "add-member ada Staff",
        "add-member eve Staff",
        "create-account ada",
        "create-account eve",
        "create-group Staff",
        "link-group Staff",
    ]
    assert plan.conflicts == ()


def test_c22_one_of_two_groups_of_one_name_is_mapped_to_another() -> None:
    plan = answered(SAME, "N", "Staff two", subject="group:g-2")
    assert {"add-member ada Staff", "add-member eve Staff two"} <= set(steps(plan))
    assert plan.conflicts == ()


BY_HAND = TargetRules(groups=GroupRules(mode="manual", map=(GroupMap(("Staff",), ("staff-here",)),)))


def test_c22_two_groups_that_a_mapping_names_are_merged() -> None:
    known = replace(SAME, target_groups=(target_group("staff-here"),))
    plan = answered(known, "M", rules=BY_HAND)
    assert {"add-member ada staff-here", "add-member eve staff-here"} <= set(steps(plan))
    assert plan.conflicts == ()


FOLDING = TargetRules(groups=GroupRules(on_the_fly=OnTheFly(match="^(...).*$", replace="$1")))
FOLDED = world(users=[user(groups=["g-devA"])], groups=[group("devA"), group("devB")])


def test_c23_groups_that_a_rule_folds_are_merged() -> None:
    plan = answered(FOLDED, "M", rules=FOLDING)
    assert "create-group dev" in steps(plan)
    assert plan.conflicts == ()


def test_c23_one_of_the_folded_groups_is_mapped_to_another_name() -> None:
    plan = answered(FOLDED, "N", "dev-a", FOLDING, subject="group:g-devA")
    assert {"create-group dev", "create-group dev-a", "add-member ada dev-a"} <= set(steps(plan))
    assert plan.conflicts == ()


@pytest.mark.parametrize(
    "rules",
    [
        BY_HAND,
        TargetRules(groups=GroupRules(default_for_all=("staff-here",))),
    ],
)
def test_c24_a_missing_group_is_created_once_an_admin_says_so(rules: TargetRules) -> None:
    known = world(users=[user(groups=["g-Staff"])], groups=[group()] if rules is BY_HAND else [])
    assert "create-group staff-here" in steps(answered(known, "N", rules=rules))


def test_c25_members_go_once_an_admin_has_approved() -> None:
    known = world(
        users=[user()],
        accounts=[account(groups=["staff-here"])],
        links=[link()],
        target_groups=[target_group("staff-here")],
        managed=[managed("ada", "staff-here")],
    )
    assert "remove-member ada staff-here" not in steps(planned(known, BY_HAND))
    assert "remove-member ada staff-here" in steps(answered(known, "A", rules=BY_HAND))


def test_c26_both_groups_of_a_name_feed_the_target_group() -> None:
    known = world(
        users=[user(groups=["g-new"])],
        groups=[group("Crew", id="g-old"), group("Staff", id="g-new")],
        target_groups=[target_group("Staff")],
        group_links=[GroupLink("g-old", "staff", "Staff")],
    )
    assert [each.kind for each in planned(known, TargetRules()).conflicts] == ["C26"]
    assert "add-member ada Staff" in steps(answered(known, "M"))
    assert "create-group Staff two" in steps(answered(known, "N", "Staff two"))


PROTECTING = TargetRules(users=UserRules(protect=("ada",)), groups=GroupRules(protect=("Staff",)))


def test_c29_a_protected_account_changes_this_once() -> None:
    known = world(users=[user(display_name="Ada King")], accounts=[account()], links=[link()])
    assert steps(planned(known, PROTECTING)) == []
    assert steps(answered(known, "A", rules=PROTECTING)) == ["update-account ada"]


def test_c29_a_protected_group_changes_this_once() -> None:
    known = world(users=[user("eve", groups=["g-Staff"])], groups=[group()], target_groups=[target_group()])
    assert "add-member eve Staff" in steps(answered(known, "A", rules=PROTECTING))


LEAVING = world(
    users=[user(active=False)],
    accounts=[account(), account("bob", email="b@x")],
    links=[link()],
    capabilities=Capabilities(leads=None),
    leads=[project("ABC", "ada"), component("7", "ada", project="ABC")],
)


def test_c30_all_that_a_leaver_leads_goes_to_whom_an_admin_names() -> None:
    plan = answered(LEAVING, "T", "Bob")
    assert steps(plan) == ["move-lead ada", "move-lead ada", "deactivate-account ada"]
    assert {change.because.rule for change in plan.changes if change.kind == ChangeKind.MOVE_LEAD} == {ANSWER}


def test_c30_whoever_cannot_lead_takes_nothing_over() -> None:
    plan = answered(LEAVING, "T", "nobody")
    assert [each.kind for each in plan.conflicts] == ["C30"]


def test_of_two_answers_about_one_thing_the_latest_counts() -> None:
    given = [Answer(2, "C14", "user:u-ada", "N", "second"), Answer(1, "C14", "user:u-ada", "N", "first")]
    assert steps(planned(world(users=[user()]), TargetRules(), given)) == ["create-account second"]


@pytest.mark.parametrize(
    ("kind", "key", "once"),
    [
        ("C01", "L", True),
        ("C29", "A", True),
        ("C30", "T", True),
        ("C06", "N", True),
        ("C24", "N", True),
        ("C04", "N", True),
        ("C10", "N", False),
        ("C10", "L", True),
        ("C37", "K", False),
        ("C41", "K", False),
        ("C10", "X", False),
        ("C12", "K", False),
        ("C23", "M", False),
    ],
)
def test_what_was_carried_out_is_over_but_for_what_stays_given(kind: str, key: str, once: bool) -> None:
    assert is_once(kind, key) is once


def test_every_conflict_can_be_held_skipped_and_tried_again() -> None:
    (conflict,) = planned(TAKEN, TargetRules()).conflicts
    assert {"H", "S", "R"} <= {each.key for each in offered(conflict)}
    assert offered(conflict)[: len(conflict.resolutions)] == conflict.resolutions
