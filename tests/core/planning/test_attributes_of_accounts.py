"""`users.attributes`, and what the four answers of `no_match` do to an account: pass, ignore, clear, skip-user."""

from dataclasses import replace
from typing import Any

import pytest

from core.planning.changes import Plan
from core.planning.rules import UserRules, ValueRule
from core.planning.values import Capabilities, NameRules

from .building import CONFLUENCE, account, group, kinds, link, only_change, only_conflict, planned, steps, user, world

ABLE = Capabilities(names=CONFLUENCE, attributes=frozenset({"department", "first_name", "externalId"}))
NEEDS_NO_EMAIL = Capabilities(names=NameRules())
DEPARTMENT = {"department": ValueRule("enterprise.department")}
IN_RESEARCH = {"enterprise.department": "Research"}


def of_linked(
    *, at_idp: dict[str, str] | None = None, at_target: dict[str, str] | None = None, rules: UserRules, **of_user: Any
) -> Plan:
    """The plan for one linked user, whose account has these attributes."""
    found = account(attributes=at_target)
    known = user(attributes=at_idp, **of_user)
    return planned(world(users=[known], accounts=[found], links=[link()], capabilities=ABLE), rules)


# users.attributes: creating


def test_attributes_with_a_value_are_set_on_a_new_account_and_so_is_the_immutable_id() -> None:
    ada = user(attributes=IN_RESEARCH)
    rules = UserRules(attributes=DEPARTMENT | {"first_name": ValueRule("name.givenName")})
    change = only_change(planned(world(users=[ada], capabilities=ABLE), rules))
    assert change.after == {
        "name": "ada",
        "display_name": "Ada Lovelace",
        "email": "ada@example.com",
        "active": True,
        "attributes.department": "Research",
        "external_id": "u-ada",
    }


def test_the_immutable_id_of_a_new_account_is_the_idp_s_where_it_gives_one() -> None:
    ada = user(attributes={"externalId": "00u1"})
    assert only_change(planned(world(users=[ada], capabilities=ABLE))).after["external_id"] == "00u1"


def test_a_product_that_keeps_no_immutable_id_is_given_none() -> None:
    assert "external_id" not in only_change(planned(world(users=[user()]))).after


# users.attributes: updating


def test_attributes_that_differ_are_stated_on_both_sides_with_display_name_and_e_mail() -> None:
    rules = UserRules(attributes=DEPARTMENT | {"first_name": ValueRule("name.givenName")})
    idp = IN_RESEARCH | {"name.givenName": "Ada"}
    change = only_change(of_linked(at_idp=idp, at_target={"department": "Sales", "first_name": "Ada"}, rules=rules))
    usual = {"display_name": "Ada Lovelace", "email": "ada@example.com"}
    assert change.before == usual | {"attributes.department": "Sales"}
    assert change.after == usual | {"attributes.department": "Research"}
    assert change.because.text == "Department of 'ada' differs from Ada Lovelace's at the IdP"
    assert change.because.rule == "users.update"


def test_attributes_several_fields_that_differ_are_named_in_one_sentence() -> None:
    rules = UserRules(attributes=DEPARTMENT | {"first_name": ValueRule("name.givenName")})
    plan = of_linked(at_idp=IN_RESEARCH | {"name.givenName": "Ada"}, rules=rules, display_name="Ada King")
    text = only_change(plan).because.text
    assert text == "Display name, department and first name of 'ada' differ from Ada King's at the IdP"


def test_attributes_one_that_the_account_lacks_is_empty() -> None:
    change = only_change(of_linked(at_idp=IN_RESEARCH, rules=UserRules(attributes=DEPARTMENT)))
    assert change.before["attributes.department"] == ""


def test_attributes_that_are_alike_need_nothing() -> None:
    rules = UserRules(attributes=DEPARTMENT)
    assert of_linked(at_idp=IN_RESEARCH, at_target={"department": "Research"}, rules=rules).changes == ()


def test_attributes_that_no_rule_makes_are_left_alone() -> None:
    assert of_linked(at_idp=IN_RESEARCH, at_target={"department": "Sales"}, rules=UserRules()).changes == ()


def test_attributes_with_update_off_stay() -> None:
    rules = UserRules(attributes=DEPARTMENT, update=False)
    assert of_linked(at_idp=IN_RESEARCH, at_target={"department": "Sales"}, rules=rules).changes == ()


