"""The order of changes: leavers before joiners, and nothing before what it needs."""

import random
from dataclasses import replace

import pytest

from core.planning.changes import ChangeKind as K
from core.planning.order import ordered, step

from .building import account, group, kinds, link, managed, planned, steps, target_group, user, world
from .made import made, moved
from .test_limits import EVERYTHING, busy


def test_links_then_leavers_then_groups_then_accounts_then_memberships() -> None:
    assert steps(planned(busy())) == list(EVERYTHING)


def test_every_kind_has_its_place() -> None:
    assert sorted(K, key=step) == [
        K.LINK_ACCOUNT,
        K.LINK_GROUP,
        K.MOVE_LEAD,
        K.DEACTIVATE_ACCOUNT,
        K.DELETE_ACCOUNT,
        K.REMOVE_MEMBER,
        K.DELETE_GROUP,
        K.CREATE_GROUP,
        K.CREATE_ACCOUNT,
        K.UPDATE_ACCOUNT,
        K.REACTIVATE_ACCOUNT,
        K.ADD_MEMBER,
        K.UNLINK_GROUP,
        K.RENAME_GROUP,
        K.RENAME_ACCOUNT,
        K.UNLINK_ACCOUNT,
    ]
    assert len({step(kind) for kind in K}) == len(K)


def test_one_of_every_kind_comes_in_the_order_of_the_kinds() -> None:
    changes = [made(kind) for kind in K]
    assert [change.kind for change in ordered(changes)] == sorted(K, key=step)


def test_a_lead_moves_before_the_leaver_goes_and_to_an_account_that_comes_back_after_it_is_back() -> None:
    changes = [
        made(K.DEACTIVATE_ACCOUNT, "ada"),
        made(K.REACTIVATE_ACCOUNT, "Bob"),
        moved("project:A", "ada", "cyd"),
        moved("project:B", "ada", "bob"),
        made(K.ADD_MEMBER, "ada", "Staff"),
    ]
    assert [(change.kind, change.lead) for change in ordered(changes)] == [
        (K.MOVE_LEAD, "project:A"),
        (K.DEACTIVATE_ACCOUNT, None),
        (K.REACTIVATE_ACCOUNT, None),
        (K.MOVE_LEAD, "project:B"),
        (K.ADD_MEMBER, None),
    ]


def test_no_two_changes_of_a_kind_are_in_the_same_place() -> None:
    changes = [
        moved("project:A", "ada", "bob"),
        moved("project:B", "ada", "bob"),
        made(K.LINK_GROUP, "Staff", group_id="g-1"),
        made(K.LINK_GROUP, "Staff", group_id="g-2"),
        made(K.ADD_MEMBER, "ada", "Staff"),
        made(K.ADD_MEMBER, "ada", "Dev"),
    ]
    right = ordered(changes)
    for seed in range(20):
        assert ordered(random.Random(seed).sample(changes, len(changes))) == right


@pytest.mark.parametrize("kind", [K.LINK_GROUP, K.UNLINK_GROUP])
def test_links_of_two_idp_groups_to_one_target_group_have_keys_of_their_own(kind: K) -> None:
    one, two = (made(kind, "Staff", group_id=id_) for id_ in ("g|1", "g-2"))
    assert (one.key, two.key) == (f"{kind}|g%7C1|Staff", f"{kind}|g-2|Staff")


def test_the_keys_of_other_kinds_say_nothing_of_the_idp_group() -> None:
    member = made(K.ADD_MEMBER, "ada", "Staff", group_id="g-1")
    assert member.key == replace(member, because=replace(member.because, group_id="g-2")).key == "add-member|ada|Staff"


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
