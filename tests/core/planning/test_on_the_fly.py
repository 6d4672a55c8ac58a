"""`groups.on_the_fly`: names made by a rule, groups that share a target group, and links to what was there."""

import pytest

from core.planning.changes import ChangeKind, Plan
from core.planning.rules import Case, GroupRules, NoGroupMatch, OnTheFly
from core.planning.values import SourceGroup

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

APP = OnTheFly(match="^App (.+)$", replace="$1")


def names(groups: list[SourceGroup], rules: OnTheFly) -> list[str | None]:
    """Names of the target groups that are created."""
    return [change.group for change in planned(world(groups=groups), groups=GroupRules(on_the_fly=rules)).changes]


# match, replace, case, no_match


@pytest.mark.parametrize(
    ("match", "replace", "made"),
    [
        (None, "$0", "App Dev"),
        (None, "x-$0", "x-App Dev"),
        ("^App (.+)$", "$1", "Dev"),
        ("^(\\w+) (\\w+)$", "${2}-$1", "Dev-App"),
        ("^App ", "jira-", "jira-"),
        ("Dev", "$$", "$"),
    ],
)
def test_match_and_replace_make_the_target_group_s_name(match: str | None, replace: str, made: str) -> None:
    assert names([group("App Dev")], OnTheFly(match=match, replace=replace)) == [made]


@pytest.mark.parametrize(("case", "made"), [("keep", "App Dev"), ("lower", "app dev"), ("upper", "APP DEV")])
def test_case_is_applied_to_the_name(case: Case, made: str) -> None:
    assert names([group("App Dev")], OnTheFly(case=case)) == [made]


@pytest.mark.parametrize(("no_match", "made"), [("pass", ["Staff"]), ("skip-group", [])])
def test_no_match_takes_the_name_as_it_is_or_leaves_the_group_out(no_match: NoGroupMatch, made: list[str]) -> None:
    assert names([group("Staff")], OnTheFly(match="^App (.+)$", replace="$1", no_match=no_match)) == made


def test_a_group_that_no_match_leaves_out_is_told() -> None:
    rules = OnTheFly(match="^App ", no_match="skip-group")
    (note,) = planned(world(groups=[group("Staff")]), groups=GroupRules(on_the_fly=rules)).notes
    assert note == (
        'Left out, because groups.on_the_fly.match does not match and no_match is "skip-group": 1 group (Staff).'
    )


def test_include_and_exclude_judge_the_idp_group_s_own_name() -> None:
    rules = OnTheFly(include=("App *",), exclude=("*Ops",), match="^App (.+)$", replace="$1")
    assert names([group("App Dev"), group("App Ops"), group("Dev 2")], rules) == ["Dev"]


def test_a_name_that_the_rule_makes_blank_is_c16() -> None:
    plan = planned(world(groups=[group("App ")]), groups=GroupRules(on_the_fly=OnTheFly(match="App ?", replace="")))
    conflict = only_conflict(plan)
    assert (conflict.kind, conflict.subject) == ("C16", "group:g-App ")
    assert conflict.evidence["problem"] == "is blank"


def test_c16_a_made_name_that_the_product_refuses() -> None:
    plan = planned(world(groups=[group("App Dev")]), groups=GroupRules(on_the_fly=OnTheFly(match=" ", replace="/")))
    assert only_conflict(plan).kind == "C16"


def test_members_get_into_the_target_group_of_the_made_name() -> None:
    known = world(users=[user(groups=["g-App Dev"])], groups=[group("App Dev")], accounts=[account()], links=[link()])
    plan = planned(known, groups=GroupRules(on_the_fly=APP))
    assert steps(plan) == ["create-group Dev", "add-member ada Dev"]


# Links


def test_an_existing_target_group_of_the_name_is_linked() -> None:
    known = world(groups=[group("STAFF", id="g-1", exchange=5)], target_groups=[target_group("Staff")], group_links=())
    change = only_change(planned(known))
    assert (change.kind, change.group, change.because.group_id) == (ChangeKind.LINK_GROUP, "Staff", "g-1")
    assert (change.before, change.after) == ({}, {"source_name": "STAFF"})
    assert (change.because.rule, change.because.exchange) == ("groups.on_the_fly", 5)


def test_a_linked_group_needs_nothing_more() -> None:
    known = world(groups=[group()], target_groups=[target_group()], group_links=[group_link("Staff")])
    assert planned(known) == Plan((), ())


def test_a_link_to_a_target_group_that_is_gone_is_no_link() -> None:
    known = world(groups=[group()], group_links=[group_link("Staff", "former")])
    assert steps(planned(known)) == ["create-group Staff"]


def test_of_several_links_by_hand_the_one_of_its_name_counts() -> None:
    known = world(
        groups=[group()],
        target_groups=[target_group(), target_group("A-Users")],
        group_links=[group_link("Staff"), group_link("Staff", "a-users")],
    )
    assert planned(known) == Plan((), ())


