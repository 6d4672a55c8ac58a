"""`groups.map`, mode `manual`: many IdP groups to many target groups, followed by id, and what is missing."""

from collections.abc import Iterable

import pytest

from core.planning.changes import ChangeKind, Plan
from core.planning.rules import GroupMap, GroupRules
from core.planning.values import GroupLink, Probes, SourceGroup

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


def manual(*maps: GroupMap, create_missing: bool = False) -> GroupRules:
    """Rules with these mappings."""
    return GroupRules(mode="manual", map=maps, create_missing=create_missing)


STAFF_TO_USERS = manual(GroupMap(("Staff",), ("users",)))


def plan_of(
    rules: GroupRules,
    *,
    groups: Iterable[SourceGroup] = (group(),),
    member_of: Iterable[str] = (),
    account_in: Iterable[str] = (),
    managed_keys: Iterable[str] = (),
    target_groups: Iterable[str] = ("users",),
    group_links: Iterable[GroupLink] = (group_link("Staff", "users"),),
    touched_groups: Iterable[str] | None = None,
    probes: Probes | None = None,
) -> Plan:
    """The plan for one linked user."""
    known = world(
        users=[user(groups=member_of)],
        groups=groups,
        accounts=[account(groups=account_in)],
        target_groups=map(target_group, target_groups),
        links=[link()],
        managed=[managed("ada", key) for key in managed_keys],
        group_links=group_links,
        touched_groups=touched_groups,
        probes=probes or Probes(),
    )
    return planned(known, groups=rules)


# Members


def test_members_of_a_mapped_idp_group_are_added_to_its_target_group() -> None:
    change = only_change(plan_of(STAFF_TO_USERS, member_of=["g-Staff"]))
    assert (change.kind, change.account, change.group) == (ChangeKind.ADD_MEMBER, "ada", "users")
    assert (change.because.rule, change.because.group_id) == ("groups.map", "g-Staff")
    assert change.because.text == "IdP group 'Staff' has this user as a member"


def test_many_idp_groups_feed_many_target_groups() -> None:
    rules = manual(GroupMap(("Staff", "Dev"), ("users", "wiki")), GroupMap(("Dev",), ("code",)))
    links = [group_link(name, key) for name in ("Staff", "Dev") for key in ("users", "wiki")]
    plan = plan_of(
        rules,
        groups=[group(), group("Dev")],
        member_of=["g-Dev"],
        target_groups=["users", "wiki", "code"],
        group_links=[*links, group_link("Dev", "code")],
    )
    assert steps(plan) == ["add-member ada code", "add-member ada users", "add-member ada wiki"]


def test_who_is_in_one_of_a_target_group_s_idp_groups_stays_in_it() -> None:
    rules = manual(GroupMap(("Staff", "Dev"), ("users",)))
    plan = plan_of(
        rules,
        groups=[group(), group("Dev")],
        member_of=["g-Dev"],
        account_in=["users"],
        managed_keys=["users"],
        group_links=[group_link("Staff", "users"), group_link("Dev", "users")],
    )
    assert plan == Plan((), ())


def test_of_several_idp_groups_the_first_by_id_is_the_reason() -> None:
    rules = manual(GroupMap(("*",), ("users",)))
    plan = plan_of(rules, groups=[group("B"), group("A")], member_of=["g-A", "g-B"])
    assert only_change(plan).because.group_id == "g-A"


def test_an_idp_group_that_no_map_names_feeds_nothing() -> None:
    plan = plan_of(STAFF_TO_USERS, groups=[group(), group("Dev")], member_of=["g-Dev"], target_groups=["users", "dev"])
    assert plan == Plan((), ())


def test_who_left_the_idp_group_is_removed_where_manciple_added_it() -> None:
    change = only_change(plan_of(STAFF_TO_USERS, account_in=["users"], managed_keys=["users"]))
    assert (change.kind, change.group, change.because.rule) == (ChangeKind.REMOVE_MEMBER, "users", "groups.map")
    assert change.because.text == "IdP group 'Staff' no longer has this user as a member"


def test_a_managed_membership_that_no_map_gives_any_more_goes() -> None:
    plan = plan_of(STAFF_TO_USERS, account_in=["dev"], managed_keys=["dev"], target_groups=["users", "dev"])
    assert steps(plan) == ["remove-member ada dev"]


def test_a_glob_takes_groups_by_their_present_names() -> None:
    rules = manual(GroupMap(("app ?ev*",), ("users",)))
    plan = plan_of(
        rules, groups=[group("App Dev 1"), group("Staff")], member_of=["g-App Dev 1", "g-Staff"], group_links=()
    )
    assert steps(plan) == ["add-member ada users"]


