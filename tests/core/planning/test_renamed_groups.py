"""A group renamed at the IdP is followed by its id and never made twice: with `rename_group`, without, and C26."""

from core.planning.changes import ChangeKind
from core.planning.rules import GroupRules, OnTheFly
from core.planning.values import Capabilities

from .building import (
    CONFLUENCE,
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

RENAMING = Capabilities(rename_group=None, names=CONFLUENCE)
TEAM = group("Team", id="g-Staff", exchange=9)
"""Once called Staff."""


def test_the_target_group_follows_the_idp_group_s_new_name() -> None:
    known = world(
        groups=[TEAM], target_groups=[target_group()], group_links=[group_link("Staff")], capabilities=RENAMING
    )
    change = only_change(planned(known))
    assert (change.kind, change.group) == (ChangeKind.RENAME_GROUP, "Staff")
    assert (change.before, change.after) == ({"name": "Staff"}, {"name": "Team"})
    assert (change.because.group_id, change.because.rule, change.because.exchange) == (
        "g-Staff",
        "groups.on_the_fly",
        9,
    )


def test_a_changed_rule_renames_too() -> None:
    known = world(
        groups=[group()], target_groups=[target_group()], group_links=[group_link("Staff")], capabilities=RENAMING
    )
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(replace="idp-$0")))
    assert only_change(plan).after == {"name": "idp-Staff"}


