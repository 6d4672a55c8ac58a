"""Memberships: who is added, who is removed, and whose memberships are nobody's business."""

from collections.abc import Iterable

import pytest

from core.planning.changes import ChangeKind, Plan
from core.planning.rules import GroupRules, OnTheFly, UserRules, WhenInactive
from core.planning.values import Account, SourceGroup, SourceUser

from .building import account, group, link, managed, only_change, planned, steps, target_group, user, world

TAKING = GroupRules(on_the_fly=OnTheFly(keep_existing_groups=False))


def plan_of(
    user: SourceUser,
    account: Account,
    *,
    managed_keys: Iterable[str] = (),
    groups: Iterable[SourceGroup] = (group(), group("Dev")),
    rules: GroupRules | None = None,
    users: UserRules | None = None,
) -> Plan:
    """The plan for one linked user; the target has the groups Staff, Dev and Local."""
    known = world(
        users=[user],
        groups=groups,
        accounts=[account],
        target_groups=map(target_group, ("Staff", "Dev", "Local")),
        links=[link()],
        managed=[managed("ada", key) for key in managed_keys],
    )
    return planned(known, users, rules)


# Adding


def test_a_member_of_the_idp_group_is_added_to_the_target_group() -> None:
    change = only_change(plan_of(user(groups=["g-Staff"], exchange=3), account()))
    assert (change.kind, change.account, change.account_id, change.user_id, change.group) == (
        ChangeKind.ADD_MEMBER,
        "ada",
        "a-ada",
        "u-ada",
        "Staff",
    )
    assert (change.before, change.after) == ({"member": False}, {"member": True})
    assert change.because.text == "IdP group 'Staff' has this user as a member"
    assert change.because.rule == "groups.on_the_fly"
    assert (change.because.user_id, change.because.group_id) == ("u-ada", "g-Staff")


@pytest.mark.parametrize(("of_user", "of_group", "told"), [(3, 8, 8), (8, 3, 8), (None, 3, 3), (None, None, None)])
def test_the_later_exchange_is_told(of_user: int | None, of_group: int | None, told: int | None) -> None:
    staff = group(exchange=of_group)
    change = only_change(plan_of(user(groups=["g-Staff"], exchange=of_user), account(), groups=[staff]))
    assert change.because.exchange == told


def test_who_is_a_member_already_is_not_added() -> None:
    assert plan_of(user(groups=["g-Staff"]), account(groups=["staff"])).changes == ()


def test_who_was_removed_by_hand_is_added_again() -> None:
    plan = plan_of(user(groups=["g-Staff"]), account(), managed_keys=["staff"])
    assert steps(plan) == ["add-member ada Staff"]


def test_a_group_that_is_unknown_or_not_mapped_adds_nobody() -> None:
    member = user(groups=["g-Staff", "g-nowhere"])
    assert plan_of(member, account(), rules=GroupRules(on_the_fly=OnTheFly(exclude=("Staff",)))).changes == ()


def test_a_new_account_gets_its_memberships_in_the_same_plan() -> None:
    plan = planned(world(users=[user(groups=["g-Staff"])], groups=[group()]))
    assert steps(plan) == ["create-group Staff", "create-account ada", "add-member ada Staff"]
    assert plan.changes[2].account_id is None


def test_an_account_that_is_just_linked_gets_its_memberships_and_keeps_its_own() -> None:
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[group()],
        accounts=[account(groups=["local"])],
        target_groups=[target_group(), target_group("Local")],
    )
    assert steps(planned(known)) == ["link-account ada", "add-member ada Staff"]


# Removing


def test_who_left_the_idp_group_is_removed_where_manciple_added_it() -> None:
    change = only_change(plan_of(user(), account(groups=["staff"]), managed_keys=["staff"]))
    assert (change.kind, change.account_id, change.group) == (ChangeKind.REMOVE_MEMBER, "a-ada", "Staff")
    assert (change.before, change.after) == ({"member": True}, {"member": False})
    assert change.because.text == "IdP group 'Staff' no longer has this user as a member"
    assert (change.because.rule, change.because.group_id) == ("groups.on_the_fly", "g-Staff")


def test_a_membership_that_manciple_did_not_add_stays() -> None:
    assert plan_of(user(), account(groups=["staff", "local"])).changes == ()


def test_a_managed_membership_that_is_gone_already_needs_nothing() -> None:
    assert plan_of(user(), account(), managed_keys=["staff"]).changes == ()


