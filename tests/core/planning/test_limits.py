"""What cannot be done: removals after an incomplete read, and what the product's REST lacks. Never in silence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.limits import NOUNS, within_limits
from core.planning.values import Capabilities, World

from .building import CONFLUENCE, account, group, kinds, link, managed, planned, steps, target_group, user, world
from .made import made, moved


def busy(*, complete: bool = True, **lacking: str) -> World:
    """A world that gives one change of every kind, and a membership for each created thing."""
    return world(
        users=[
            user("new", groups=["g-Staff"], display_name="New", email="new@example.com"),
            user("found", groups=["g-Dev"]),
            user("gone", active=False),
            user("back", display_name="Back"),
            user("left"),
        ],
        groups=[group("Staff"), group("Dev")],
        accounts=[
            account("found"),
            account("gone"),
            account("back", active=False),
            account("left", groups=["staff"]),
        ],
        target_groups=[target_group("Staff")],
        links=map(link, ("gone", "back", "left")),
        managed=[managed("left")],
        target_complete=complete,
        capabilities=Capabilities(names=CONFLUENCE, **lacking),
    )


EVERYTHING = (
    "link-account found",
    "deactivate-account gone",
    "remove-member left Staff",
    "create-group Dev",
    "create-account new",
    "update-account back",
    "reactivate-account back",
    "add-member found Dev",
    "add-member new Staff",
)


def without(*left_out: str) -> list[str]:
    return [step for step in EVERYTHING if step not in left_out]


def test_a_complete_read_and_an_able_product_leave_nothing_out() -> None:
    plan = planned(busy())
    assert (steps(plan), plan.notes) == (without(), ())


def test_after_an_incomplete_read_nobody_is_deactivated_or_removed_and_the_plan_says_how_many() -> None:
    plan = planned(busy(complete=False))
    assert steps(plan) == without("deactivate-account gone", "remove-member left Staff")
    assert plan.notes == (
        "The read of the target broke off, so no deactivation, no deletion and no removal is planned. "
        "Left out: 1 deactivation, 1 member removal.",
    )


def test_an_incomplete_read_is_told_even_where_it_left_nothing_out() -> None:
    assert planned(world(target_complete=False)).notes == (
        "The read of the target broke off, so no deactivation, no deletion and no removal is planned. "
        "Left out: nothing.",
    )


def test_after_an_incomplete_read_an_unseen_linked_account_is_not_gone() -> None:
    plan = planned(world(users=[user()], links=[link()], target_complete=False))
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes[1] == "Left alone, because the read of the target broke off before them: 1 linked account (ada)."


@pytest.mark.parametrize(
    ("lacking", "left_out", "numbers"),
    [
        ("create_user", ["create-account new", "add-member new Staff"], "1 account creation, 1 member addition"),
        ("update_user", ["update-account back"], "1 account update"),
        (
            "set_active",
            ["deactivate-account gone", "reactivate-account back"],
            "1 deactivation, 1 reactivation",
        ),
        ("create_group", ["create-group Dev", "add-member found Dev"], "1 group creation, 1 member addition"),
        (
            "members",
            ["remove-member left Staff", "add-member found Dev", "add-member new Staff"],
            "2 member additions, 1 member removal",
        ),
    ],
)
def test_what_the_product_lacks_is_left_out_with_what_depends_on_it(
    lacking: str, left_out: list[str], numbers: str
) -> None:
    reason = "Confluence 7.19 has no REST for this; do it by hand."
    able = replace(busy().capabilities, **{lacking: reason})  # type: ignore[arg-type]
    plan = planned(replace(busy(), capabilities=able))
    assert steps(plan) == without(*left_out)
    assert plan.notes == (f"{reason} Left out: {numbers}.",)


def test_a_product_that_lacks_what_nobody_needs_is_not_mentioned() -> None:
    assert planned(world(capabilities=Capabilities(create_user="No REST."))).notes == ()


def test_each_reason_has_a_sentence_and_one_reason_for_several_operations_is_told_once() -> None:
    reason = "Read-only directory."
    plan = planned(busy(complete=False, create_user=reason, update_user=reason, create_group="No REST for groups"))
    assert plan.notes == (
        "No REST for groups. Left out: 1 group creation, 1 member addition.",
        "Read-only directory. Left out: 1 account creation, 1 account update, 1 member addition.",
        "The read of the target broke off, so no deactivation, no deletion and no removal is planned. "
        "Left out: 1 deactivation, 1 member removal.",
    )


def test_a_membership_that_lacks_both_account_and_group_is_counted_once() -> None:
    known = world(
        users=[user(groups=["g-Staff"])],
        groups=[group()],
        capabilities=Capabilities(create_user="No users.", create_group="No groups."),
    )
    assert planned(known).notes == (
        "No groups. Left out: 1 group creation.",
        "No users. Left out: 1 account creation, 1 member addition.",
    )


def limits(changes: Sequence[Change], known: World) -> tuple[list[Change], tuple[str, ...]]:
    possible, notes = within_limits(changes, known)
    return list(possible), notes


REMOVING = (
    made(K.DEACTIVATE_ACCOUNT),
    made(K.DELETE_ACCOUNT, "bob"),
    made(K.REMOVE_MEMBER, group="Staff"),
    made(K.DELETE_GROUP, "Dev"),
)
ABLE = Capabilities(delete_user=None, delete_group=None, leads=None, rename_user=None, rename_group=None)


@pytest.mark.parametrize(
    ("complete", "reason"),
    [
        ({"target_complete": False}, "The read of the target broke off"),
        ({"source_complete": False}, "There is no whole read of the provider (its last one was empty or broke off)"),
        (
            {"target_complete": False, "source_complete": False},
            "The read of the target broke off, and there is no whole read of the provider (its last one was empty or "
            "broke off)",
        ),
    ],
)
def test_nothing_is_taken_away_after_an_incomplete_read_of_either_side(complete: dict[str, bool], reason: str) -> None:
    known = World((), (), (), (), (), frozenset(), ABLE, **complete)  # type: ignore[arg-type]
    assert limits([*REMOVING, made(K.CREATE_ACCOUNT, "new")], known) == (
        [made(K.CREATE_ACCOUNT, "new")],
        (
            f"{reason}, so no deactivation, no deletion and no removal is planned. "
            "Left out: 1 deactivation, 1 account deletion, 1 group deletion, 1 member removal.",
        ),
    )


@pytest.mark.parametrize(
    ("lacking", "change", "noun"),
    [
        ("rename_user", made(K.RENAME_ACCOUNT), "account rename"),
        ("delete_user", made(K.DELETE_ACCOUNT), "account deletion"),
        ("rename_group", made(K.RENAME_GROUP, "Staff"), "group rename"),
        ("delete_group", made(K.DELETE_GROUP, "Staff"), "group deletion"),
        ("leads", moved("project:A", "ada", "bob"), "lead move"),
    ],
)
def test_kinds_that_few_products_can_are_left_out_where_this_one_cannot(
    lacking: str, change: Change, noun: str
) -> None:
    able = replace(ABLE, **{lacking: "Not over its REST."})  # type: ignore[arg-type]
    assert limits([change], world(capabilities=able)) == ([], (f"Not over its REST. Left out: 1 {noun}.",))
    assert limits([change], world(capabilities=ABLE)) == ([change], ())


def test_a_leaver_whose_account_stays_keeps_what_it_leads() -> None:
    known = world(capabilities=replace(ABLE, set_active="Read-only."))
    changes = [moved("project:A", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT), moved("project:B", "cyd", "bob")]
    assert limits(changes, known) == (changes[2:], ("Read-only. Left out: 1 deactivation, 1 lead move.",))


def test_the_link_of_a_group_waits_for_the_group() -> None:
    known = world(capabilities=replace(ABLE, create_group="No groups."))
    changes = [made(K.LINK_GROUP, "Staff"), made(K.LINK_GROUP, "Dev"), made(K.CREATE_GROUP, "Staff")]
    assert limits(changes, known) == (changes[1:2], ("No groups. Left out: 1 group link, 1 group creation.",))


@pytest.mark.parametrize("kind", K)
def test_what_is_left_out_of_any_kind_is_counted_in_words(kind: K) -> None:
    nouns = [noun for known, noun in NOUNS.items() if known == kind]
    assert len(nouns) == 1
    assert nouns[0]


def test_what_cannot_be_done_anyway_is_no_conflict_about_a_protected_group() -> None:
    admins = "jira-administrators"
    member = user(groups=[f"g-{admins}"])
    known = world(
        users=[member],
        groups=[group(admins)],
        accounts=[account()],
        target_groups=[target_group(admins)],
        links=[link()],
        capabilities=Capabilities(members="No REST for members."),
    )
    assert kinds(planned(known)) == []
