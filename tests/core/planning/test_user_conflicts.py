"""Conflicts about users: where planning refuses to guess, what it says, and what waits for the answer."""

import pytest

from core.planning.changes import Conflict
from core.planning.rules import UserRules, ValueRule
from core.planning.values import Capabilities, Link, NameRules, SourceUser

from .building import account, group, kinds, link, only_conflict, planned, steps, target_group, user, world

LOCAL_PART = ValueRule("userName", match="^(.+)@", replace="$1", case="lower", no_match="ignore")


def answers(conflict: Conflict) -> str:
    return "".join(answer.key for answer in conflict.resolutions)


# C05: no account name


def test_c05_a_user_for_whom_the_rule_gives_no_account_name() -> None:
    conflict = only_conflict(planned(world(users=[user(exchange=5)]), UserRules(username=LOCAL_PART)))
    assert (conflict.kind, conflict.subject, conflict.user_id, conflict.exchange) == ("C05", "user:u-ada", "u-ada", 5)
    assert conflict.title == "No account name for Ada Lovelace"
    assert conflict.explanation == (
        "users.username makes the account name from 'userName', and gives none for this user."
    )
    assert conflict.evidence == {"attribute": "userName", "value": "ada"}
    assert answers(conflict) == "HNEX"


def test_c05_an_absent_attribute_is_shown_empty() -> None:
    rule = ValueRule("enterprise.employeeNumber")
    conflict = only_conflict(planned(world(users=[user()]), UserRules(username=rule)))
    assert conflict.evidence == {"attribute": "enterprise.employeeNumber", "value": ""}


# C06: the linked account is gone


def test_c06_a_linked_account_that_the_target_no_longer_has() -> None:
    conflict = only_conflict(planned(world(users=[user()], links=[link()])))
    assert (conflict.kind, conflict.subject) == ("C06", "user:u-ada")
    assert conflict.title == "Account 'ada' of Ada Lovelace is gone"
    assert conflict.explanation == (
        "Ada Lovelace is linked to 'ada', which the target no longer has. "
        "A new account of that name may take over the old one's content."
    )
    assert conflict.evidence == {"account": "ada", "account id": "a-ada"}
    assert answers(conflict) == "HNLX"


def test_c06_an_account_made_again_by_hand_under_the_old_name_is_another_account() -> None:
    again = world(users=[user()], accounts=[account(id="a-new")], links=[link()])
    conflict = only_conflict(planned(again))
    assert conflict.explanation == (
        "Ada Lovelace is linked to 'ada', which the target no longer has. "
        "The account that is named 'ada' now is another one."
    )
    assert conflict.evidence == {"account": "ada", "account id": "a-ada", "account id now": "a-new"}
    assert answers(conflict) == "HLX", "it cannot be created again"


@pytest.mark.parametrize("leaver", [user(active=False), user(deleted=True)])
def test_c06_a_leaver_whose_account_is_gone_needs_nothing(leaver: SourceUser) -> None:
    plan = planned(world(users=[leaver], links=[link()]))
    assert (plan.changes, plan.conflicts) == ((), ())


def test_c06_a_name_stays_held_after_its_account_is_gone() -> None:
    newcomer = user("Ada", id="u-2")
    plan = planned(world(users=[user(), newcomer], links=[link()]))
    assert (kinds(plan), plan.changes) == ([("C06", "user:u-ada"), ("C10", "user:u-2")], ())


# C10: the name belongs to somebody else


def test_c10_the_account_of_the_mapped_name_is_linked_to_another_user() -> None:
    owner, newcomer = user(display_name="Ada King"), user("Ada", id="u-2")
    conflict = only_conflict(
        planned(world(users=[newcomer, owner], accounts=[account(display_name="Ada King")], links=[link()]))
    )
    assert (conflict.kind, conflict.subject) == ("C10", "user:u-2")
    assert conflict.title == "Account name 'ada' is taken"
    assert conflict.explanation == "Ada Lovelace maps to 'ada', which belongs to Ada King."
    assert conflict.evidence == {"account": "ada", "belongs to": "Ada King", "proposed": "ada2"}
    assert answers(conflict) == "NHLX"


