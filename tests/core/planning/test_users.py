"""Accounts: who is created, linked, updated, reactivated, deactivated, and who is left alone."""

import pytest

from core.planning.changes import Change, ChangeKind, Plan
from core.planning.rules import UserRules, ValueRule
from core.planning.values import SourceUser

from .building import account, group, kinds, link, only_change, planned, steps, user, world


def test_nothing_gives_nothing() -> None:
    plan = planned(world())
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), ())


def test_an_account_that_is_as_the_idp_has_it_is_left_alone() -> None:
    plan = planned(world(users=[user()], accounts=[account()], links=[link()]))
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), ())


# Creating


def test_an_active_user_without_account_gets_one_with_its_mapped_values() -> None:
    change = only_change(planned(world(users=[user("Ada", exchange=7)])))
    assert (change.kind, change.account, change.account_id) == (ChangeKind.CREATE_ACCOUNT, "ada", None)
    assert change.before == {}
    assert change.after == {
        "name": "ada",
        "display_name": "Ada Lovelace",
        "email": "ada@example.com",
        "active": True,
    }
    assert change.because.text == "Ada Lovelace is active at the IdP and has no account"
    assert (change.because.rule, change.because.user_id, change.because.exchange) == ("users.create", "u-Ada", 7)


def test_an_account_is_created_under_the_name_s_one_unicode_form() -> None:
    change = only_change(planned(world(users=[user("zoe\u0308")])))
    assert change.account == "zo\u00eb"


def test_with_create_off_nobody_gets_an_account_and_the_plan_says_how_many() -> None:
    plan = planned(world(users=[user("bob"), user("ada")]), UserRules(create=False))
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes == ("Not created, because users.create is off: 2 users (ada, bob).",)


@pytest.mark.parametrize(("count", "rest"), [(5, "d, e)."), (6, "d, e and 1 more)."), (8, "d, e and 3 more).")])
def test_a_note_names_the_first_five_and_counts_the_rest(count: int, rest: str) -> None:
    plan = planned(world(users=map(user, "hgfedcba"[-count:])), UserRules(create=False))
    assert plan.notes[0].endswith(f": {count} users (a, b, c, {rest}")


def test_with_create_off_two_users_of_one_name_are_no_conflict_while_there_is_no_such_account() -> None:
    rivals = [user("ada", id="u-1"), user("Ada", id="u-2")]
    plan = planned(world(users=rivals), UserRules(create=False))
    assert (plan.changes, plan.conflicts) == ((), ())
    assert kinds(planned(world(users=rivals, accounts=[account()]), UserRules(create=False))) == [
        ("C14", "user:u-1"),
        ("C14", "user:u-2"),
    ]


def test_who_was_inactive_from_the_start_is_never_provisioned() -> None:
    assert planned(world(users=[user(active=False)])).changes == ()
    assert planned(world(users=[user(deleted=True)])).changes == ()


# Linking


def test_an_unlinked_account_of_exactly_the_mapped_name_is_linked() -> None:
    change = only_change(planned(world(users=[user(exchange=7)], accounts=[account()])))
    assert (change.kind, change.account, change.account_id, change.user_id) == (
        ChangeKind.LINK_ACCOUNT,
        "ada",
        "a-ada",
        "u-ada",
    )
    assert (change.before, change.after) == ({}, {"name": "ada"})
    assert change.because.text == "Ada Lovelace maps to the name of account 'ada'"
    assert (change.because.rule, change.because.exchange) == ("users.matching", 7)


def test_names_are_compared_as_the_product_compares_them() -> None:
    change = only_change(planned(world(users=[user("ada")], accounts=[account("ADA")])))
    assert (change.kind, change.account) == (ChangeKind.LINK_ACCOUNT, "ADA")


def test_a_name_that_only_begins_alike_is_another_name() -> None:
    others = [account(name, display_name=name, email=None) for name in ("ada2", "ad")]
    plan = planned(world(users=[user("ada")], accounts=others))
    assert steps(plan) == ["create-account ada"]


def test_an_account_is_linked_even_where_the_product_would_not_create_its_name_today() -> None:
    plan = planned(world(users=[user("o'brien")], accounts=[account("o'brien")]))
    assert steps(plan) == ["link-account o'brien"]