def test_another_account_s_managed_membership_is_its_own() -> None:
    known = world(
        users=[user()],
        groups=[group()],
        accounts=[account(groups=["staff"]), account("bob", groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
        managed=[managed("bob")],
    )
    assert planned(known).changes == ()


def test_an_account_without_user_keeps_even_managed_memberships() -> None:
    known = world(accounts=[account(groups=["staff"])], target_groups=[target_group()], managed=[managed()])
    assert planned(known, groups=TAKING).changes == ()


@pytest.mark.parametrize(
    ("groups", "rules", "text", "rule"),
    [
        ([], GroupRules(), "No IdP group gives this membership any more", "groups.on_the_fly"),
        ([group(deleted=True)], GroupRules(), "IdP group 'Staff' is deleted", "groups.on_the_fly"),
        (
            [group()],
            GroupRules(on_the_fly=OnTheFly(include=("Dev",))),
            "IdP group 'Staff' is not mapped: groups.on_the_fly.include does not name it",
            "groups.on_the_fly.include",
        ),
        (
            [group()],
            GroupRules(on_the_fly=OnTheFly(exclude=("St*",))),
            "IdP group 'Staff' is not mapped: groups.on_the_fly.exclude names it ('St*')",
            "groups.on_the_fly.exclude",
        ),
    ],
)
def test_a_managed_membership_of_a_group_that_is_gone_or_not_mapped_goes(
    groups: list[SourceGroup], rules: GroupRules, text: str, rule: str
) -> None:
    member = user(groups=["g-Staff"])
    plan = plan_of(member, account(groups=["staff"]), managed_keys=["staff"], groups=groups, rules=rules)
    change = only_change(plan)
    assert (change.kind, change.group, change.because.text, change.because.rule) == (
        ChangeKind.REMOVE_MEMBER,
        "Staff",
        text,
        rule,
    )


def test_a_renamed_group_moves_its_members() -> None:
    renamed = [group("Team", id="g-Staff")]
    plan = plan_of(user(groups=["g-Staff"]), account(groups=["staff"]), managed_keys=["staff"], groups=renamed)
    assert steps(plan) == ["remove-member ada Staff", "create-group Team", "add-member ada Team"]


# keep_existing_groups off


def test_with_keep_existing_groups_off_mapped_groups_have_only_the_idp_s_members() -> None:
    plan = plan_of(user(groups=["g-Dev"]), account(groups=["staff", "dev", "local"]), rules=TAKING)
    change = only_change(plan)
    assert (change.kind, change.group) == (ChangeKind.REMOVE_MEMBER, "Staff")
    assert change.because.text == (
        "IdP group 'Staff' does not have this user as a member, and keep_existing_groups is off"
    )
    assert change.because.rule == "groups.on_the_fly.keep_existing_groups"


def test_with_keep_existing_groups_off_groups_that_are_not_mapped_stay_as_they_are() -> None:
    rules = GroupRules(on_the_fly=OnTheFly(keep_existing_groups=False, exclude=("Staff",)))
    assert plan_of(user(), account(groups=["staff", "local"]), rules=rules).changes == ()


def test_with_keep_existing_groups_off_accounts_without_user_keep_theirs() -> None:
    known = world(groups=[group()], accounts=[account(groups=["staff"])], target_groups=[target_group()])
    assert planned(known, groups=TAKING).changes == ()


# Leavers


@pytest.mark.parametrize("rules", [GroupRules(), TAKING])
def test_the_memberships_of_an_inactive_user_stay_whatever_the_idp_says(rules: GroupRules) -> None:
    """The IdP does not repeat them when it enables the user again."""
    leaver = user(active=False, groups=["g-Dev"])
    plan = plan_of(leaver, account(groups=["staff"]), managed_keys=["staff"], rules=rules)
    assert steps(plan) == ["deactivate-account ada"]


def test_a_user_that_is_active_again_is_aligned_again() -> None:
    back = user(groups=["g-Dev"])
    plan = plan_of(back, account(active=False, groups=["staff"]), managed_keys=["staff"])
    assert steps(plan) == ["remove-member ada Staff", "reactivate-account ada", "add-member ada Dev"]


@pytest.mark.parametrize("when_inactive", ["deactivate", "keep"])
def test_the_managed_memberships_of_a_deleted_user_go(when_inactive: WhenInactive) -> None:
    gone = user(deleted=True, groups=["g-Staff"])
    found = account(active=False, groups=["staff", "local"])
    plan = plan_of(gone, found, managed_keys=["staff"], users=UserRules(when_inactive=when_inactive))
    change = only_change(plan)
    assert (change.kind, change.group) == (ChangeKind.REMOVE_MEMBER, "Staff")
    assert (change.because.text, change.because.rule) == ("Ada Lovelace is deleted at the IdP", "groups.on_the_fly")


def test_with_keep_existing_groups_off_a_deleted_user_leaves_every_mapped_group() -> None:
    gone = user(deleted=True)
    plan = plan_of(gone, account(active=False, groups=["staff", "local"]), rules=TAKING)
    assert steps(plan) == ["remove-member ada Staff"]


# Unread groups: what manciple manages stands in for them


def test_where_groups_were_not_read_members_are_added_unless_manciple_did_so_before() -> None:
    member = user(groups=["g-Staff", "g-Dev"])
    assert steps(plan_of(member, account(groups=None), managed_keys=["staff"])) == ["add-member ada Dev"]


def test_where_groups_were_not_read_managed_memberships_are_removed_and_no_others() -> None:
    plan = plan_of(user(), account(groups=None), managed_keys=["staff"], rules=TAKING)
    assert steps(plan) == ["remove-member ada Staff"]
