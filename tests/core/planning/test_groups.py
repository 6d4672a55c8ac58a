"""Target groups on the fly: which IdP groups are mapped, which are created, and which wait for an admin."""

import pytest

from core.planning.changes import ChangeKind
from core.planning.rules import GroupRules, OnTheFly

from .building import (
    account,
    group,
    kinds,
    link,
    managed,
    only_change,
    only_conflict,
    planned,
    steps,
    target_group,
    user,
    world,
)


def test_an_idp_group_without_target_group_gets_one_of_its_name() -> None:
    change = only_change(planned(world(groups=[group("Jira Users", exchange=4)])))
    assert (change.kind, change.group, change.account) == (ChangeKind.CREATE_GROUP, "Jira Users", None)
    assert (change.before, change.after) == ({}, {"name": "Jira Users"})
    assert change.because.text == "IdP group 'Jira Users' has no group of its name at the target"
    assert change.because.rule == "groups.on_the_fly.create_missing"
    assert (change.because.group_id, change.because.exchange) == ("g-Jira Users", 4)


def test_a_group_is_created_under_the_name_s_one_form() -> None:
    assert steps(planned(world(groups=[group(" Zoe\u0308 ")]))) == ["create-group Zo\u00eb"]


def test_a_target_group_of_that_name_in_any_case_is_the_group() -> None:
    known = world(
        users=[user(groups=["g-STAFF"])],
        groups=[group("STAFF")],
        accounts=[account()],
        target_groups=[target_group("Staff")],
        links=[link()],
    )
    assert steps(planned(known)) == ["add-member ada Staff"]


def test_with_create_missing_off_a_missing_group_is_told_and_its_members_wait() -> None:
    known = world(users=[user(groups=["g-Staff", "g-Dev"])], groups=[group(), group("Dev")], accounts=[account()])
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(create_missing=False)))
    assert (steps(plan), plan.conflicts) == (["link-account ada"], ())
    assert plan.notes == ("Not at the target, and groups.on_the_fly.create_missing is off: 2 groups (Dev, Staff).",)


@pytest.mark.parametrize(
    ("include", "exclude", "mapped"),
    [
        (("*",), (), ["App Dev", "App Ops", "Staff"]),
        (("app *",), (), ["App Dev", "App Ops"]),
        (("App *", "Staff"), ("*OPS",), ["App Dev", "Staff"]),
        ((), (), []),
        (("Nothing",), (), []),
        (("*",), ("*",), []),
    ],
)
def test_include_and_exclude_choose_the_mapped_groups_without_case(
    include: tuple[str, ...], exclude: tuple[str, ...], mapped: list[str]
) -> None:
    known = world(groups=[group("App Dev"), group("App Ops"), group("Staff")])
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(include=include, exclude=exclude)))
    assert [change.group for change in plan.changes] == mapped


def test_include_and_exclude_judge_the_name_that_the_target_group_gets() -> None:
    """A blank at the end, which the target does not keep, gets nothing past them."""
    plan = planned(
        world(groups=[group("x-admins "), group(" Dev")]),
        groups=GroupRules(on_the_fly=OnTheFly(include=("Dev", "x*"), exclude=("*-admins",))),
    )
    assert steps(plan) == ["create-group Dev"]


def test_a_deleted_group_is_not_mapped_and_its_target_group_stays() -> None:
    assert planned(world(groups=[group(deleted=True)])).changes == ()
    known = world(groups=[group(deleted=True)], target_groups=[target_group()])
    assert planned(known).changes == ()


