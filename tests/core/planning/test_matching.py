"""`users.matching`: which account, of those that are there already, a user without a link is linked to."""

from collections.abc import Iterable

import pytest

from core.planning.changes import Change, Plan
from core.planning.rules import Matching, UserRules, ValueRule
from core.planning.values import Account, SourceUser

from .building import account, kinds, link, only_conflict, planned, steps, user, world

OTHER_NAME = "countess"


def matched(by: Iterable[Matching], accounts: Iterable[Account], users: Iterable[SourceUser] | None = None) -> Plan:
    known = world(users=[user()] if users is None else users, accounts=accounts)
    return planned(known, UserRules(matching=tuple(by), rename=False))


def linking(plan: Plan) -> Change:
    (change,) = plan.changes
    assert (change.kind, plan.conflicts) == ("link-account", ())
    return change


def answers(plan: Plan) -> str:
    return "".join(answer.key for answer in only_conflict(plan).resolutions)


# By immutable id


@pytest.mark.parametrize("external_id", ["u-ada", "00u1"])
def test_matching_id_links_the_account_that_keeps_the_user_s_id(external_id: str) -> None:
    ada = user(attributes={"externalId": "00u1"}, exchange=3)
    change = linking(matched(["id"], [account(OTHER_NAME, external_id=external_id)], [ada]))
    assert (change.account, change.account_id, change.user_id) == (OTHER_NAME, "a-countess", "u-ada")
    assert (change.before, change.after) == ({}, {"name": OTHER_NAME})
    assert change.because.text == "Ada Lovelace has the immutable id of 'countess'"
    assert (change.because.rule, change.because.exchange) == ("users.matching", 3)


def test_matching_id_an_account_that_keeps_none_matches_nobody() -> None:
    stranger = account(OTHER_NAME, display_name="A Countess", email=None)
    assert steps(matched(["id"], [stranger])) == ["create-account ada"]


# By name


def test_matching_username_links_the_account_of_the_mapped_name() -> None:
    change = linking(matched(["username"], [account()]))
    assert change.because.text == "Ada Lovelace maps to the name of account 'ada'"
    assert change.because.rule == "users.matching"


def test_matching_without_username_an_account_of_that_name_is_c01() -> None:
    plan = matched(["id", "email"], [account(email="other@example.com", display_name="Ada Byron")])
    conflict = only_conflict(plan)
    assert (conflict.kind, conflict.subject) == ("C01", "user:u-ada")
    assert conflict.title == "An account 'ada' is there already"
    assert conflict.explanation == (
        "Ada Lovelace maps to 'ada', which belongs to no user; users.matching does not link by name."
    )
    assert conflict.evidence == {"account": "ada", "display name": "Ada Byron", "e-mail": "other@example.com"}
    assert answers(plan) == "HLNX"
    assert "'ada2'" in conflict.resolutions[2].consequence


def test_matching_without_username_all_who_map_to_that_name_are_c01() -> None:
    plan = matched(["id"], [account()], [user("ada", id="u-1"), user("Ada", id="u-2")])
    assert (kinds(plan), plan.changes) == ([("C01", "user:u-1"), ("C01", "user:u-2")], ())


def test_matching_without_username_a_linked_account_of_that_name_is_c10() -> None:
    known = world(users=[user(), user("Ada", id="u-2")], accounts=[account()], links=[link()])
    assert kinds(planned(known, UserRules(matching=("id",)))) == [("C10", "user:u-2")]


# By e-mail address


def test_matching_email_links_the_account_of_that_address() -> None:
    change = linking(matched(["email"], [account(OTHER_NAME)]))
    assert (change.account, change.because.rule) == (OTHER_NAME, "users.matching")
    assert change.because.text == "Ada Lovelace has the e-mail address of 'countess'"


def test_matching_email_compares_without_case() -> None:
    plan = matched(["email"], [account(OTHER_NAME, email="ADA@example.com")])
    assert steps(plan) == ["link-account countess", "update-account countess"], "linked, then written as the IdP has it"


def test_matching_email_uses_the_mapped_address() -> None:
    known = world(users=[user()], accounts=[account(OTHER_NAME, email="ada@corp.example")])
    mapped = ValueRule("emails.work", match="^(.*)@", replace="$1@corp.example")
    plan = planned(known, UserRules(matching=("email",), email=mapped, rename=False))
    assert steps(plan) == ["link-account countess"]


@pytest.mark.parametrize("email", [None, ""])
def test_matching_email_none_on_both_sides_is_no_match(email: str | None) -> None:
    plan = matched(["email"], [account(OTHER_NAME, email=email)], [user(email=None)])
    assert kinds(plan) == [("C17", "user:u-ada")], "it would be created, if the product needed no address"


# In order


@pytest.mark.parametrize(
    ("by", "found"),
    [
        (["id", "username", "email"], "by-id"),
        (["username", "email", "id"], "ada"),
        (["email", "id", "username"], "by-mail"),
    ],
)
def test_matching_the_first_that_finds_anything_decides(by: list[Matching], found: str) -> None:
    accounts = [
        account("by-id", external_id="u-ada", email="1@example.com"),
        account("ada", email="2@example.com"),
        account("by-mail"),
    ]
    assert steps(matched(by, accounts))[0] == f"link-account {found}"


def test_matching_goes_on_where_one_finds_nothing() -> None:
    assert linking(matched(["id", "username", "email"], [account(OTHER_NAME)])).account == OTHER_NAME


def test_matching_whoever_matches_nothing_gets_a_new_account() -> None:
    assert steps(matched(["id", "username", "email"], [])) == ["create-account ada"]
    assert steps(matched([], [])) == ["create-account ada"]


