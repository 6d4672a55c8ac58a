"""`users.scope`: who is provisioned at all; `users.when_out_of_scope`: what becomes of those that leave it."""

from typing import Any

import pytest

from core.planning.rules import AttributeCheck, GroupRules, Nesting, UserRules, UserScope
from core.planning.scope import failing, holds
from core.planning.values import SourceUser

from .building import account, group, link, managed, only_change, planned, steps, target_group, user, world

STAFF = UserScope(groups=("Staff",))
NOTE = "Left as they are, because they are out of scope (users.scope): 1 user (ada)."


def is_created(scope: UserScope, ada: SourceUser, nested: Nesting = "flatten") -> bool:
    """Whether a newcomer gets an account: if not, the plan says why."""
    known = [group("Staff"), group("Interns", parents=["g-Staff"]), group("Guests"), group("Ghosts", deleted=True)]
    rules = GroupRules(mode="off", nested=nested)
    plan = planned(world(users=[ada], groups=known), UserRules(scope=scope), rules)
    assert plan.conflicts == ()
    assert (steps(plan), plan.notes) in ((["create-account ada"], ()), ([], (NOTE,)))
    return bool(plan.changes)


def of_type(user_type: str | None) -> SourceUser:
    return user(attributes={"userType": user_type} if user_type else {})


def member_of(*names: str) -> SourceUser:
    return user(groups=[f"g-{name}" for name in names])


# users.scope.where


@pytest.mark.parametrize(("user_type", "is_in"), [("Employee", True), ("Guest", False), (None, True)])
def test_scope_where_not_match_leaves_out_whom_it_matches(user_type: str | None, is_in: bool) -> None:
    scope = UserScope(where=(AttributeCheck("userType", not_match="^Guest$"),))
    assert is_created(scope, of_type(user_type)) is is_in


@pytest.mark.parametrize(("user_type", "is_in"), [("Employee", True), ("Guest", False), (None, False)])
def test_scope_where_match_leaves_out_whom_it_does_not_match(user_type: str | None, is_in: bool) -> None:
    scope = UserScope(where=(AttributeCheck("userType", match="^Employee$"),))
    assert is_created(scope, of_type(user_type)) is is_in


def test_scope_where_all_checks_must_hold() -> None:
    scope = UserScope(where=(AttributeCheck("userName", match="^a"), AttributeCheck("emails.work", match="@corp$")))
    assert is_created(scope, user(email="ada@corp"))
    assert not is_created(scope, user(email="ada@elsewhere"))


def test_scope_where_sees_the_user_name_even_where_the_attributes_lack_it() -> None:
    bare = SourceUser("u-1", "ada", active=True, attributes={})
    assert holds(AttributeCheck("userName", match="^ada$"), bare)


def test_scope_where_a_value_that_is_not_unicode_breaks_nothing() -> None:
    assert holds(AttributeCheck("userType", match="x$"), of_type("\ud800x"))


# users.scope.groups and users.scope.exclude_groups


def test_scope_groups_takes_the_members_of_any_group_that_a_glob_names() -> None:
    scope = UserScope(groups=("Nobody", "sta*"))
    assert is_created(scope, member_of("Guests", "Staff"))
    assert not is_created(scope, member_of("Guests"))
    assert not is_created(scope, member_of())


def test_scope_groups_counts_a_group_around_the_user_s_where_nesting_counts() -> None:
    assert is_created(STAFF, member_of("Interns"))
    assert not is_created(STAFF, member_of("Interns"), nested="ignore")


def test_scope_groups_a_deleted_group_counts_for_nothing() -> None:
    assert not is_created(UserScope(groups=("*",)), member_of("Ghosts"))
    assert is_created(UserScope(exclude_groups=("*",)), member_of("Ghosts"))


def test_scope_exclude_groups_leaves_their_members_out_whatever_else_they_are_in() -> None:
    scope = UserScope(groups=("Staff",), exclude_groups=("Guest?",))
    assert is_created(scope, member_of("Staff"))
    assert not is_created(scope, member_of("Staff", "Guests"))


