"""One thing that a run did, taken back: by its opposite, or a note that says why it stays."""

from dataclasses import replace
from typing import Any

import pytest

from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.rules import GroupRules, OnTheFly
from core.planning.undoing import inverse
from core.planning.values import GroupLink, World

from .building import account, group, link, managed, planned, target_group, user, world
from .made import made, moved
from .undoing_runs import (
    CHANGED,
    CREATION,
    GONE,
    JOINING,
    LEAVING,
    LINKING,
    NEW,
    OLD,
    RENAME,
    RENAME_GROUP,
    TAKEN,
    UNRULED,
    UPDATE,
    lead,
    notes,
    now,
    steps_of,
    undoing,
)

# One for each kind


@pytest.mark.parametrize(
    ("done", "present", "kind", "before", "after"),
    [
        (
            made(K.DEACTIVATE_ACCOUNT),
            now(account(active=False)),
            K.REACTIVATE_ACCOUNT,
            {"active": False},
            {"active": True},
        ),
        (made(K.REACTIVATE_ACCOUNT), now(account()), K.DEACTIVATE_ACCOUNT, {"active": True}, {"active": False}),
        (UPDATE, now(account(display_name="Ada", email="ada@new.org")), K.UPDATE_ACCOUNT, NEW, OLD),
        (RENAME, now(account("ada2", id="a-ada")), K.RENAME_ACCOUNT, {"name": "ada2"}, {"name": "ada"}),
        (
            made(K.LINK_ACCOUNT, after={"name": "ada"}),
            now(account(), links=[link()]),
            K.UNLINK_ACCOUNT,
            {"name": "ada"},
            {},
        ),
        (made(K.UNLINK_ACCOUNT, before={"name": "ada"}), now(account()), K.LINK_ACCOUNT, {}, {"name": "ada"}),
        (
            JOINING,
            now(account(groups=["staff"]), target_groups=[target_group()], managed=[managed()]),
            K.REMOVE_MEMBER,
            {"member": True},
            {"member": False},
        ),
        (LEAVING, now(account(), target_groups=[target_group()]), K.ADD_MEMBER, {"member": False}, {"member": True}),
        (
            moved("project:A", "ada", "bob"),
            now(account(), account("bob"), leads=(lead(),)),
            K.MOVE_LEAD,
            {"lead": "bob"},
            {"lead": "ada"},
        ),
        (made(K.CREATE_GROUP, "Staff"), now(target_groups=[target_group()]), K.DELETE_GROUP, {"name": "Staff"}, {}),
        (
            RENAME_GROUP,
            now(target_groups=[target_group("People")]),
            K.RENAME_GROUP,
            {"name": "People"},
            {"name": "Staff"},
        ),
        (
            LINKING,
            now(target_groups=[target_group()], group_links=(GroupLink("g-1", "staff", "Employees"),)),
            K.UNLINK_GROUP,
            {"source_name": "Employees"},
            {},
        ),
        (
            made(K.UNLINK_GROUP, "Staff", group_id="g-1", before={"source_name": "Employees"}),
            now(target_groups=[target_group()]),
            K.LINK_GROUP,
            {},
            {"source_name": "Employees"},
        ),
    ],
)
def test_a_change_is_undone_by_its_opposite_about_the_same(
    done: Change, present: World, kind: K, before: dict[str, Any], after: dict[str, Any]
) -> None:
    (back,) = undoing([done], present)
    assert (back.kind, back.before, back.after) == (kind, before, after)
    assert (back.account_id, back.user_id, back.lead) == (done.account_id, done.user_id, done.lead)
    assert (back.because.rule, back.because.group_id) == ("undo", done.because.group_id)
    assert back.because.text == f"Undone: {done.because.text}"


def test_an_account_that_was_created_is_deactivated_and_the_plan_says_why_it_is_not_deleted() -> None:
    plan = inverse((CREATION,), now(account(), links=[link()]), UNRULED)
    assert steps_of(plan.changes) == ["deactivate-account ada"]
    assert plan.changes[0].account_id == "a-ada"
    assert plan.notes == (
        "Deactivated and not deleted, because an account may have content by now: 1 new account (ada).",
    )


def test_a_deleted_account_cannot_be_made_again_and_the_plan_says_what_it_was() -> None:
    gone = made(K.DELETE_ACCOUNT, before={"name": "ada", "display_name": "Ada", "email": "ada@x.org", "active": True})
    assert notes([gone], now()) == (
        "Not undone, because what was deleted cannot be made again as it was: "
        "1 deletion (delete-account ada: Ada, ada@x.org).",
    )