def test_an_account_is_linked_even_with_create_off() -> None:
    assert steps(planned(world(users=[user()], accounts=[account()]), UserRules(create=False))) == ["link-account ada"]


def test_a_linked_account_is_brought_in_line_at_once() -> None:
    found = account(display_name="Ada Byron", active=False)
    plan = planned(world(users=[user()], accounts=[found]))
    assert steps(plan) == ["link-account ada", "update-account ada", "reactivate-account ada"]


def test_a_link_is_by_id_and_outlives_a_new_name_on_either_side() -> None:
    renamed = world(users=[user("ada.king", id="u-ada")], accounts=[account("countess", id="a-ada")], links=[link()])
    plan = planned(renamed)
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes == (
        "Keep their names. This product does not rename accounts: 1 account (countess instead of ada.king).",
    )


def test_a_linked_user_needs_no_account_name() -> None:
    rule = ValueRule("userName", match="^(.+)@", replace="$1", no_match="ignore")
    linked = world(users=[user()], accounts=[account()], links=[link()])
    assert planned(linked, UserRules(username=rule)).conflicts == ()


# Updating


@pytest.mark.parametrize(
    ("display_name", "email", "text"),
    [
        ("Ada Byron", "ada@example.com", "Display name of 'ada' differs from Ada Lovelace's at the IdP"),
        ("Ada Lovelace", "old@example.com", "E-mail of 'ada' differs from Ada Lovelace's at the IdP"),
        ("Ada Byron", "old@example.com", "Display name and e-mail of 'ada' differ from Ada Lovelace's at the IdP"),
    ],
)
def test_display_name_and_e_mail_follow_the_idp_and_both_are_stated(display_name: str, email: str, text: str) -> None:
    change = only_change(update_of(display_name=display_name, email=email))
    assert change.kind == ChangeKind.UPDATE_ACCOUNT
    assert change.before == {"display_name": display_name, "email": email}
    assert change.after == {"display_name": "Ada Lovelace", "email": "ada@example.com"}
    assert (change.because.text, change.because.rule) == (text, "users.update")


def test_what_the_target_does_not_tell_is_no_difference() -> None:
    assert update_of(display_name=None, email=None).changes == ()


def test_what_the_target_does_not_tell_is_unknown_before_and_set_after() -> None:
    change = only_change(update_of(display_name="Ada Byron", email=None))
    assert change.before == {"display_name": "Ada Byron", "email": None}
    assert change.after == {"display_name": "Ada Lovelace", "email": "ada@example.com"}


def test_what_the_idp_does_not_give_keeps_the_target_s_value() -> None:
    found = account(display_name="Ada Byron", email="old@example.com")
    plan = planned(world(users=[user(email=None)], accounts=[found], links=[link()]))
    assert only_change(plan).after == {"display_name": "Ada Lovelace", "email": "old@example.com"}


def test_with_update_off_values_stay() -> None:
    found = account(display_name="Ada Byron")
    plan = planned(world(users=[user()], accounts=[found], links=[link()]), UserRules(update=False))
    assert plan.changes == ()


def update_of(display_name: str | None, email: str | None) -> Plan:
    found = account(display_name=display_name, email=email)
    return planned(world(users=[user()], accounts=[found], links=[link()]))


# Leavers


LEAVERS = (user(active=False), user(deleted=True))


def change_of_leaver(leaver: SourceUser) -> Change:
    return only_change(planned(world(users=[leaver], accounts=[account()], links=[link()])))


def test_the_account_of_an_inactive_user_is_deactivated() -> None:
    change = change_of_leaver(user(active=False, exchange=9))
    assert (change.kind, change.account_id) == (ChangeKind.DEACTIVATE_ACCOUNT, "a-ada")
    assert (change.before, change.after) == ({"active": True}, {"active": False})
    assert change.because.text == "Ada Lovelace is inactive at the IdP"
    assert (change.because.rule, change.because.exchange) == ("users.when_inactive", 9)