# merge, and C23


def test_c23_without_merge_groups_that_become_one_name_wait() -> None:
    known = world(
        users=[user(groups=["g-App Dev"]), user("bob", groups=[])],
        groups=[group("App Dev"), group("Dev")],
        accounts=[account(), account("bob", display_name="Ada Lovelace", email="ada@example.com", groups=["dev"])],
        target_groups=[target_group("Dev")],
        links=[link(), link("bob")],
        managed=[managed("bob", "dev")],
        group_links=(),
    )
    plan = planned(known, groups=GroupRules(on_the_fly=APP))
    assert plan.changes == ()
    assert kinds(plan) == [("C23", "group:g-App Dev"), ("C23", "group:g-Dev")]
    assert plan.conflicts[0].title == "2 IdP groups become 'Dev'"
    assert plan.conflicts[0].evidence["others"] == "'Dev'"
    assert plan.conflicts[0].resolutions[0].key == "H"


def test_c23_of_many_groups_names_a_few_others_and_says_how_many_more_there_are() -> None:
    many = [group(f"App {number:02}") for number in range(30)]
    rules = GroupRules(on_the_fly=OnTheFly(match="^App .*", replace="Dev"))
    told = planned(world(groups=many), groups=rules).conflicts[3]
    assert "and of 'App 00', 'App 01', 'App 02', 'App 04', 'App 05' and 24 more." in told.explanation
    assert told.evidence["others"].endswith("'App 19', 'App 20' and 9 more")


def test_with_merge_groups_that_become_one_name_share_a_target_group() -> None:
    known = world(
        users=[user(groups=["g-App Dev"]), user("bob", email="bob@example.com", groups=["g-Dev"])],
        groups=[group("App Dev"), group("Dev")],
        accounts=[account(), account("bob", email="bob@example.com")],
        links=[link(), link("bob")],
    )
    rules = GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1", merge=True))
    plan = planned(known, groups=rules)
    assert steps(plan) == ["link-group Dev", "create-group Dev", "add-member ada Dev", "add-member bob Dev"]
    assert {plan.changes[0].because.group_id, plan.changes[1].because.group_id} == {"g-App Dev", "g-Dev"}


def test_with_merge_who_is_in_two_of_the_groups_is_added_once_for_the_first_by_id() -> None:
    known = world(
        users=[user(groups=["g-App Dev", "g-Dev"])],
        groups=[group("App Dev"), group("Dev")],
        accounts=[account()],
        target_groups=[target_group("Dev")],
        links=[link()],
        group_links=[group_link("App Dev", "dev"), group_link("Dev")],
    )
    rules = GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1", merge=True))
    assert only_change(planned(known, groups=rules)).because.group_id == "g-App Dev"


def test_c22_groups_of_one_idp_name_wait_whatever_merge_says() -> None:
    plan = planned(
        world(groups=[group(), group("STAFF", id="g-2")]), groups=GroupRules(on_the_fly=OnTheFly(merge=True))
    )
    assert kinds(plan) == [("C22", "group:g-2"), ("C22", "group:g-Staff")]


# keep_existing_groups


@pytest.mark.parametrize(("keep", "expected"), [(True, []), (False, ["remove-member ada Dev"])])
def test_keep_existing_groups_decides_about_members_of_mapped_groups_that_manciple_did_not_add(
    keep: bool, expected: list[str]
) -> None:
    known = world(
        users=[user()],
        groups=[group("App Dev")],
        accounts=[account(groups=["dev", "local"])],
        target_groups=[target_group("Dev"), target_group("Local")],
        links=[link()],
        group_links=[group_link("App Dev", "dev")],
    )
    rules = OnTheFly(match="^App (.+)$", replace="$1", keep_existing_groups=keep)
    assert steps(planned(known, groups=GroupRules(on_the_fly=rules))) == expected


# What stands in the way of others though it feeds nothing itself


def test_c23_a_group_that_waits_with_c22_still_shares_its_name_with_no_other() -> None:
    groups = [group("Dev"), group("DEV", id="g-2"), group("App Dev")]
    plan = planned(world(groups=groups), groups=GroupRules(on_the_fly=APP))
    assert kinds(plan) == [("C22", "group:g-2"), ("C22", "group:g-Dev"), ("C23", "group:g-App Dev")]
    assert plan.changes == ()


def test_c26_a_target_group_that_a_waiting_group_feeds_is_given_to_no_other() -> None:
    known = world(
        groups=[group("Dev"), group("DEV", id="g-2"), group("App Dev")],
        target_groups=[target_group("Dev")],
        group_links=[group_link("Dev")],
    )
    plan = planned(known, groups=GroupRules(on_the_fly=APP))
    assert kinds(plan) == [("C22", "group:g-2"), ("C22", "group:g-Dev"), ("C26", "group:g-App Dev")]
    assert plan.changes == ()
