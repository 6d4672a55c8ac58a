"""Undoing a run whole: in an order that can be made, under the names of today, each thing in one change."""

from dataclasses import replace

import pytest

from core.planning.brakes import held
from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.rules import BrakeRules, GroupRules, Limit, TargetRules, UserRules
from core.planning.undoing import inverse
from core.planning.values import AdminGroup, World

from .building import account, link, steps, target_group
from .made import made, moved
from .undoing_runs import (
    ABLE,
    CHANGED,
    CREATION,
    GONE,
    JOINING,
    LEAVING,
    NEW,
    OLD,
    RENAME,
    RENAME_GROUP,
    UNRULED,
    UPDATE,
    lead,
    notes,
    now,
    steps_of,
    undoing,
)


def test_a_group_that_was_created_stays_while_anybody_else_is_in_it() -> None:
    done = (made(K.CREATE_GROUP, "Staff"), JOINING)
    groups = [target_group()]
    alone = now(account(groups=["staff"]), target_groups=groups)
    assert steps_of(undoing(done, alone)) == ["remove-member ada Staff", "delete-group Staff"]
    both = now(account(groups=["staff"]), account("bob", groups=["staff"]), target_groups=groups)
    plan = inverse(done, both, UNRULED)
    assert steps(plan) == ["remove-member ada Staff"]
    assert plan.notes == ("Not deleted, because others are in it by now: 1 new group (Staff).",)


def test_what_the_product_cannot_do_is_told() -> None:
    unable = replace(ABLE, delete_group="Not over its REST.")
    assert notes([made(K.CREATE_GROUP, "Staff")], now(target_groups=[target_group()], capabilities=unable)) == (
        "Not over its REST. Left out: 1 group deletion.",
    )


def test_nothing_is_taken_away_after_an_incomplete_read() -> None:
    broken = now(account(groups=["staff"]), target_groups=[target_group()], target_complete=False)
    (note,) = notes([JOINING], broken)
    assert note.startswith("The read of the target broke off")


def test_what_needs_what_cannot_be_done_is_left_out_with_it() -> None:
    """A group is not deleted whose members cannot be removed, nor a lead moved to who stays inactive."""
    unable = replace(ABLE, members="No members.", set_active="No activity.")
    present = now(
        account(groups=["staff"]),
        account("dan", active=False),
        target_groups=[target_group()],
        capabilities=unable,
        leads=(lead(),),
    )
    done = (
        moved("project:A", "dan", "bob"),
        made(K.DEACTIVATE_ACCOUNT, "dan"),
        made(K.CREATE_GROUP, "Staff"),
        JOINING,
    )
    assert notes(done, present) == (
        "No activity. Left out: 1 reactivation, 1 lead move.",
        "No members. Left out: 1 group deletion, 1 member removal.",
    )


# What the rules keep


def test_users_protect() -> None:
    """Protected since the run: with all that is due to the account, and what needs it."""
    done = (made(K.CREATE_GROUP, "Staff"), JOINING, made(K.DEACTIVATE_ACCOUNT), made(K.DEACTIVATE_ACCOUNT, "bob"))
    present = now(account(groups=["staff"], active=False), account("bob", active=False), target_groups=[target_group()])
    plan = inverse(done, present, TargetRules(UserRules(protect=("ad*",))))
    assert steps(plan) == ["reactivate-account bob"]
    assert plan.notes == (
        "Not undone, because users.protect or groups.protect keeps it, or what it needs, untouched: "
        "3 changes (delete-group Staff, reactivate-account ada, remove-member ada Staff).",
    )


def test_groups_protect() -> None:
    present = now(account(groups=["staff"]), target_groups=[target_group()], links=[link()])
    done = (made(K.LINK_ACCOUNT), JOINING)
    plan = inverse(done, present, TargetRules(groups=GroupRules(protect=("Sta*",))))
    assert (steps(plan), len(plan.notes)) == (["unlink-account ada"], 1)


def test_brakes() -> None:
    """An undoing says what of it is held, like any plan."""
    done = (made(K.REACTIVATE_ACCOUNT), made(K.REACTIVATE_ACCOUNT, "bob"), made(K.DEACTIVATE_ACCOUNT, "cyd"))
    present = now(account(), account("bob"), account("cyd", active=False))
    plan = inverse(done, present, TargetRules(brakes=BrakeRules(deactivate=Limit(count=1))))
    (hold,) = plan.holds
    assert hold.text == "2 accounts would be deactivated; brakes.deactivate allows 1."
    assert held(plan) == {made(K.DEACTIVATE_ACCOUNT, name).key for name in ("ada", "bob")}
    assert len(plan.changes) == 3


def test_min_admins() -> None:
    admins = AdminGroup("admins", "Admins", frozenset({"a-ada"}))
    plan = inverse((made(K.REACTIVATE_ACCOUNT),), now(account(), admin_groups=(admins,)), UNRULED)
    assert [(hold.brake, hold.approvable) for hold in plan.holds] == [("brakes.min_admins", False)]


# Several changes of one run