def test_a_deleted_group_cannot_be_made_again() -> None:
    assert notes([made(K.DELETE_GROUP, "Staff")], now()) == (
        "Not undone, because what was deleted cannot be made again as it was: 1 deletion (delete-group Staff).",
    )


def test_a_membership_that_manciple_had_not_added_is_not_its_own_when_it_is_put_back() -> None:
    foreign = made(K.REMOVE_MEMBER, group="Staff", before={"member": True, "managed": False})
    (back,) = undoing([foreign], now(account(), target_groups=[target_group()]))
    assert back.after == {"member": True, "managed": False}


def test_where_the_groups_of_an_account_were_not_read_those_that_manciple_manages_stand_in_for_them() -> None:
    unread = account(groups=None)
    assert steps_of(undoing([JOINING], now(unread, target_groups=[target_group()], managed=[managed()]))) == [
        "remove-member ada Staff"
    ]


def test_what_was_not_known_before_is_left_as_it_is() -> None:
    half = replace(UPDATE, before={"display_name": "Old", "email": None})
    (back,) = undoing([half], now(account(display_name="Ada", email="ada@new.org")))
    assert back.after == {"display_name": "Old", "email": "ada@new.org"}


def test_further_attributes_are_put_back() -> None:
    seen = replace(account(display_name="Ada", email="ada@new.org"), attributes={"department": "R&D"})
    moving = replace(UPDATE, before=NEW | {"attributes.department": ""}, after=NEW | {"attributes.department": "R&D"})
    (back,) = undoing([moving], now(seen))
    assert back.after == NEW | {"attributes.department": ""}


# Where the present is not as the run left it


@pytest.mark.parametrize(
    ("done", "present", "why"),
    [
        (made(K.DEACTIVATE_ACCOUNT), now(account()), f"{CHANGED} (deactivate-account ada)."),
        (made(K.DEACTIVATE_ACCOUNT), now(), f"{GONE} (deactivate-account ada)."),
        (CREATION, now(account(active=False), links=[link()]), f"{CHANGED} (create-account ada)."),
        (CREATION, now(), f"{GONE} (create-account ada)."),
        (UPDATE, now(account(display_name="Ada", email="ada@newest.org")), f"{CHANGED} (update-account ada)."),
        (UPDATE, now(), f"{GONE} (update-account ada)."),
        (
            replace(UPDATE, before={"display_name": None, "email": None}),
            now(account(display_name="Ada", email="ada@new.org")),
            "Not undone, because what was there before is not known: 1 change (update-account ada).",
        ),
        (RENAME, now(account("ada3", id="a-ada")), f"{CHANGED} (rename-account ada3)."),
        (RENAME, now(account("ada2", id="a-ada"), account("ada", id="a-2")), f"{TAKEN} (rename-account ada2)."),
        (made(K.LINK_ACCOUNT), now(account()), f"{CHANGED} (link-account ada)."),
        (
            made(K.LINK_ACCOUNT),
            now(account(), account("x"), links=[link("ada", "x")]),
            f"{CHANGED} (link-account ada).",
        ),
        (made(K.UNLINK_ACCOUNT), now(account(), links=[link("bob", "ada")]), f"{TAKEN} (unlink-account ada)."),
        (
            made(K.UNLINK_ACCOUNT),
            now(account(), account("x"), links=[link("ada", "x")]),
            f"{TAKEN} (unlink-account ada).",
        ),
        (JOINING, now(account(), target_groups=[target_group()]), f"{CHANGED} (add-member ada Staff)."),
        (LEAVING, now(account()), f"{GONE} (remove-member ada Staff)."),
        (
            moved("project:A", "ada", "bob"),
            now(account(), leads=(lead("cyd"),)),
            f"{CHANGED} (move-lead ada project:A).",
        ),
        (moved("project:A", "ada", "bob"), now(account()), f"{GONE} (move-lead ada project:A)."),
        (
            moved("project:A", "ada", "bob"),
            now(account(active=False), leads=(lead(),)),
            "Not undone, because the account that led it is not active: 1 change (move-lead ada project:A).",
        ),
        (made(K.CREATE_GROUP, "Staff"), now(), f"{GONE} (create-group Staff)."),
        (RENAME_GROUP, now(target_groups=[target_group("Folk")]), f"{GONE} (rename-group People)."),
        (
            RENAME_GROUP,
            now(target_groups=[target_group("People"), target_group("Staff")]),
            f"{TAKEN} (rename-group People).",
        ),
        (LINKING, now(target_groups=[target_group()]), f"{CHANGED} (link-group Staff)."),
    ],
)
def test_what_is_not_as_the_run_left_it_stays_and_the_plan_says_so(done: Change, present: World, why: str) -> None:
    assert notes([done], present) == (why,)