def test_a_deleted_group_s_managed_memberships_go() -> None:
    known = world(
        users=[user()],
        groups=[group(deleted=True)],
        accounts=[account(groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
        managed=[managed()],
    )
    change = only_change(planned(known))
    assert (change.kind, change.because.text) == (ChangeKind.REMOVE_MEMBER, "IdP group 'Staff' is deleted")


def test_a_group_that_came_back_under_a_new_id_takes_the_old_one_s_place() -> None:
    known = world(
        users=[user(groups=["g-new"])],
        groups=[group(id="g-old", deleted=True), group(id="g-new")],
        accounts=[account(groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
        managed=[managed()],
    )
    plan = planned(known)
    assert (plan.changes, plan.conflicts) == ((), ())


# C16: a name that the product refuses


def test_c16_a_group_name_that_the_product_refuses() -> None:
    known = world(
        users=[user(groups=["g-R/D"])], groups=[group("R/D", exchange=8)], accounts=[account()], links=[link()]
    )
    conflict = only_conflict(planned(known))
    assert (conflict.kind, conflict.subject, conflict.group_id, conflict.exchange) == (
        "C16",
        "group:g-R/D",
        "g-R/D",
        8,
    )
    assert conflict.title == "'R/D' is not a valid group name"
    assert conflict.explanation == ("The group's name contains /, which the product refuses. Its members wait with it.")
    assert conflict.evidence == {"group name": "R/D", "problem": "contains /", "proposed": "R-D"}
    assert [answer.key for answer in conflict.resolutions] == ["E", "N", "X"]


def test_c16_the_proposed_group_name_avoids_groups_on_both_sides() -> None:
    known = world(groups=[group("R/D"), group("r-d")], target_groups=[target_group("R-D2")])
    (conflict,) = planned(known).conflicts
    assert conflict.evidence["proposed"] == "R-D3"


def test_c16_a_group_whose_name_is_refused_waits_even_where_the_target_has_it() -> None:
    """Another tool or a directory may have made it; the product's REST still cannot name it."""
    known = world(
        users=[user(groups=["g-R/D"])],
        groups=[group("R/D")],
        accounts=[account()],
        target_groups=[target_group("R/D")],
        links=[link()],
    )
    assert only_conflict(planned(known)).kind == "C16"


# C22: several IdP groups are one name


def test_c22_groups_of_one_name_wait_for_an_answer() -> None:
    known = world(groups=[group("Staff"), group("STAFF ")])
    plan = planned(known)
    assert plan.changes == ()
    assert kinds(plan) == [("C22", "group:g-STAFF "), ("C22", "group:g-Staff")]
    conflict = plan.conflicts[1]
    assert conflict.title == "2 IdP groups are named 'Staff'"
    assert conflict.explanation == (
        "'Staff' is the same name at the target as 'STAFF ' (g-STAFF ). Their members stay as they are."
    )
    assert conflict.evidence == {"group name": "Staff", "id": "g-Staff", "others": "'STAFF ' (g-STAFF )"}
    assert [answer.key for answer in conflict.resolutions] == ["E", "N", "M", "X"]


def test_c22_the_first_five_others_are_named_with_their_ids_and_the_rest_counted() -> None:
    plan = planned(world(groups=[group(id=f"12345678-{number}") for number in range(8)]))
    assert [conflict.evidence["others"].count("(12345678-") for conflict in plan.conflicts] == [5] * 8
    assert all(conflict.evidence["others"].endswith(" and 2 more") for conflict in plan.conflicts)
    assert plan.conflicts[0].title == "8 IdP groups are named 'Staff'"
    assert plan.conflicts[0].resolutions[1].consequence == (
        "Maps this group to a name you give, such as 'Staff 12345678'."
    )


def test_c22_only_mapped_groups_count() -> None:
    known = world(groups=[group("Staff"), group("STAFF", deleted=True)])
    assert steps(planned(known)) == ["create-group Staff"]


def test_c22_an_invalid_name_is_told_once_there_is_one_group_of_it() -> None:
    plan = planned(world(groups=[group("R/D", id="g-1"), group("r/d", id="g-2")]))
    assert kinds(plan) == [("C22", "group:g-1"), ("C22", "group:g-2")]


# Frozen groups: members stay while an admin, or a rule, holds the group


@pytest.mark.parametrize("keep", [True, False])
def test_members_of_groups_of_one_name_stay_as_they_are(keep: bool) -> None:
    """Nobody is added, and nobody that was added before is removed."""
    known = world(
        users=[user(groups=["g-1"]), user("bob", display_name="Ada Lovelace", email="ada@example.com")],
        groups=[group("Staff", id="g-1"), group("staff", id="g-2")],
        accounts=[account(), account("bob", groups=["staff"])],
        target_groups=[target_group()],
        links=[link(), link("bob")],
        managed=[managed("bob")],
    )
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(keep_existing_groups=keep)))
    assert (plan.changes, len(plan.conflicts)) == ((), 2)


@pytest.mark.parametrize("keep", [True, False])
def test_members_of_a_group_with_an_invalid_name_stay_as_they_are(keep: bool) -> None:
    known = world(
        users=[user()],
        groups=[group("R/D")],
        accounts=[account(groups=["r/d"])],
        target_groups=[target_group("R/D")],
        links=[link()],
        managed=[managed(group_key="r/d")],
    )
    assert (
        only_conflict(planned(known, groups=GroupRules(on_the_fly=OnTheFly(keep_existing_groups=keep)))).kind == "C16"
    )


def test_a_frozen_group_holds_up_no_other() -> None:
    known = world(
        users=[user(groups=["g-1", "g-Dev"])],
        groups=[group(id="g-1"), group(id="g-2"), group("Dev")],
        accounts=[account()],
        links=[link()],
    )
    assert steps(planned(known)) == ["create-group Dev", "add-member ada Dev"]


# Mode off


def test_with_mode_off_groups_and_memberships_are_left_alone_and_accounts_are_not() -> None:
    known = world(
        users=[user(groups=["g-Staff"]), user("bob", deleted=True)],
        groups=[group(), group("STAFF"), group("R/D")],
        accounts=[account("bob", groups=["staff"])],
        target_groups=[target_group()],
        links=[link("bob")],
        managed=[managed("bob")],
    )
    plan = planned(known, groups=GroupRules(mode="off"))
    assert (steps(plan), plan.conflicts) == (["deactivate-account bob", "create-account ada"], ())


# Touched groups


def test_only_touched_groups_and_those_of_the_users_are_planned() -> None:
    names = ("Staff", "Dev", "Ops", "R/D")
    known = world(users=[user(groups=["g-Dev"])], groups=map(group, names), accounts=[account()], links=[link()])
    assert steps(planned(known)) == ["create-group Dev", "create-group Ops", "create-group Staff", "add-member ada Dev"]
    touched = world(
        users=known.users, groups=known.groups, accounts=known.accounts, links=known.links, touched_groups=["g-Ops"]
    )
    plan = planned(touched)
    assert (steps(plan), plan.conflicts) == (["create-group Dev", "create-group Ops", "add-member ada Dev"], ())


def test_a_touched_group_s_namesakes_are_planned_with_it_since_they_decide_each_other() -> None:
    """Two groups of one name are a conflict of both; once one is deleted, the other gets its target group."""
    other = group("STAFF", id="g-2")
    both = world(groups=[group(), other], touched_groups=["g-Staff"])
    assert kinds(planned(both)) == [("C22", "group:g-2"), ("C22", "group:g-Staff")]
    one = world(groups=[group(deleted=True), other], touched_groups=["g-Staff"])
    assert steps(planned(one)) == ["create-group STAFF"]
