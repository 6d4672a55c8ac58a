"""Brakes, one by one and named after their settings: what they hold, what they say, and what goes on all the same."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from core.planning.brakes import allowed, brakes, held
from core.planning.changes import Change, Hold, Plan
from core.planning.changes import ChangeKind as K
from core.planning.lookup import lookup
from core.planning.order import ordered
from core.planning.rules import BrakeRules, Limit
from core.planning.values import AdminGroup, SourceGroup, SourceUser, Totals, Waiting, World

from .building import group, user, world
from .made import made, moved

EXACT = Limit(count=2, percent=100)
MANY = Limit(count=1_000_000, percent=100)
LOOSE = BrakeRules(MANY, MANY, MANY, MANY, MANY, min_admins=0)
"""Nothing is held by these."""


def holds(
    changes: Iterable[Change],
    rules: BrakeRules,
    totals: Totals | None = None,
    *,
    users: Iterable[SourceUser] = (),
    groups: Iterable[SourceGroup] = (),
    admin_groups: tuple[AdminGroup, ...] = (),
) -> tuple[Hold, ...]:
    known: World = replace(
        world(users=users, groups=groups), totals=totals or Totals(linked=1840), admin_groups=admin_groups
    )
    return brakes(ordered(tuple(changes)), lookup(known), rules)


def only_hold(found: tuple[Hold, ...]) -> Hold:
    (hold,) = found
    return hold


def leaving(count: int, kind: K = K.DEACTIVATE_ACCOUNT) -> list[Change]:
    return [made(kind, f"user{number:03}") for number in range(count)]


# One for each setting


def test_deactivate() -> None:
    rules = replace(LOOSE, deactivate=Limit(count=50, percent=20))
    assert holds(leaving(50), rules) == ()
    hold = only_hold(holds(leaving(212), rules))
    assert hold.brake == "brakes.deactivate"
    assert hold.text == "212 accounts would be deactivated, of 1,840 linked; brakes.deactivate allows 50."
    assert hold.keys == tuple(change.key for change in leaving(212))
    assert hold.sample == tuple(f"user{number:03}" for number in range(10))
    assert hold.approvable


def test_delete_counts_accounts_and_groups_together() -> None:
    rules = replace(LOOSE, delete=EXACT)
    few = [made(K.DELETE_ACCOUNT, "ada"), made(K.DELETE_GROUP, "Staff")]
    assert holds(few, rules) == ()
    hold = only_hold(holds([*few, made(K.DELETE_ACCOUNT, "bob")], rules))
    assert hold.brake == "brakes.delete"
    assert hold.text == "2 accounts and 1 group would be deleted, of 1,840 linked; brakes.delete allows 2."
    assert hold.sample == ("ada", "bob", "Staff")


def test_remove_member_counts_over_all_groups() -> None:
    rules = replace(LOOSE, remove_member=EXACT)
    removals = [made(K.REMOVE_MEMBER, name, of) for name, of in (("ada", "A"), ("ada", "B"), ("bob", "B"))]
    assert holds(removals[:2], rules) == ()
    hold = only_hold(holds(removals, rules, Totals(memberships=9000)))
    assert hold.brake == "brakes.remove_member"
    assert hold.text == "3 memberships would be removed, of 9,000 read; brakes.remove_member allows 2."
    assert hold.sample == ("ada", "bob")


def test_remove_member_of_group_holds_that_group_alone() -> None:
    rules = replace(LOOSE, remove_member_of_group=Limit(count=100, percent=50))
    sales = [made(K.REMOVE_MEMBER, f"user{number:02}", "Sales") for number in range(16)]
    staff = [made(K.REMOVE_MEMBER, f"user{number:02}", "Staff") for number in range(16)]
    hold = only_hold(holds([*sales, *staff], rules, Totals(members={"sales": 30, "staff": 32})))
    assert hold.brake == "brakes.remove_member_of_group"
    assert hold.text == "'Sales' would lose 16 of its 30 members; brakes.remove_member_of_group allows 15 (50 %)."
    assert hold.keys == tuple(change.key for change in sales)


def test_remove_member_of_group_whose_members_were_not_counted_has_the_count_alone() -> None:
    rules = replace(LOOSE, remove_member_of_group=Limit(count=2, percent=1))
    removals = [made(K.REMOVE_MEMBER, name, "Sales") for name in ("ada", "bob", "cyd")]
    assert holds(removals[:2], rules) == ()
    assert (
        only_hold(holds(removals, rules)).text
        == "'Sales' would lose 3 members; brakes.remove_member_of_group allows 2."
    )


def test_update_counts_updates_and_renames_together() -> None:
    rules = replace(LOOSE, update=EXACT)
    two = [made(K.UPDATE_ACCOUNT, "ada"), made(K.RENAME_ACCOUNT, "ada")]
    assert holds(two, rules) == ()
    hold = only_hold(holds([*two, made(K.UPDATE_ACCOUNT, "bob")], rules, Totals(linked=10)))
    assert hold.brake == "brakes.update"
    assert hold.text == "3 accounts would be updated or renamed, of 10 linked; brakes.update allows 2."


ADMINS = AdminGroup("admins", "Admins", frozenset({"a-ada", "a-bob"}))


@pytest.mark.parametrize(
    "taking",
    [
        made(K.DEACTIVATE_ACCOUNT, "ada"),
        made(K.DELETE_ACCOUNT, "ada"),
        made(K.REMOVE_MEMBER, "ada", "ADMINS"),
    ],
)
def test_min_admins_keeps_the_last_administrators_and_nobody_may_approve_it(taking: Change) -> None:
    both = [taking, made(K.DEACTIVATE_ACCOUNT, "bob")]
    rules = replace(LOOSE, min_admins=1)
    assert holds(both[:1], rules, admin_groups=(ADMINS,)) == ()
    hold = only_hold(holds([*both, made(K.DEACTIVATE_ACCOUNT, "cyd")], rules, admin_groups=(ADMINS,)))
    assert (hold.brake, hold.approvable) == ("brakes.min_admins", False)
    assert hold.text == "'Admins' would keep 0 of 2 active members; brakes.min_admins asks for 1."
    assert set(hold.keys) == {change.key for change in both}


def test_min_admins_of_a_group_that_is_short_already_holds_nothing_that_does_not_make_it_shorter() -> None:
    rules = replace(LOOSE, min_admins=5)
    others = [
        made(K.DEACTIVATE_ACCOUNT, "cyd"),
        made(K.REMOVE_MEMBER, "ada", "Staff"),
        made(K.ADD_MEMBER, "cyd", "Admins"),
    ]
    assert holds(others, rules, admin_groups=(ADMINS,)) == ()


def test_min_admins_counts_an_administrators_group_that_would_be_deleted_as_empty() -> None:
    hold = only_hold(holds([made(K.DELETE_GROUP, "Admins")], replace(LOOSE, min_admins=1), admin_groups=(ADMINS,)))
    assert hold.text == "'Admins' would keep 0 of 2 active members; brakes.min_admins asks for 1."


def test_min_admins_comes_first_and_other_brakes_hold_the_same_change_too() -> None:
    rules = replace(LOOSE, min_admins=2, deactivate=Limit(0, 0))
    found = holds([made(K.DEACTIVATE_ACCOUNT, "ada")], rules, admin_groups=(ADMINS,))
    assert [hold.brake for hold in found] == ["brakes.min_admins", "brakes.deactivate"]


# The limit


@pytest.mark.parametrize(
    ("limit", "base", "number"),
    [
        (Limit(50, 20), 1840, 50),
        (Limit(50, 20), 100, 20),
        (Limit(50, 20), 20, 4),
        (Limit(50, 20), 19, 50),
        (Limit(50, 20), 0, 50),
        (Limit(50, 1), 20, 1),
        (Limit(0, 20), 1840, 0),
        (Limit(0, 20), 5, 0),
    ],
)
def test_the_smaller_of_count_and_percentage_holds_and_few_have_no_percentage(
    limit: Limit, base: int, number: int
) -> None:
    assert allowed(limit, base) == number


def test_a_percentage_that_decides_is_told() -> None:
    hold = only_hold(holds(leaving(21), replace(LOOSE, deactivate=Limit(50, 20)), Totals(linked=100)))
    assert hold.text.endswith("brakes.deactivate allows 20 (20 %).")


def test_many_small_pushes_may_not_do_what_one_large_run_may_not() -> None:
    rules = replace(LOOSE, deactivate=EXACT, remove_member_of_group=EXACT)
    recent = {"deactivate-account": 2, "remove-member|sales": 2, "remove-member": 2}
    changes = [made(K.DEACTIVATE_ACCOUNT, "ada"), made(K.REMOVE_MEMBER, "bob", "Sales")]
    assert [hold.text for hold in holds(changes, rules, Totals(recent=recent))] == [
        "1 account would be deactivated, besides 2 that pushes made within the last hour; brakes.deactivate allows 2.",
        "'Sales' would lose 1 member, besides 2 that pushes made within the last hour; "
        "brakes.remove_member_of_group allows 2.",
    ]


def test_what_pushes_did_holds_no_plan_that_does_nothing_of_the_kind() -> None:
    rules = replace(LOOSE, deactivate=EXACT)
    assert holds([made(K.CREATE_ACCOUNT)], rules, Totals(recent={"deactivate-account": 99})) == ()


def test_what_waits_already_counts_with_it_unless_the_plan_is_about_its_user() -> None:
    rules = replace(LOOSE, deactivate=EXACT)
    waiting = tuple(Waiting("deactivate-account", f"u{number}") for number in range(4))
    hold = only_hold(holds([made(K.DEACTIVATE_ACCOUNT, "ada")], rules, Totals(linked=12, waiting=waiting)))
    assert hold.text == "5 accounts would be deactivated, of 12 linked; brakes.deactivate allows 2."
    assert len(hold.keys) == 1
    people = [user(f"ada{number}", id=f"u{number}") for number in range(4)]
    planned_again = lookup(world(users=people, totals=Totals(12, waiting=waiting)))
    assert brakes([made(K.DEACTIVATE_ACCOUNT, "ada")], planned_again, rules) == ()


def test_what_waits_to_leave_a_group_counts_for_that_group() -> None:
    rules = replace(LOOSE, remove_member_of_group=EXACT)
    waiting = (Waiting("remove-member", "u1", "sales"), Waiting("remove-member", "u2", "sales"))
    hold = only_hold(holds([made(K.REMOVE_MEMBER, "bob", "Sales")], rules, Totals(waiting=waiting)))
    assert hold.text.startswith("'Sales' would lose 3 members;")


def test_what_waits_may_be_counted_already() -> None:
    rules = replace(LOOSE, remove_member=EXACT, remove_member_of_group=EXACT)
    waiting = (Waiting("remove-member", None, "sales", number=7), Waiting("remove-member", None, "crew", number=2))
    found = holds([made(K.REMOVE_MEMBER, "bob", "Sales")], rules, Totals(waiting=waiting))
    assert [hold.text.partition(";")[0] for hold in found] == [
        "10 memberships would be removed",
        "'Sales' would lose 8 members",
    ]


# The cause


def cause(changes: Iterable[Change], users: Iterable[SourceUser] = (), groups: Iterable[SourceGroup] = ()) -> str:
    none = Limit(0, 0)
    return holds(changes, BrakeRules(none, none, none, MANY, none, min_admins=0), users=users, groups=groups)[0].cause


@pytest.mark.parametrize(
    ("leaver", "rule", "state"),
    [
        (user("ada", deleted=True), "users.when_inactive", "deleted at the IdP"),
        (user("ada", active=False), "users.when_inactive", "inactive at the IdP"),
        (user("ada"), "users.missed_reads", "missing from the provider's last reads"),
        (user("ada"), "users.when_out_of_scope", "active at the IdP, but out of scope"),
    ],
)
def test_the_cause_says_why_they_count_as_leavers(leaver: SourceUser, rule: str, state: str) -> None:
    assert cause([made(K.DEACTIVATE_ACCOUNT, rule=rule)], [leaver]) == f"All by {rule}, all {state}."


def test_the_cause_is_what_more_than_half_of_them_share_with_how_many_they_are() -> None:
    users = [user("ada", deleted=True), user("bob", deleted=True), user("cyd", active=False)]
    changes = [made(K.DEACTIVATE_ACCOUNT, name) for name in ("ada", "bob", "cyd")]
    assert cause(changes, users) == "All by users.when_inactive, 2 deleted at the IdP."


def test_the_cause_names_the_idp_group_that_most_lost_their_membership_through() -> None:
    changes = [made(K.REMOVE_MEMBER, name, "Sales", group_id="g-Sales", rule="groups.map") for name in ("ada", "bob")]
    changes.append(made(K.REMOVE_MEMBER, "cyd", "Dev", group_id="g-Dev", rule="groups.map"))
    assert (
        cause(changes, groups=[group("Sales", deleted=True), group("Dev")])
        == "All by groups.map, 2 through IdP group 'Sales' (deleted)."
    )


def test_the_cause_of_updates_is_what_they_set_anew() -> None:
    before: dict[str, str | bool | None] = {"display_name": "A", "email": "old"}
    changes = [
        made(K.UPDATE_ACCOUNT, name, rule="users.update", before=before, after={"display_name": "A", "email": "new"})
        for name in ("ada", "bob")
    ]
    assert cause(changes) == "All by users.update, all with a new e-mail."


def test_the_cause_has_the_exchanges_that_nearly_all_came_with() -> None:
    changes = [made(K.DEACTIVATE_ACCOUNT, f"user{number:02}", exchange=4100 + number) for number in range(19)]
    changes.append(made(K.DEACTIVATE_ACCOUNT, "zoe", exchange=7))
    assert cause(changes) == "All by users.when_inactive, 18 by exchanges 4100 to 4117."


def test_the_cause_names_one_exchange_that_all_came_with() -> None:
    changes = [made(K.DEACTIVATE_ACCOUNT, name, exchange=12) for name in ("ada", "bob")]
    assert cause(changes) == "All by users.when_inactive, all by exchange 12."


def test_the_cause_says_so_where_they_share_nothing() -> None:
    changes = [made(K.DEACTIVATE_ACCOUNT, name, rule=f"rule {name}") for name in ("ada", "bob")]
    assert cause(changes) == "They have no rule, state, group or time in common."


# What is held


def test_what_a_leaver_leads_is_held_with_the_leaver() -> None:
    changes = ordered(
        (
            moved("project:A", "ada", "bob"),
            made(K.DEACTIVATE_ACCOUNT, "ada"),
            moved("project:D", "dan", "bob"),
            made(K.DELETE_ACCOUNT, "dan"),
            made(K.ADD_MEMBER, "ada", "Staff"),
        )
    )
    known = replace(world(), totals=Totals(linked=1840))
    found = Plan(changes, (), (), brakes(changes, lookup(known), replace(LOOSE, deactivate=Limit(0, 20))))
    assert held(found) == {moved("project:A", "ada", "bob").key, made(K.DEACTIVATE_ACCOUNT, "ada").key}


def test_nothing_is_held_of_a_plan_without_holds() -> None:
    assert held(Plan((made(K.DEACTIVATE_ACCOUNT), moved("project:A", "ada", "bob")), ())) == frozenset()