def test_a_lead_does_not_go_back_to_an_account_that_the_run_deleted() -> None:
    done = (moved("project:A", "ada", "bob"),)
    assert notes(done, now(account("bob"), leads=(lead(),))) == (f"{GONE} (move-lead ada project:A).",)


def test_a_lead_is_as_the_run_left_it_where_its_successor_was_renamed_since() -> None:
    done = (
        moved("project:A", "ada", "bob"),
        made(K.RENAME_ACCOUNT, "bob", before={"name": "bob"}, after={"name": "b2"}),
    )
    present = now(account(), account("b2", id="a-bob"), leads=(lead("b2"),))
    assert [(change.kind, change.before, change.after) for change in undoing(done, present)] == [
        (K.MOVE_LEAD, {"lead": "b2"}, {"lead": "ada"}),
        (K.RENAME_ACCOUNT, {"name": "b2"}, {"name": "bob"}),
    ]


def test_a_membership_that_was_not_ours_is_put_back_as_not_ours_also_where_its_user_was_deleted() -> None:
    gone = world(
        users=[user(deleted=True)],
        groups=[group()],
        accounts=[account(groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
    )
    plan = planned(gone, groups=GroupRules(on_the_fly=OnTheFly(keep_existing_groups=False)))
    (removal,) = [change for change in plan.changes if change.kind == K.REMOVE_MEMBER]
    (back,) = undoing((removal,), now(account(), target_groups=[target_group()]))
    assert back.after == {"member": True, "managed": False}


def test_a_membership_that_was_not_ours_stays_so_however_often_it_is_taken_back() -> None:
    """Given once and never taken back: so by undoing it, by undoing that, and on."""
    outside, inside = (now(account(groups=groups), target_groups=[target_group()]) for groups in ((), ("staff",)))
    given = replace(JOINING, after={"member": True, "managed": False})
    for _ in range(3):
        (gone,) = undoing((given,), inside)
        assert (gone.kind, gone.before) == (K.REMOVE_MEMBER, {"member": True, "managed": False})
        (given,) = undoing((gone,), outside)
        assert (given.kind, given.after) == (K.ADD_MEMBER, {"member": True, "managed": False})


def test_whose_a_membership_was_is_told_by_the_first_of_several_removals() -> None:
    """It was ours before the run; somebody else's when the run took it away the second time."""
    ours, once = LEAVING, replace(JOINING, after={"member": True, "managed": False})
    others = replace(LEAVING, before={"member": True, "managed": False})
    outside = now(account(), target_groups=[target_group()])
    assert [change.after for change in undoing((ours, once, others), outside)] == [{"member": True}]
    assert [change.after for change in undoing((others, JOINING, ours), outside)] == [
        {"member": True, "managed": False}
    ]


def test_a_membership_that_became_ours_cannot_be_made_somebody_else_s_again() -> None:
    others = replace(LEAVING, before={"member": True, "managed": False})
    ours = now(account(groups=["staff"]), target_groups=[target_group()], managed=[managed()])
    assert notes((others, JOINING), ours) == (
        "Not undone, because manciple manages the membership now, and took it over from others: "
        "1 change (add-member ada Staff).",
    )
    theirs = now(account(groups=["staff"]), target_groups=[target_group()])
    assert undoing((others, replace(JOINING, after={"member": True, "managed": False})), theirs) == []


def test_a_removal_says_whose_the_membership_was() -> None:
    theirs = world(
        users=[user()],
        groups=[group()],
        accounts=[account(groups=["staff"])],
        target_groups=[target_group()],
        links=[link()],
    )
    rules = GroupRules(on_the_fly=OnTheFly(keep_existing_groups=False))
    ours = replace(theirs, managed=frozenset({managed()}))
    assert [change.before for change in planned(theirs, groups=rules).changes] == [{"member": True, "managed": False}]
    assert [change.before for change in planned(ours, groups=rules).changes] == [{"member": True}]
