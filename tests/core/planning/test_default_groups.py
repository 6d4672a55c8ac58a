"""`groups.default_for_all` and `groups.default_for_new`: groups that no IdP group gives."""

from dataclasses import replace

import pytest

from core.planning.changes import ChangeKind, Plan
from core.planning.rules import GroupMap, GroupMode, GroupRules, OnTheFly, UserRules
from core.planning.values import Link

from .building import (
    account,
    group,
    group_link,
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

FOR_ALL = GroupRules(default_for_all=("Everybody",))
FOR_NEW = GroupRules(default_for_new=("Welcome",))
TARGET_GROUPS = (target_group("Everybody"), target_group("Welcome"), target_group())

LINKED = world(users=[user()], accounts=[account()], target_groups=TARGET_GROUPS, links=[link()])
"""One user with an account that is in no group."""
NEW_LINK = Link("u-ada", "a-ada", "ada", is_new=True)


# default_for_all


def test_default_for_all_adds_every_user_s_account() -> None:
    change = only_change(planned(LINKED, groups=FOR_ALL))
    assert (change.kind, change.account, change.group) == (ChangeKind.ADD_MEMBER, "ada", "Everybody")
    assert change.after == {"member": True}
    assert (change.because.rule, change.because.group_id, change.because.user_id) == (
        "groups.default_for_all",
        None,
        "u-ada",
    )


def test_default_for_all_adds_a_new_account() -> None:
    known = world(users=[user()], target_groups=TARGET_GROUPS)
    assert steps(planned(known, groups=FOR_ALL)) == ["create-account ada", "add-member ada Everybody"]


def test_default_for_all_leaves_members_as_they_are() -> None:
    known = replace(LINKED, accounts=(account(groups=["everybody"]),))
    assert planned(known, groups=FOR_ALL) == Plan((), ())


def test_default_for_all_adds_no_leaver() -> None:
    known = replace(LINKED, users=(user(active=False),), accounts=(account(active=False),))
    assert planned(known, groups=FOR_ALL) == Plan((), ())


@pytest.mark.parametrize("mode", ["on-the-fly", "off"])
def test_a_deleted_user_leaves_what_default_for_all_gave(mode: GroupMode) -> None:
    known = replace(
        LINKED,
        users=(user(deleted=True),),
        accounts=(account(active=False, groups=["everybody"]),),
        managed=frozenset({managed(group_key="everybody")}),
    )
    assert steps(planned(known, groups=replace(FOR_ALL, mode=mode))) == ["remove-member ada Everybody"]


def test_without_default_for_all_any_more_its_memberships_go() -> None:
    known = replace(
        LINKED, accounts=(account(groups=["everybody"]),), managed=frozenset({managed(group_key="everybody")})
    )
    assert steps(planned(known, groups=GroupRules())) == ["remove-member ada Everybody"]


def test_an_account_without_user_is_in_no_default_group() -> None:
    known = world(accounts=[account()], target_groups=TARGET_GROUPS)
    assert planned(known, groups=FOR_ALL) == Plan((), ())


def test_a_mapping_is_told_before_default_for_all() -> None:
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[group()],
        accounts=[account()],
        target_groups=TARGET_GROUPS,
        links=[link()],
    )
    change = only_change(planned(known, groups=GroupRules(default_for_all=("staff",))))
    assert (change.because.rule, change.because.group_id) == ("groups.on_the_fly", "g-Staff")


# default_for_new


def test_default_for_new_adds_an_account_that_this_plan_creates_and_does_not_manage_it() -> None:
    plan = planned(world(users=[user()], target_groups=TARGET_GROUPS), groups=FOR_NEW)
    assert steps(plan) == ["create-account ada", "add-member ada Welcome"]
    assert plan.changes[1].after == {"member": True, "managed": False}
    assert plan.changes[1].because.rule == "groups.default_for_new"


def test_default_for_new_adds_an_account_that_was_created_and_not_given_them_yet() -> None:
    known = replace(LINKED, links=(NEW_LINK,))
    assert steps(planned(known, groups=FOR_NEW)) == ["add-member ada Welcome"]


def test_default_for_new_leaves_other_accounts_alone() -> None:
    assert planned(LINKED, groups=FOR_NEW) == Plan((), ())