def test_c10_the_name_belongs_to_an_account_of_another_name_by_now() -> None:
    """An account that was renamed at the target holds its new name and no longer the old one."""
    renamed = account("countess", id="a-ada")
    of_new_name = world(users=[user("countess")], accounts=[renamed], links=[link()])
    of_old_name = world(users=[user("ada", id="u-2")], accounts=[renamed], links=[link()])
    assert kinds(planned(of_new_name)) == [("C10", "user:u-countess")]
    assert steps(planned(of_old_name)) == ["create-account ada"]


def test_c10_a_holder_outside_the_plan_is_just_another_user() -> None:
    plan = planned(world(users=[user()], links=[link("another", "ada")]))
    assert only_conflict(plan).explanation == "Ada Lovelace maps to 'ada', which belongs to another user."


def test_c10_a_deleted_user_s_name_is_not_given_to_the_next() -> None:
    leaver = user(deleted=True)
    newcomer = user("Ada", id="u-2", display_name="Ada Yonath")
    plan = planned(world(users=[leaver, newcomer], accounts=[account(active=False)], links=[link()]))
    assert kinds(plan) == [("C10", "user:u-2")]


def test_c10_the_proposed_name_avoids_accounts_links_and_what_others_of_this_plan_get() -> None:
    users = [user("Ada", id="u-0"), user("bob2"), user("ada2"), user()]
    held = [link(), Link("u-9", "a-9", "ada3")]
    plan = planned(world(users=users, accounts=[account(), account("ada4")], links=held), UserRules(alike="ignore"))
    (conflict,) = plan.conflicts
    assert conflict.evidence["proposed"] == "ada5"


# C14: several users map to one name


RIVALS = (user("ada@a.example", display_name="Ada A"), user("ada@b.example", display_name="Ada B"))


def test_c14_users_of_one_name_wait_for_each_other() -> None:
    plan = planned(world(users=RIVALS), UserRules(username=LOCAL_PART))
    assert plan.changes == ()
    first, second = plan.conflicts
    assert (first.kind, first.subject, second.subject) == ("C14", "user:u-ada@a.example", "user:u-ada@b.example")
    assert first.title == second.title == "2 users map to 'ada'"
    assert first.explanation == (
        "Ada A maps to the same account name as ada@b.example. None of them is provisioned while they do."
    )
    assert first.evidence == {"account": "ada", "userName": "ada@a.example", "others": "ada@b.example"}
    assert answers(first) == "EN"


def test_c14_an_account_that_is_there_already_goes_to_neither() -> None:
    plan = planned(world(users=RIVALS, accounts=[account()]), UserRules(username=LOCAL_PART))
    assert (plan.changes, len(plan.conflicts)) == ((), 2)


def test_c14_only_users_who_would_get_the_name_count() -> None:
    """A linked user has an account, an inactive one gets none."""
    inactive, linked = user("ada@c.example", active=False), user("ada@d.example")
    links = [Link(linked.id, "a-other", "other")]
    known = world(users=[RIVALS[0], inactive, linked], accounts=[account("other")], links=links)
    plan = planned(known, UserRules(username=LOCAL_PART, update=False))
    assert (kinds(plan), steps(plan)) == ([], ["create-account ada"])


def test_c14_the_first_five_others_are_named_and_the_rest_counted() -> None:
    users = [user(f"ada@{number}.example") for number in range(8)]
    plan = planned(world(users=users), UserRules(username=LOCAL_PART))
    assert [conflict.evidence["others"].count("@") for conflict in plan.conflicts] == [5] * 8
    assert all(conflict.evidence["others"].endswith(" and 2 more") for conflict in plan.conflicts)
    assert plan.conflicts[7].title == "8 users map to 'ada'"


# C16: a value that the product refuses