@pytest.mark.parametrize("by", ["id", "email"])
def test_matching_an_account_that_is_linked_to_somebody_else_does_not_count(by: Matching) -> None:
    taken = account("bob", external_id="u-ada", display_name="Bob", groups=None)
    bob = user("bob", display_name="Bob")
    known = world(users=[user(), bob], accounts=[taken], links=[link("bob")])
    assert steps(planned(known, UserRules(matching=(by,)))) == ["create-account ada"]
    outside = world(users=[user()], accounts=[taken], links=[link("bob")])
    assert steps(planned(outside, UserRules(matching=(by,)))) == ["create-account ada"]


def test_matching_a_matched_account_is_brought_in_line_at_once() -> None:
    found = account(OTHER_NAME, external_id="u-ada", active=False, display_name="Ada Byron")
    assert steps(matched(["id"], [found])) == [
        "link-account countess",
        "update-account countess",
        "reactivate-account countess",
    ]


def test_matching_links_even_with_create_off() -> None:
    known = world(users=[user()], accounts=[account(OTHER_NAME)])
    rules = UserRules(matching=("email",), create=False, rename=False)
    assert steps(planned(known, rules)) == ["link-account countess"]


# C02: several accounts match


def test_c02_several_accounts_of_one_address() -> None:
    plan = matched(["email", "username"], [account("ada"), account("countess")])
    conflict = only_conflict(plan)
    assert (conflict.kind, conflict.subject) == ("C02", "user:u-ada")
    assert conflict.title == "2 accounts match Ada Lovelace"
    assert conflict.explanation == (
        "Ada Lovelace has the same e-mail address as ada, countess. None of them is linked while more than one matches."
    )
    assert conflict.evidence == {
        "matched by": "e-mail address",
        "e-mail address": "ada@example.com",
        "accounts": "ada, countess",
    }
    assert answers(plan) == "HLNE"


def test_c02_two_accounts_that_keep_the_user_s_two_ids() -> None:
    accounts = [account("one", external_id="00u1"), account("two", external_id="u-ada")]
    conflict = only_conflict(matched(["id"], accounts, [user(attributes={"externalId": "00u1"})]))
    assert (conflict.kind, conflict.evidence["immutable id"]) == ("C02", "00u1, u-ada")


def test_c02_many_accounts_are_counted_and_the_first_named() -> None:
    conflict = only_conflict(matched(["email"], [account(f"a{number:02}") for number in range(30)]))
    assert conflict.title == "30 accounts match Ada Lovelace"
    assert "as a00, a01, a02, a03, a04 and 25 more." in conflict.explanation
    assert conflict.evidence["accounts"].endswith("a19 and 10 more")


# C03: several users match one account


def test_c03_users_of_one_address_wait_for_each_other() -> None:
    users = [user("ada", id="u-1", display_name="Ada A"), user("eve", id="u-2", display_name="Eve E")]
    plan = matched(["email"], [account(OTHER_NAME)], users)
    assert plan.changes == ()
    first, second = plan.conflicts
    assert (first.kind, first.subject, second.subject) == ("C03", "user:u-1", "user:u-2")
    assert first.title == second.title == "2 users match account 'countess'"
    assert first.explanation == "Ada A matches the same account as eve. None of them is linked while they do."
    assert first.evidence == {"account": "countess", "userName": "ada", "others": "eve"}
    assert [answer.key for answer in first.resolutions] == ["H", "L", "E", "X"]


def test_c03_one_matches_by_id_and_another_by_name() -> None:
    by_id, by_name = user("eve"), user("ada")
    found = account("ada", external_id="u-eve")
    assert kinds(matched(["id", "username"], [found], [by_id, by_name])) == [
        ("C03", "user:u-ada"),
        ("C03", "user:u-eve"),
    ]


def test_c03_an_account_that_somebody_else_matches_among_several_is_not_linked_away() -> None:
    """Linking it would decide, at the next plan, which of the several is the other user's."""
    several = user("eve", id="u-2", email="both@example.com")
    sure = user("ada", id="u-1", email="none@example.com")
    accounts = [account("one", email="both@example.com", external_id="u-1"), account("two", email="both@example.com")]
    plan = matched(["id", "email"], accounts, [sure, several])
    assert (kinds(plan), plan.changes) == ([("C02", "user:u-2"), ("C03", "user:u-1")], ())


def test_c03_many_users_are_counted_and_the_first_named() -> None:
    users = [user(f"u{number:02}") for number in range(30)]
    plan = matched(["email"], [account(OTHER_NAME)], users)
    assert len(plan.conflicts) == 30
    assert plan.conflicts[29].title == "30 users match account 'countess'"
    assert "as u00, u01, u02, u03, u04 and 24 more." in plan.conflicts[29].explanation
    assert plan.conflicts[0].evidence["others"].endswith("u20 and 9 more")


def test_c14_users_of_one_name_stay_c14_while_all_match_by_it() -> None:
    users = [user("ada", id="u-1"), user("Ada", id="u-2")]
    assert kinds(matched(["id", "username"], [account()], users)) == [("C14", "user:u-1"), ("C14", "user:u-2")]


def test_an_account_of_a_name_that_a_link_remembers_is_matched_to_nobody_else() -> None:
    """It may be what became of the account that was linked: an admin decides (C06)."""
    known = world(users=[user()], accounts=[account("bob", id="a-new")], links=[link("bob")])
    assert steps(planned(known, UserRules(matching=("email", "username")))) == ["create-account ada"]