def test_default_for_new_leaves_an_account_alone_that_was_there_before_it_was_linked() -> None:
    known = replace(LINKED, links=())
    assert steps(planned(known, groups=FOR_NEW)) == ["link-account ada"]


def test_whom_somebody_takes_out_of_a_default_for_new_is_not_put_back_and_who_is_in_stays() -> None:
    for groups in ((), ("welcome",)):
        known = replace(LINKED, accounts=(account(groups=groups),))
        assert planned(known, groups=FOR_NEW) == Plan((), ())


def test_what_default_for_all_gives_too_is_managed() -> None:
    rules = GroupRules(default_for_new=("Everybody",), default_for_all=("Everybody",))
    change = only_change(planned(replace(LINKED, links=(NEW_LINK,)), groups=rules))
    assert (change.after, change.because.rule) == ({"member": True}, "groups.default_for_all")


# Missing groups, modes


@pytest.mark.parametrize("rules", [FOR_ALL, FOR_NEW])
def test_c24_a_missing_default_group_waits(rules: GroupRules) -> None:
    known = replace(LINKED, target_groups=(), links=(NEW_LINK,))
    conflict = only_conflict(planned(known, groups=rules))
    (name,) = rules.default_for_all + rules.default_for_new
    assert (conflict.kind, conflict.subject) == ("C24", f"target-group:{name.lower()}")
    assert conflict.evidence["rule"] in ("groups.default_for_all", "groups.default_for_new")


def test_with_create_missing_a_missing_default_group_is_created() -> None:
    known = replace(LINKED, target_groups=())
    plan = planned(known, groups=replace(FOR_ALL, create_missing=True))
    assert steps(plan) == ["create-group Everybody", "add-member ada Everybody"]
    assert plan.changes[0].because.rule == "groups.default_for_all"


def test_a_default_group_that_an_idp_group_gets_anyway_is_created_once() -> None:
    known = replace(LINKED, groups=(group("Everybody"),), target_groups=())
    plan = planned(known, groups=FOR_ALL)
    assert steps(plan) == ["create-group Everybody", "add-member ada Everybody"]


def test_a_group_that_a_map_and_a_default_name_is_one_conflict() -> None:
    rules = GroupRules(mode="manual", map=(GroupMap(("Staff",), ("Everybody",)),), default_for_all=("everybody",))
    known = replace(LINKED, groups=(group(),), target_groups=())
    assert kinds(planned(known, groups=rules)) == [("C24", "target-group:everybody")]


def test_c16_a_default_group_s_name_that_the_product_refuses() -> None:
    conflict = only_conflict(planned(LINKED, groups=GroupRules(default_for_all=("R/D",), create_missing=True)))
    assert (conflict.kind, conflict.subject) == ("C16", "target-group:r/d")


def test_with_mode_off_defaults_still_apply_and_all_else_is_left_alone() -> None:
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[group(), group("Dev")],
        accounts=[account(groups=["dev"])],
        target_groups=[*TARGET_GROUPS, target_group("Dev")],
        links=[link()],
        managed=[managed(group_key="dev")],
        group_links=[group_link("Staff")],
    )
    assert steps(planned(known, groups=replace(FOR_ALL, mode="off"))) == ["add-member ada Everybody"]


def test_a_frozen_default_group_still_gets_its_members() -> None:
    """The conflict is about who the IdP's members of it are."""
    known = replace(LINKED, groups=(group("Everybody", id="g-1"), group("everybody", id="g-2")))
    plan = planned(known, groups=FOR_ALL)
    assert (steps(plan), kinds(plan)) == (["add-member ada Everybody"], [("C22", "group:g-1"), ("C22", "group:g-2")])


def test_users_create_off_gives_defaults_to_nobody_new() -> None:
    known = world(users=[user()], target_groups=TARGET_GROUPS)
    assert planned(known, UserRules(create=False), replace(FOR_NEW, default_for_all=("Everybody",))).changes == ()


def test_a_new_account_is_not_put_into_a_group_that_the_idp_s_groups_alone_fill() -> None:
    """The next plan would take it out again."""
    known = replace(
        LINKED,
        links=(NEW_LINK,),
        groups=(group("Welcome"),),
        group_links=(group_link("Welcome"),),
    )
    rules = GroupRules(default_for_new=("Welcome",), on_the_fly=OnTheFly(keep_existing_groups=False))
    assert planned(known, groups=rules).changes == ()