def test_another_case_is_no_new_name() -> None:
    known = world(
        groups=[group("STAFF", id="g-Staff")],
        target_groups=[target_group()],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    assert planned(known).changes == ()


def test_members_follow_under_the_old_name_and_the_rename_comes_last() -> None:
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[TEAM],
        accounts=[account()],
        target_groups=[target_group()],
        links=[link()],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    assert steps(planned(known)) == ["add-member ada Staff", "rename-group Staff"]


def test_where_the_product_renames_no_groups_the_target_group_keeps_its_name_and_its_members() -> None:
    known = world(
        users=[user(groups=["g-Staff"]), user("bob", email="bob@example.com")],
        groups=[TEAM],
        accounts=[account(), account("bob", email="bob@example.com", groups=["staff"])],
        target_groups=[target_group()],
        links=[link(), link("bob")],
        managed=[managed("bob")],
        group_links=[group_link("Staff")],
    )
    plan = planned(known)
    assert (steps(plan), plan.conflicts) == (["remove-member bob Staff", "add-member ada Staff"], ())
    assert plan.notes == ("Keep their names. This product does not rename groups: 1 group (Staff instead of Team).",)


def test_without_link_a_renamed_group_is_a_new_one_and_its_members_move() -> None:
    """It was never linked: nobody knows that it is the same."""
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[TEAM],
        accounts=[account(groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
        managed=[managed()],
        group_links=(),
    )
    assert steps(planned(known)) == ["remove-member ada Staff", "create-group Team", "add-member ada Team"]


def test_c16_a_new_name_that_the_product_refuses_waits() -> None:
    known = world(
        groups=[group("R/D", id="g-Staff")],
        target_groups=[target_group()],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    assert only_conflict(planned(known)).kind == "C16"


# C26


def test_c26_the_new_name_is_another_target_group_s() -> None:
    known = world(
        users=[user(groups=["g-Staff"]), user("bob", email="bob@example.com")],
        groups=[TEAM],
        accounts=[account(), account("bob", email="bob@example.com", groups=["staff"])],
        target_groups=[target_group(), target_group("Team")],
        links=[link(), link("bob")],
        managed=[managed("bob")],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    conflict = only_conflict(planned(known))
    assert (conflict.kind, conflict.subject, conflict.exchange) == ("C26", "group:g-Staff", 9)
    assert conflict.title == "'Staff' cannot be renamed to 'Team'"
    assert conflict.explanation == (
        "IdP group 'Team' feeds 'Staff', and the target has another group 'Team'. The members of 'Staff' stay as they "
        "are."
    )


def test_c26_the_new_name_is_made_of_another_idp_group_too() -> None:
    """Else one plan would create a group and give another one its name."""
    rules = GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1"))
    known = world(
        groups=[TEAM, group("App Team")],
        target_groups=[target_group()],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    plan = planned(known, groups=rules)
    assert (steps(plan), kinds(plan)) == (["create-group Team"], [("C26", "group:g-Staff")])
    assert "IdP group 'App Team' becomes 'Team' too" in plan.conflicts[0].explanation


def test_c26_two_groups_are_never_renamed_to_one_name() -> None:
    known = world(
        groups=[group("App Team", id="g-1"), group("Team", id="g-2")],
        target_groups=[target_group("One"), target_group("Two")],
        group_links=[group_link("One", id="g-1"), group_link("Two", id="g-2")],
        capabilities=RENAMING,
    )
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1")))
    assert (plan.changes, kinds(plan)) == ((), [("C26", "group:g-1"), ("C26", "group:g-2")])


def test_c26_a_new_group_of_the_old_name_does_not_take_the_renamed_one_s_members() -> None:
    known = world(
        users=[user(groups=["g-Staff"]), user("bob", email="bob@example.com", groups=["g-new"])],
        groups=[TEAM, group("Staff", id="g-new")],
        accounts=[account(), account("bob", email="bob@example.com")],
        target_groups=[target_group()],
        links=[link(), link("bob")],
        group_links=[group_link("Staff")],
    )
    plan = planned(known)
    assert (steps(plan), kinds(plan)) == (["add-member ada Staff"], [("C26", "group:g-new")])
    assert plan.conflicts[0].evidence == {"group": "Staff", "IdP group": "Staff", "fed by": "Team"}


def test_c26_merge_does_not_let_it_in_either_since_the_two_become_no_one_name() -> None:
    known = world(
        groups=[TEAM, group("Staff", id="g-new")], target_groups=[target_group()], group_links=[group_link("Staff")]
    )
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(merge=True)))
    assert (plan.changes, kinds(plan)) == ((), [("C26", "group:g-new")])


def test_once_the_rename_is_done_the_new_group_gets_the_free_name() -> None:
    known = world(
        groups=[TEAM, group("Staff", id="g-new")],
        target_groups=[target_group("Team")],
        group_links=[group_link("Staff", "team")],
        capabilities=RENAMING,
    )
    assert steps(planned(known)) == ["create-group Staff"]


def test_a_deleted_or_excluded_group_s_link_holds_no_name() -> None:
    for holder in (group("Team", id="g-Staff", deleted=True), group("Team", id="g-Staff")):
        known = world(
            groups=[holder, group("Staff", id="g-new")],
            target_groups=[target_group()],
            group_links=[group_link("Staff")],
        )
        plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(exclude=("Team",))))
        assert (steps(plan), plan.conflicts) == (["link-group Staff"], ())


def test_groups_that_share_a_target_group_rename_it_where_all_of_them_are_renamed_alike() -> None:
    known = world(
        groups=[group("App Team", id="g-1"), group("Team", id="g-2")],
        target_groups=[target_group()],
        group_links=[group_link("App Staff", "staff", id="g-1"), group_link("Staff", id="g-2")],
        capabilities=RENAMING,
    )
    rules = GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1", merge=True))
    assert only_change(planned(known, groups=rules)).after == {"name": "Team"}


def test_c26_is_told_about_each_of_the_groups_that_share_the_target_group() -> None:
    known = world(
        groups=[group("App Team", id="g-1"), group("Team", id="g-2")],
        target_groups=[target_group(), target_group("Team")],
        group_links=[group_link("App Staff", "staff", id="g-1"), group_link("Staff", id="g-2")],
        capabilities=RENAMING,
    )
    plan = planned(known, groups=GroupRules(on_the_fly=OnTheFly(match="^App (.+)$", replace="$1", merge=True)))
    assert kinds(plan) == [("C26", "group:g-1"), ("C26", "group:g-2")]


def test_a_default_group_that_is_missing_is_the_one_that_gets_its_name() -> None:
    known = world(
        users=[user()],
        groups=[TEAM],
        accounts=[account()],
        target_groups=[target_group()],
        links=[link()],
        group_links=[group_link("Staff")],
        capabilities=RENAMING,
    )
    rules = GroupRules(default_for_all=("Team",), create_missing=True)
    assert steps(planned(known, groups=rules)) == ["rename-group Staff"]