@pytest.mark.parametrize(
    ("user_name", "problem", "proposed"),
    [
        ("o'brien", "contains '", "obrien"),
        ("ada lovelace", "contains whitespace", "ada.lovelace"),
        ("anonymous", "is reserved by the product", "anonymous2"),
    ],
)
def test_c16_an_account_name_that_the_product_refuses(user_name: str, problem: str, proposed: str) -> None:
    conflict = only_conflict(planned(world(users=[user(user_name)])))
    assert (conflict.kind, conflict.subject) == ("C16", f"user:u-{user_name}")
    assert conflict.title == f"'{user_name}' is not a valid username"
    assert conflict.explanation == f"The username of Ada Lovelace {problem}, which the product refuses."
    assert conflict.evidence == {"username": user_name, "problem": problem, "proposed": proposed}
    assert answers(conflict) == "ENX"


def test_c16_a_display_name_that_the_product_refuses() -> None:
    conflict = only_conflict(planned(world(users=[user(display_name="Ada <L>")])))
    assert (conflict.kind, conflict.title) == ("C16", "'Ada <L>' is not a valid display name")
    assert conflict.explanation == "The display name of Ada <L> contains <, which the product refuses."
    assert conflict.evidence == {"display name": "Ada <L>", "problem": "contains <", "proposed": "Ada L"}
    assert conflict.resolutions[0].consequence.startswith("Opens users.display_name ")


def test_c16_an_update_to_a_display_name_that_the_product_refuses_holds_the_whole_user() -> None:
    wrong = user(display_name="Ada <L>", groups=["g-Staff"])
    found = account(active=False)
    plan = planned(world(users=[wrong], groups=[group()], accounts=[found], target_groups=[target_group()]))
    assert only_conflict(plan).kind == "C16"


def test_c16_a_display_name_that_would_not_be_sent_is_no_conflict() -> None:
    wrong = user(display_name="Ada <L>")
    same = world(users=[wrong], accounts=[account(display_name="Ada <L>", email="old@x.org")], links=[link()])
    assert steps(planned(same)) == ["update-account ada"]
    off = world(users=[wrong], accounts=[account()], links=[link()])
    assert planned(off, UserRules(update=False)).conflicts == ()


# C17: a value that the product needs


def test_c17_no_e_mail_where_the_product_needs_one() -> None:
    conflict = only_conflict(planned(world(users=[user(email=None)])))
    assert (conflict.kind, conflict.title) == ("C17", "Ada Lovelace has no e-mail")
    assert conflict.explanation == (
        "The product creates no account without one, and 'emails.work' gives none for this user."
    )
    assert conflict.evidence == {"account": "ada", "attribute": "emails.work", "value": ""}
    assert answers(conflict) == "EHX"
    assert conflict.resolutions[0].consequence.startswith("Opens users.email ")


def test_c17_no_display_name() -> None:
    conflict = only_conflict(planned(world(users=[user(display_name=None)])))
    assert (conflict.kind, conflict.title) == ("C17", "ada has no display name")
    assert conflict.resolutions[0].consequence.startswith("Opens users.display_name ")


def test_c17_a_product_that_needs_no_e_mail_creates_the_account_without() -> None:
    plan = planned(world(users=[user(email=None)], capabilities=Capabilities(names=NameRules())))
    assert (steps(plan), plan.changes[0].after["email"]) == (["create-account ada"], None)


def test_c17_an_account_that_is_there_needs_nothing_more() -> None:
    plan = planned(world(users=[user(email=None, display_name=None)], accounts=[account()]))
    assert steps(plan) == ["link-account ada"]


# What waits, and what does not


def conflicting() -> list[SourceUser]:
    """One user for each conflict that a creation can meet, all members of one group."""
    names = ("held", "x@a.example", "x@b.example", "o'brien")
    return [user("dora", email=None, groups=["g-Staff"]), *(user(name, groups=["g-Staff"]) for name in names)]


def test_memberships_of_a_user_with_a_conflict_wait_with_it_and_nobody_else_s_do() -> None:
    rule = ValueRule("userName", match="^([^@]+)", replace="$1")
    fine = user("fine", groups=["g-Staff"])
    mixed = world(
        users=[*conflicting(), fine],
        groups=[group()],
        target_groups=[target_group()],
        links=[link("another", "held")],
    )
    plan = planned(mixed, UserRules(username=rule))
    assert steps(plan) == ["create-account fine", "add-member fine Staff"]
    assert sorted(conflict.kind for conflict in plan.conflicts) == ["C10", "C14", "C14", "C16", "C17"]
