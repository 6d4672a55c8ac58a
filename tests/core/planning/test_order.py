"""The order of changes: leavers before joiners, and nothing before what it needs."""

from core.planning.changes import ChangeKind

from .building import account, group, kinds, link, managed, planned, steps, target_group, user, world
from .test_limits import EVERYTHING, busy


def test_links_then_leavers_then_groups_then_accounts_then_memberships() -> None:
    plan = planned(busy())
    assert steps(plan) == list(EVERYTHING)
    assert {change.kind for change in plan.changes} == set(ChangeKind), "this world has a change of every kind"


def test_an_account_is_linked_before_anything_is_done_to_it() -> None:
    known = world(
        users=[user()],
        accounts=[account(groups=["staff"], active=False, email="old@x.org")],
        target_groups=[target_group()],
        managed=[managed()],
    )
    assert steps(planned(known)) == [
        "link-account ada",
        "remove-member ada Staff",
        "update-account ada",
        "reactivate-account ada",
    ]


def test_within_a_kind_changes_are_ordered_by_group_and_account_name() -> None:
    names = ("cyd", "ada", "bob")
    known = world(
        users=[user(name, id=f"u-{number}", groups=["g-Staff", "g-Dev"]) for number, name in enumerate(names)],
        groups=[group("Staff"), group("Dev")],
        target_groups=[target_group("Staff"), target_group("Dev")],
    )
    assert steps(planned(known)) == [
        "create-account ada",
        "create-account bob",
        "create-account cyd",
        "add-member ada Dev",
        "add-member bob Dev",
        "add-member cyd Dev",
        "add-member ada Staff",
        "add-member bob Staff",
        "add-member cyd Staff",
    ]


def test_conflicts_are_ordered_by_kind_and_subject() -> None:
    known = world(
        users=[user("o'b", id="u-2"), user("o'a", id="u-1"), user("cyd", email=None), user()],
        groups=[group("R/D")],
        links=[link()],
    )
    assert kinds(planned(known)) == [
        ("C06", "user:u-ada"),
        ("C16", "group:g-R/D"),
        ("C16", "user:u-1"),
        ("C16", "user:u-2"),
        ("C17", "user:u-cyd"),
    ]


def test_the_order_in_which_the_world_s_parts_come_does_not_show() -> None:
    known = busy()
    backwards = world(
        users=known.users[::-1],
        groups=known.groups[::-1],
        accounts=known.accounts[::-1],
        target_groups=known.target_groups[::-1],
        links=known.links[::-1],
        managed=known.managed,
    )
    assert planned(backwards) == planned(known)