def test_a_deleted_group_matches_no_glob() -> None:
    plan = plan_of(manual(GroupMap(("*",), ("users",))), groups=[group(deleted=True)], member_of=["g-Staff"])
    assert plan == Plan((), ())


# keep_existing_members


def test_keep_existing_members_keeps_who_was_there_before() -> None:
    assert plan_of(STAFF_TO_USERS, account_in=["users"]).changes == ()


def test_without_keep_existing_members_who_is_in_no_idp_group_is_removed_whoever_added_it() -> None:
    rules = manual(GroupMap(("Staff",), ("users",), keep_existing_members=False))
    change = only_change(plan_of(rules, account_in=["users", "local"], target_groups=["users", "local"]))
    assert (change.kind, change.group) == (ChangeKind.REMOVE_MEMBER, "users")
    assert change.because.rule == "groups.map.keep_existing_members"
    assert change.because.text == (
        "IdP group 'Staff' does not have this user as a member, and keep_existing_members is off"
    )


def test_keep_existing_members_is_kept_where_any_map_of_the_target_group_keeps_them() -> None:
    rules = manual(GroupMap(("Staff",), ("users",), keep_existing_members=False), GroupMap(("*",), ("users",)))
    assert plan_of(rules, account_in=["users"]).changes == ()


# Links: followed by id


def test_an_exactly_named_group_is_linked_to_each_of_its_target_groups() -> None:
    rules = manual(GroupMap(("Staff",), ("users", "wiki")))
    plan = plan_of(rules, target_groups=["users", "wiki"], group_links=[group_link("Staff", "users")])
    change = only_change(plan)
    assert (change.kind, change.group, change.because.group_id) == (ChangeKind.LINK_GROUP, "wiki", "g-Staff")
    assert (change.after, change.because.rule) == ({"source_name": "Staff"}, "groups.map")


def test_two_groups_that_feed_one_target_group_are_two_links() -> None:
    plan = plan_of(manual(GroupMap(("Staff", "Dev"), ("users",))), groups=[group(), group("Dev")], group_links=())
    assert steps(plan) == ["link-group users", "link-group users"]
    assert len({change.key for change in plan.changes}) == 2


def test_groups_that_a_glob_takes_are_not_linked() -> None:
    assert plan_of(manual(GroupMap(("Sta*",), ("users",))), group_links=()) == Plan((), ())


def test_an_exactly_named_group_is_followed_when_the_idp_renames_it() -> None:
    plan = plan_of(STAFF_TO_USERS, groups=[group("Team", id="g-Staff")], member_of=["g-Staff"])
    assert (steps(plan), plan.conflicts) == (["add-member ada users"], ())
    assert plan.notes == (
        "Named otherwise by now, and followed by their ids; put the new names into groups.map: "
        "1 IdP group (Staff is Team by now).",
    )


def test_c26_another_group_of_a_followed_one_s_name_does_not_count() -> None:
    plan = plan_of(
        STAFF_TO_USERS, groups=[group("Team", id="g-Staff"), group("Staff", id="g-new")], member_of=["g-new"]
    )
    assert (plan.changes, kinds(plan)) == ((), [("C26", "group:g-new")])


def test_a_deleted_group_s_link_gives_way_to_a_new_group_of_the_name() -> None:
    plan = plan_of(STAFF_TO_USERS, groups=[group(deleted=True), group("Staff", id="g-new")], member_of=["g-new"])
    assert steps(plan) == ["link-group users", "add-member ada users"]


# C22


def test_c22_an_exact_name_that_several_groups_have_waits_and_nobody_is_removed() -> None:
    plan = plan_of(
        STAFF_TO_USERS,
        groups=[group(id="g-1"), group("STAFF", id="g-2")],
        member_of=["g-1"],
        account_in=["users"],
        managed_keys=["users"],
        group_links=(),
    )
    assert (plan.changes, kinds(plan)) == ((), [("C22", "group:g-1"), ("C22", "group:g-2")])


def test_a_glob_takes_all_groups_of_one_name() -> None:
    plan = plan_of(
        manual(GroupMap(("Sta*",), ("users",))),
        groups=[group(id="g-1"), group("STAFF", id="g-2")],
        member_of=["g-2"],
        group_links=(),
    )
    assert (steps(plan), plan.conflicts) == (["add-member ada users"], ())


# C24 and create_missing


def test_c24_a_missing_target_group_waits_for_an_answer_and_its_members_with_it() -> None:
    plan = plan_of(STAFF_TO_USERS, member_of=["g-Staff"], target_groups=(), group_links=())
    conflict = only_conflict(plan)
    assert (conflict.kind, conflict.subject, conflict.group_id) == ("C24", "target-group:users", None)
    assert conflict.title == "There is no group 'users' at the target"
    assert conflict.resolutions[0].key == "H"