def test_scope_exclude_groups_alone_takes_everybody_else() -> None:
    scope = UserScope(exclude_groups=("Guests",))
    assert is_created(scope, member_of())
    assert not is_created(scope, member_of("Guests"))


def test_why_somebody_is_out_of_scope_is_told_by_the_check_that_fails() -> None:
    scope = UserScope((AttributeCheck("userType", not_match="^Guest$"),), ("Staff",), ("Leavers",))
    assert failing(scope, of_type("Guest"), {}) == "userType matches '^Guest$'"
    assert failing(scope, user(), {"g": "Leavers"}) == "it is in IdP group 'Leavers', which exclude_groups names"
    assert failing(scope, user(), {}) == "it is in none of the IdP groups that groups names"
    assert failing(scope, user(), {"g": "Staff"}) is None
    employees = UserScope((AttributeCheck("userType", match="^Employee$"),))
    assert failing(employees, user(), {}) == "userType does not match '^Employee$'"


# users.when_out_of_scope


def left(**of_user: Any) -> dict[str, Any]:
    """The parts of a world with a linked user that is not, or no longer, in the group that is in scope."""
    parts = {"groups": [group()], "target_groups": [target_group()], "accounts": [account()], "links": [link()]}
    return parts | {"users": [user(**of_user)]}


def test_when_out_of_scope_keep_leaves_account_and_memberships_as_they_are() -> None:
    parts = left(display_name="Ada King") | {"accounts": [account(groups=["staff"])], "managed": [managed()]}
    plan = planned(world(**parts), UserRules(scope=STAFF))
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), (NOTE,))


def test_when_out_of_scope_inactive_treats_the_user_as_a_leaver() -> None:
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive")
    change = only_change(planned(world(**left(exchange=9)), rules))
    assert (change.kind, change.account_id) == ("deactivate-account", "a-ada")
    assert change.because.text == "Ada Lovelace is out of scope"
    assert (change.because.rule, change.because.exchange) == ("users.when_out_of_scope", 9)


def test_when_out_of_scope_inactive_keeps_the_memberships_of_who_is_not_deleted() -> None:
    parts = left() | {"accounts": [account(groups=["staff"])], "managed": [managed()]}
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive")
    assert steps(planned(world(**parts), rules)) == ["deactivate-account ada"]


def test_when_out_of_scope_inactive_there_is_no_grace_for_who_is_present() -> None:
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive", grace=3600)
    plan = planned(world(**left(gone_at=0), now=1), rules)
    assert (steps(plan), dict(plan.due)) == (["deactivate-account ada"], {})


def test_when_out_of_scope_inactive_a_read_that_missed_the_user_once_is_not_the_reason() -> None:
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive")
    change = only_change(planned(world(**left(missed_reads=1)), rules))
    assert change.because.rule == "users.when_out_of_scope"


def test_when_out_of_scope_inactive_an_unlinked_user_stays_out() -> None:
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive")
    plan = planned(world(users=[user()], accounts=[account()]), rules)
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), (NOTE,))


def test_who_comes_back_into_scope_is_reactivated() -> None:
    rules = UserRules(scope=STAFF, when_out_of_scope="inactive")
    back = left(groups=["g-Staff"]) | {"accounts": [account(active=False)]}
    assert steps(planned(world(**back), rules, GroupRules(mode="off"))) == ["reactivate-account ada"]


def test_a_user_out_of_scope_claims_no_account_name() -> None:
    outside, inside = user("ada", id="u-1"), user("Ada", id="u-2", groups=["g-Staff"])
    known = world(users=[outside, inside], groups=[group()])
    plan = planned(known, UserRules(scope=STAFF), GroupRules(mode="off"))
    assert (steps(plan), plan.conflicts) == (["create-account ada"], ())
