"""Leavers: `users.grace`, `users.missed_reads` and `users.when_inactive`: when what is done about their accounts."""

from typing import Any

import pytest

from core.planning.changes import ChangeKind
from core.planning.rules import UserRules
from core.planning.values import Capabilities, World

from .building import (
    CONFLUENCE,
    account,
    group,
    link,
    managed,
    only_change,
    planned,
    project,
    steps,
    target_group,
    user,
    world,
)

ABLE = Capabilities(names=CONFLUENCE, delete_user=None)
LEADING = Capabilities(names=CONFLUENCE, leads=None)
HOUR = 3600
AN_HOUR_LATER = 1_000 + HOUR * 1000


def linked(
    *, of_account: dict[str, Any] | None = None, now: int = 0, able: Capabilities = ABLE, **of_user: Any
) -> World:
    """One linked user in one mapped group, which manciple put its account into."""
    return world(
        users=[user(**of_user)],
        groups=[group()],
        accounts=[account(groups=["staff"], **(of_account or {}))],
        target_groups=[target_group()],
        links=[link()],
        managed=[managed()],
        capabilities=able,
        now=now,
    )


# users.grace


@pytest.mark.parametrize("of_user", [{"active": False}, {"deleted": True}, {"missed_reads": 2}])
def test_grace_nothing_is_done_until_it_ends_and_then_the_plan_is_due(of_user: dict[str, Any]) -> None:
    plan = planned(linked(**of_user, gone_at=1_000, now=AN_HOUR_LATER - 1), UserRules(grace=HOUR))
    assert (plan.changes, plan.conflicts, dict(plan.due)) == ((), (), {"u-ada": AN_HOUR_LATER})
    assert plan.notes == ("Left as they are until their grace period (users.grace) ends: 1 leaver (ada).",)


@pytest.mark.parametrize("of_user", [{"active": False}, {"deleted": True}, {"missed_reads": 2}])
def test_grace_is_over_to_the_millisecond(of_user: dict[str, Any]) -> None:
    plan = planned(linked(**of_user, gone_at=1_000, now=AN_HOUR_LATER), UserRules(grace=HOUR))
    assert (steps(plan)[0], dict(plan.due), plan.notes) == ("deactivate-account ada", {}, ())


def test_grace_there_is_none_left_for_who_left_before_that_was_kept() -> None:
    assert steps(planned(linked(active=False, gone_at=None, now=1), UserRules(grace=HOUR))) == [
        "deactivate-account ada"
    ]


def test_grace_there_is_none_by_default() -> None:
    assert steps(planned(linked(active=False, gone_at=1_000, now=1_000))) == ["deactivate-account ada"]


def test_grace_who_comes_back_within_it_was_never_touched() -> None:
    back = linked(gone_at=None, groups=["g-Staff"], now=AN_HOUR_LATER)
    plan = planned(back, UserRules(grace=HOUR))
    assert (plan.changes, dict(plan.due), plan.notes) == ((), {}, ())


def test_grace_memberships_of_who_is_deleted_stay_until_it_ends() -> None:
    gone = {"deleted": True, "gone_at": 1_000}
    assert planned(linked(**gone, now=2_000), UserRules(grace=HOUR)).changes == ()
    assert steps(planned(linked(**gone, now=AN_HOUR_LATER), UserRules(grace=HOUR))) == [
        "deactivate-account ada",
        "remove-member ada Staff",
    ]


# users.missed_reads


def test_missed_reads_one_fewer_is_not_gone() -> None:
    plan = planned(linked(missed_reads=2, groups=["g-Staff"]), UserRules(missed_reads=3))
    assert (plan.changes, plan.notes) == ((), ())


def test_missed_reads_as_many_as_configured_is_a_leaver() -> None:
    change = only_change(planned(linked(missed_reads=3, exchange=4), UserRules(missed_reads=3)))
    assert change.kind == ChangeKind.DEACTIVATE_ACCOUNT
    assert change.because.text == "Ada Lovelace was missing from 3 complete reads of the provider"
    assert (change.because.rule, change.because.exchange) == ("users.missed_reads", 4)


def test_missed_reads_of_a_user_that_is_inactive_are_not_the_reason() -> None:
    change = only_change(planned(linked(active=False, missed_reads=3)))
    assert change.because.rule == "users.when_inactive"


def test_missed_reads_keep_a_newcomer_out() -> None:
    assert planned(world(users=[user(missed_reads=2)])).changes == ()
    assert steps(planned(world(users=[user(missed_reads=1)]))) == ["create-account ada"]


# users.when_inactive


def test_when_inactive_delete_deletes_the_account_and_states_all_that_is_known_of_it() -> None:
    change = only_change(planned(linked(active=False, exchange=9), UserRules(when_inactive="delete")))
    assert (change.kind, change.account, change.account_id) == (ChangeKind.DELETE_ACCOUNT, "ada", "a-ada")
    assert change.before == {
        "name": "ada",
        "display_name": "Ada Lovelace",
        "email": "ada@example.com",
        "active": True,
    }
    assert change.after == {}
    assert change.because.text == "Ada Lovelace is inactive at the IdP"
    assert (change.because.rule, change.because.exchange) == ("users.when_inactive", 9)


def test_when_inactive_delete_its_memberships_go_with_the_account() -> None:
    assert steps(planned(linked(deleted=True), UserRules(when_inactive="delete"))) == ["delete-account ada"]


def test_when_inactive_delete_deletes_an_account_that_is_inactive_already() -> None:
    plan = planned(linked(active=False, of_account={"active": False}), UserRules(when_inactive="delete"))
    assert steps(plan) == ["delete-account ada"]


def test_when_inactive_delete_waits_for_the_grace_period() -> None:
    rules = UserRules(when_inactive="delete", grace=HOUR)
    assert planned(linked(deleted=True, gone_at=1_000, now=2_000), rules).changes == ()


def test_when_inactive_delete_deactivates_where_the_product_cannot_delete_and_says_why() -> None:
    unable = Capabilities(names=CONFLUENCE, delete_user="Confluence has no call for it.")
    plan = planned(linked(active=False, able=unable), UserRules(when_inactive="delete"))
    assert steps(plan) == ["deactivate-account ada"]
    assert plan.notes == ("Deactivated instead of deleted. Confluence has no call for it: 1 account (ada).",)
    again = linked(active=False, able=unable, of_account={"active": False})
    assert planned(again, UserRules(when_inactive="delete")).notes == ()


def test_when_inactive_keep_does_nothing_at_all_to_an_inactive_user_s_account() -> None:
    led = world(
        users=[user(active=False)], accounts=[account()], links=[link()], capabilities=LEADING, leads=[project()]
    )
    plan = planned(led, UserRules(when_inactive="keep"))
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), ())


def test_when_inactive_keep_takes_a_deleted_user_s_memberships_alone() -> None:
    assert steps(planned(linked(deleted=True), UserRules(when_inactive="keep"))) == ["remove-member ada Staff"]