def test_attributes_that_the_product_lacks_are_left_out_and_told_once_for_each() -> None:
    rules = UserRules(attributes=DEPARTMENT | {"shoe_size": ValueRule("shoe")})
    users = [user(name, attributes={"shoe": "38"}) for name in ("ada", "bob")]
    plan = planned(world(users=users, capabilities=ABLE), rules)
    assert all("attributes.shoe_size" not in change.after for change in plan.changes)
    assert plan.notes == (
        "Left out, because accounts of this product have no such attribute: 1 rule (users.attributes.shoe_size).",
    )


# no_match


def unmatched(no_match: Any) -> dict[str, ValueRule]:
    return {"department": ValueRule("enterprise.department", match="^R", replace="R", no_match=no_match)}


@pytest.mark.parametrize(("no_match", "after"), [("pass", "Sales"), ("ignore", None), ("clear", "")])
def test_no_match_of_an_attribute(no_match: str, after: str | None) -> None:
    rules = UserRules(attributes=unmatched(no_match))
    plan = of_linked(at_idp={"enterprise.department": "Sales"}, at_target={"department": "Old"}, rules=rules)
    assert [change.after["attributes.department"] for change in plan.changes] == ([] if after is None else [after])


def test_no_match_skip_user_leaves_the_whole_account_alone() -> None:
    rules = UserRules(attributes=unmatched("skip-user"))
    plan = of_linked(at_idp={"enterprise.department": "Sales"}, rules=rules, display_name="Ada King", groups=["g"])
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes == (
        'Left out, because users.attributes.department does not match and its no_match is "skip-user": 1 user (ada).',
    )


def test_no_match_clear_leaves_an_attribute_that_is_empty_already() -> None:
    rules = UserRules(attributes=unmatched("clear"))
    assert of_linked(at_idp={"enterprise.department": "Sales"}, rules=rules).changes == ()


def test_no_match_clear_of_an_attribute_sets_none_on_a_new_account() -> None:
    ada = user(attributes={"enterprise.department": "Sales"})
    change = only_change(planned(world(users=[ada], capabilities=ABLE), UserRules(attributes=unmatched("clear"))))
    assert "attributes.department" not in change.after


CLEARED_EMAIL = UserRules(email=ValueRule("emails.work", match="@corp$", no_match="clear"))
CLEARED_NAME = UserRules(display_name=ValueRule("displayName", match="^Dr", no_match="clear"))


def test_no_match_clear_of_the_e_mail_empties_it_where_the_product_needs_none() -> None:
    known = world(users=[user()], accounts=[account()], links=[link()], capabilities=NEEDS_NO_EMAIL)
    change = only_change(planned(known, CLEARED_EMAIL))
    assert (change.before["email"], change.after["email"]) == ("ada@example.com", "")
    empty = replace(known, accounts=(account(email=""),))
    assert planned(empty, CLEARED_EMAIL).changes == ()


def test_no_match_clear_of_the_e_mail_is_c17_where_the_product_needs_one() -> None:
    known = world(users=[user()], accounts=[account(active=False)], links=[link()])
    conflict = only_conflict(planned(known, CLEARED_EMAIL))
    assert (conflict.kind, conflict.subject, conflict.title) == ("C17", "user:u-ada", "Ada Lovelace has no e-mail")


def test_no_match_clear_of_the_display_name_is_c17() -> None:
    for able in (ABLE, NEEDS_NO_EMAIL):
        known = world(users=[user()], accounts=[account()], links=[link()], capabilities=able)
        assert only_conflict(planned(known, CLEARED_NAME)).title == "Ada Lovelace has no display name"


@pytest.mark.parametrize("rules", [CLEARED_EMAIL, CLEARED_NAME])
def test_no_match_clear_is_no_conflict_where_nothing_would_be_sent(rules: UserRules) -> None:
    known = world(users=[user()], accounts=[account()], links=[link()])
    assert planned(known, replace(rules, update=False)).conflicts == ()
    untold = replace(known, accounts=(account(email=None, display_name=None),))
    assert planned(untold, rules).conflicts == ()


def test_no_match_clear_of_a_newcomer_s_account_name_is_c05() -> None:
    rules = UserRules(username=ValueRule("userName", match="@", no_match="clear"))
    assert kinds(planned(world(users=[user(groups=["g-Staff"])], groups=[group()]), rules)) == [("C05", "user:u-ada")]


def test_a_matched_account_gets_the_attributes_at_once() -> None:
    known = world(users=[user(attributes=IN_RESEARCH)], accounts=[account()], capabilities=ABLE)
    assert steps(planned(known, UserRules(attributes=DEPARTMENT))) == ["link-account ada", "update-account ada"]