@pytest.mark.parametrize("active", [True, False])
def test_a_tombstone_is_a_leaver_whatever_its_last_state(active: bool) -> None:
    change = change_of_leaver(user(active=active, deleted=True))
    assert change.kind == ChangeKind.DEACTIVATE_ACCOUNT
    assert change.because.text == "Ada Lovelace is deleted at the IdP"


def test_a_leaver_whose_account_is_inactive_already_needs_nothing() -> None:
    gone = world(users=[user(active=False)], accounts=[account(active=False)], links=[link()])
    assert planned(gone).changes == ()


def test_a_leaver_s_values_are_not_updated_any_more() -> None:
    found = account(display_name="Ada Byron", active=False)
    assert planned(world(users=[user(active=False)], accounts=[found], links=[link()])).changes == ()


@pytest.mark.parametrize("leaver", LEAVERS)
def test_with_when_inactive_keep_a_leaver_s_account_stays_active(leaver: SourceUser) -> None:
    left = world(users=[leaver], accounts=[account()], links=[link()])
    assert planned(left, UserRules(when_inactive="keep")).changes == ()


def test_a_leaver_that_was_never_linked_leaves_the_account_of_its_name_alone_and_the_plan_says_so() -> None:
    plan = planned(world(users=[user(active=False)], accounts=[account()]))
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes == (
        "Left active, because they were never linked to the inactive users of their names: 1 account (ada).",
    )


def test_the_name_of_an_unlinked_leaver_is_no_note_where_somebody_else_has_or_gets_the_account() -> None:
    former = user("Ada", active=False)
    assert planned(world(users=[former, user()], accounts=[account()], links=[link()])).notes == ()
    assert planned(world(users=[former, user()], accounts=[account()])).notes == ()
    assert planned(world(users=[former], accounts=[account(active=False)])).notes == ()


def test_a_user_that_is_merely_absent_is_no_leaver() -> None:
    assert planned(world(accounts=[account()], links=[link()])).changes == ()


def test_an_account_that_belongs_to_nobody_is_left_alone() -> None:
    assert planned(world(accounts=[account(), account("bob", active=False)])).changes == ()


# Coming back


def test_the_account_of_a_user_that_is_active_again_is_reactivated() -> None:
    plan = planned(world(users=[user(exchange=3)], accounts=[account(active=False)], links=[link()]))
    change = only_change(plan)
    assert change.kind == ChangeKind.REACTIVATE_ACCOUNT
    assert (change.before, change.after) == ({"active": False}, {"active": True})
    assert change.because.text == "Ada Lovelace is active at the IdP"
    assert (change.because.rule, change.because.exchange) == ("users.reactivate", 3)


def test_with_reactivate_off_an_inactive_account_stays_so_and_its_values_still_follow() -> None:
    found = account(display_name="Ada Byron", active=False)
    plan = planned(world(users=[user()], accounts=[found], links=[link()]), UserRules(reactivate=False))
    assert steps(plan) == ["update-account ada"]


# Leaving users out


SKIPPING = UserRules(email=ValueRule("emails.work", match="@corp[.]example$", no_match="skip-user"))


@pytest.mark.parametrize(("active", "deleted"), [(True, False), (False, False), (True, True)])
def test_a_skipped_user_s_account_and_memberships_stay_as_they_are(active: bool, deleted: bool) -> None:
    found = account(display_name="Ada Byron", groups=["other"])
    skipped = user(groups=["g-Staff"], active=active, deleted=deleted)
    plan = planned(world(users=[skipped], groups=[group()], accounts=[found], links=[link()]), SKIPPING)
    assert steps(plan) == ["create-group Staff"]
    assert plan.conflicts == ()
    assert plan.notes == (
        'Left out, because users.email does not match and its no_match is "skip-user": 1 user (ada).',
    )


def test_a_skipped_user_claims_no_name() -> None:
    rivals = [user("ada", email="ada@corp.example"), user("Ada")]
    rules = UserRules(email=ValueRule("emails.work", match="^.+@corp[.]example$", no_match="skip-user"))
    assert steps(planned(world(users=rivals), rules)) == ["create-account ada"]


def test_an_invalid_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="character 2: missing"):
        planned(world(users=[user()]), UserRules(username=ValueRule("userName", match="(")))