def test_a_run_is_undone_in_an_order_in_which_each_can_be_done() -> None:
    done = (
        made(K.LINK_ACCOUNT, "cyd"),
        moved("project:A", "ada", "bob"),
        made(K.DEACTIVATE_ACCOUNT),
        made(K.REMOVE_MEMBER, "cyd", "Staff"),
        replace(UPDATE, account="cyd", account_id="a-cyd", user_id="u-cyd"),
        made(K.ADD_MEMBER, "cyd", "Dev"),
    )
    cyd = account("cyd", display_name="Ada", email="ada@new.org", groups=["dev"])
    present = now(
        account(active=False),
        account("bob"),
        cyd,
        target_groups=[target_group(), target_group("Dev")],
        links=[link("cyd")],
        leads=(lead(),),
    )
    assert steps_of(undoing(done, present)) == [
        "remove-member cyd Dev",
        "update-account cyd",
        "reactivate-account ada",
        "move-lead ada",
        "add-member cyd Staff",
        "unlink-account cyd",
    ]


def test_several_changes_of_one_thing_are_undone_in_one_to_before_the_first() -> None:
    later = replace(UPDATE, before=NEW, after=NEW | {"email": "ada@newest.org"})
    (back,) = undoing([UPDATE, later], now(account(display_name="Ada", email="ada@newest.org")))
    assert (back.before, back.after) == (NEW | {"email": "ada@newest.org"}, OLD)


@pytest.mark.parametrize(
    ("done", "present"),
    [
        ((JOINING, LEAVING), now(account(), target_groups=[target_group()])),
        ((made(K.DEACTIVATE_ACCOUNT), made(K.REACTIVATE_ACCOUNT)), now(account())),
        ((UPDATE, replace(UPDATE, before=NEW, after=OLD)), now(account(display_name="Ada", email="ada@old.org"))),
        ((made(K.LINK_ACCOUNT), made(K.UNLINK_ACCOUNT)), now(account())),
        (
            (moved("project:A", "ada", "bob"), replace(moved("project:A", "bob", "ada"), account_id="a-bob")),
            now(account(), account("bob"), leads=(lead("ada"),)),
        ),
    ],
)
def test_what_a_run_itself_took_back_needs_no_undoing(done: tuple[Change, ...], present: World) -> None:
    assert undoing(done, present) == []


def test_what_somebody_changed_between_two_changes_of_a_run_is_kept() -> None:
    later = replace(UPDATE, before=NEW | {"email": "ada@by-hand.org"}, after=NEW)
    plan = inverse((UPDATE, later), now(account(display_name="Ada", email="ada@new.org")), UNRULED)
    assert [change.after for change in plan.changes] == [NEW | {"email": "ada@by-hand.org"}]
    assert plan.notes == (f"{CHANGED} (update-account ada).",)


# Names of today


def test_an_account_that_the_run_renamed_is_named_as_it_is_now_and_renamed_back_last() -> None:
    done = (made(K.REACTIVATE_ACCOUNT), JOINING, RENAME)
    present = now(account("ada2", id="a-ada", groups=["staff"]), target_groups=[target_group()])
    assert steps_of(undoing(done, present)) == [
        "deactivate-account ada2",
        "remove-member ada2 Staff",
        "rename-account ada2",
    ]


def test_a_group_that_the_run_renamed_is_named_as_it_is_now_and_renamed_back_last() -> None:
    present = now(account(groups=["people"]), target_groups=[target_group("People")])
    assert steps_of(undoing((JOINING, RENAME_GROUP), present)) == ["remove-member ada People", "rename-group People"]


def test_a_lead_goes_back_to_the_account_under_its_name_of_today() -> None:
    present = now(account("ada2", id="a-ada"), account("bob"), leads=(lead(),))
    (back,) = undoing([moved("project:A", "ada", "bob")], present)
    assert (back.account, back.after) == ("ada2", {"lead": "ada2"})


def test_an_account_that_the_run_created_is_found_by_its_link_though_it_was_renamed_since() -> None:
    renamed = replace(link(), account_id="a-9")
    plan = inverse((CREATION,), now(account("ada2", id="a-9"), links=[renamed]), UNRULED)
    assert steps(plan) == ["deactivate-account ada2"]


def test_an_account_that_the_user_was_linked_to_since_is_not_the_one_that_the_run_created() -> None:
    assert notes([CREATION], now(account("x"), links=[link("ada", "x")])) == (f"{GONE} (create-account ada).",)


# Undoing is itself undone


def test_undoing_twice_leads_back_to_what_the_run_did() -> None:
    done = (moved("project:A", "ada", "bob"), made(K.DEACTIVATE_ACCOUNT))
    after = now(account(active=False), account("bob"), leads=(lead(),))
    undone = undoing(done, after)
    again = undoing(undone, now(account(), account("bob"), leads=(lead("ada"),)))
    assert [(change.kind, change.account, change.before, change.after) for change in again] == [
        (change.kind, change.account, change.before, change.after) for change in done
    ]


def test_the_order_in_which_the_world_s_parts_come_does_not_show() -> None:
    done = (made(K.DEACTIVATE_ACCOUNT), made(K.DEACTIVATE_ACCOUNT, "bob"), made(K.DEACTIVATE_ACCOUNT, "cyd"))
    parts = (account(active=False), account("bob", active=False), account("cyd"))
    assert inverse(done, now(*parts), UNRULED) == inverse(done, now(*reversed(parts)), UNRULED)