def test_with_create_missing_a_missing_target_group_is_created_and_linked_and_fed() -> None:
    rules = manual(GroupMap(("Staff", "Dev"), ("users",)), create_missing=True)
    plan = plan_of(rules, groups=[group(), group("Dev")], member_of=["g-Staff"], target_groups=(), group_links=())
    assert steps(plan) == ["link-group users", "link-group users", "create-group users", "add-member ada users"]
    assert {change.because.group_id for change in plan.changes[:2]} == {"g-Staff", "g-Dev"}
    assert (plan.changes[2].because.rule, plan.changes[2].after) == ("groups.map", {"name": "users"})


def test_c16_a_target_group_s_name_that_the_product_refuses() -> None:
    rules = manual(GroupMap(("Staff",), ("R/D",)), create_missing=True)
    conflict = only_conflict(plan_of(rules, target_groups=(), group_links=()))
    assert (conflict.kind, conflict.subject) == ("C16", "target-group:r/d")
    assert conflict.evidence["problem"] == "contains /"


# C25


@pytest.mark.parametrize("groups", [[], [group(deleted=True)]])
def test_c25_where_a_named_group_is_gone_nobody_is_removed(groups: list[SourceGroup]) -> None:
    plan = plan_of(STAFF_TO_USERS, groups=groups, account_in=["users"], managed_keys=["users"])
    conflict = only_conflict(plan)
    assert (conflict.kind, conflict.subject) == ("C25", "target-group:users")
    assert conflict.evidence == {"group": "users", "missing": "'Staff'"}
    assert conflict.resolutions[0].key == "H"


def test_c25_additions_from_the_other_groups_go_on() -> None:
    rules = manual(GroupMap(("Staff", "Gone"), ("users",)))
    plan = plan_of(rules, member_of=["g-Staff"])
    assert (steps(plan), kinds(plan)) == (["add-member ada users"], [("C25", "target-group:users")])


def test_a_glob_that_matches_nothing_is_no_conflict() -> None:
    assert plan_of(manual(GroupMap(("Nothing*",), ("users",))), group_links=()) == Plan((), ())


def test_a_named_group_that_may_be_a_test_is_a_note_and_takes_nobody_out() -> None:
    plan = plan_of(
        STAFF_TO_USERS,
        account_in=["users"],
        managed_keys=["users"],
        group_links=(),
        probes=Probes(newer_than=-1),
    )
    assert plan.changes == ()
    assert any("newer than the provider's hold" in note for note in plan.notes)
    assert plan.conflicts == ()


# Touched keys


def test_a_plan_for_touched_groups_is_about_the_maps_that_name_them() -> None:
    rules = manual(GroupMap(("Staff",), ("users",)), GroupMap(("Dev",), ("code",)))
    plan = plan_of(rules, groups=[group(), group("Dev")], target_groups=(), group_links=(), touched_groups=["g-Dev"])
    assert kinds(plan) == [("C24", "target-group:code")]


def test_a_plan_for_a_deleted_group_tells_that_its_map_misses_it() -> None:
    plan = plan_of(
        manual(GroupMap(("Staff",), ("users",)), GroupMap(("Other",), ("code",))),
        groups=[group(deleted=True)],
        target_groups=("users", "code"),
        group_links=(),
        touched_groups=["g-Staff"],
    )
    assert kinds(plan) == [("C25", "target-group:users")]


# The name that a group is remembered by


def test_a_group_is_remembered_anew_once_the_mapping_says_its_new_name() -> None:
    plan = plan_of(manual(GroupMap(("Team",), ("users",))), groups=[group("Team", id="g-Staff")])
    change = only_change(plan)
    assert (change.kind, change.because.group_id, change.after) == (
        ChangeKind.LINK_GROUP,
        "g-Staff",
        {"source_name": "Team"},
    )


def test_a_renamed_group_is_remembered_at_further_target_groups_by_the_name_that_the_mapping_says() -> None:
    plan = plan_of(
        manual(GroupMap(("Staff",), ("users", "wiki"))),
        groups=[group("Team", id="g-Staff")],
        target_groups=("users", "wiki"),
    )
    change = only_change(plan)
    assert (change.kind, change.group, change.after) == (ChangeKind.LINK_GROUP, "wiki", {"source_name": "staff"})


def test_a_name_means_the_same_group_in_all_mappings() -> None:
    plan = plan_of(
        manual(GroupMap(("Staff",), ("users",)), GroupMap(("Staff",), ("wiki",))),
        groups=[group("Team", id="g-Staff"), group("Staff", id="g-new")],
        member_of=["g-new"],
        target_groups=("users", "wiki"),
    )
    assert kinds(plan) == [("C26", "group:g-new")]
    assert [(change.kind, change.because.group_id) for change in plan.changes] == [(ChangeKind.LINK_GROUP, "g-Staff")]
