"""`users.rename`: an account's name follows its user's, where the product can rename it."""

from core.planning.changes import ChangeKind, Plan
from core.planning.rules import UserRules, ValueRule
from core.planning.values import Account, Capabilities, Link, SourceUser

from .building import (
    CONFLUENCE,
    account,
    group,
    kinds,
    link,
    only_change,
    only_conflict,
    planned,
    steps,
    target_group,
    user,
    world,
)

ABLE = Capabilities(names=CONFLUENCE, rename_user=None)
KING = user("ada.king", id="u-ada", exchange=7)
"""The user whose account is named `ada`."""


def renaming(
    *others: SourceUser,
    king: SourceUser = KING,
    accounts: tuple[Account, ...] = (),
    links: tuple[Link, ...] = (),
    rules: UserRules | None = None,
    able: Capabilities = ABLE,
) -> Plan:
    known = world(users=[king, *others], accounts=[account(), *accounts], links=[link(), *links], capabilities=able)
    return planned(known, rules)


def test_rename_a_linked_account_follows_its_user_s_name() -> None:
    change = only_change(renaming())
    assert (change.kind, change.account, change.account_id) == (ChangeKind.RENAME_ACCOUNT, "ada", "a-ada")
    assert (change.before, change.after) == ({"name": "ada"}, {"name": "ada.king"})
    assert change.because.text == "Ada Lovelace maps to the account name 'ada.king' by now"
    assert (change.because.rule, change.because.exchange) == ("users.rename", 7)


def test_rename_case_alone_is_no_other_name() -> None:
    rule = ValueRule("userName")
    king = user("ADA", id="u-ada")
    assert renaming(king=king, rules=UserRules(username=rule)).changes == ()


def test_rename_a_user_without_a_mapped_name_keeps_the_account_s() -> None:
    rule = ValueRule("enterprise.employeeNumber")
    plan = renaming(rules=UserRules(username=rule))
    assert (plan.changes, plan.conflicts, plan.notes) == ((), (), ())


def test_rename_a_matched_account_is_renamed_in_the_same_plan() -> None:
    known = world(users=[KING], accounts=[account()], capabilities=ABLE)
    plan = planned(known, UserRules(matching=("email",)))
    assert steps(plan) == ["link-account ada", "rename-account ada"]


def test_rename_comes_last_and_all_other_changes_name_the_old_name() -> None:
    king = user("ada.king", id="u-ada", email="king@example.com", groups=["g-Staff"])
    found = account(active=False)
    known = world(
        users=[king],
        groups=[group()],
        accounts=[found],
        target_groups=[target_group()],
        links=[link()],
        capabilities=ABLE,
    )
    assert steps(planned(known)) == [
        "update-account ada",
        "reactivate-account ada",
        "add-member ada Staff",
        "rename-account ada",
    ]


def test_rename_off_keeps_the_name_and_says_so() -> None:
    plan = renaming(rules=UserRules(rename=False))
    assert plan.changes == ()
    assert plan.notes == ("Keep their names, because users.rename is off: 1 account (ada instead of ada.king).",)


def test_rename_where_the_product_cannot_keeps_the_name_and_says_why() -> None:
    plan = renaming(able=Capabilities(names=CONFLUENCE))
    assert plan.changes == ()
    assert plan.notes == (
        "Keep their names. This product does not rename accounts: 1 account (ada instead of ada.king).",
    )


def test_rename_a_leaver_s_account_keeps_its_name() -> None:
    assert steps(renaming(king=user("ada.king", id="u-ada", active=False))) == ["deactivate-account ada"]


# C16: the new name is not valid


def test_c16_a_new_name_that_the_product_refuses() -> None:
    conflict = only_conflict(renaming(king=user("ada'king", id="u-ada")))
    assert (conflict.kind, conflict.evidence["proposed"]) == ("C16", "adaking")


# C05: the name is to be cleared


def test_c05_a_rule_that_clears_the_account_name() -> None:
    rule = ValueRule("userName", match="@", no_match="clear")
    conflict = only_conflict(renaming(rules=UserRules(username=rule)))
    assert (conflict.kind, conflict.subject) == ("C05", "user:u-ada")


# C12: the new name is somebody else's


def test_c12_an_account_of_the_new_name_is_there() -> None:
    conflict = only_conflict(renaming(accounts=(account("ada.king"),)))
    assert (conflict.kind, conflict.subject) == ("C12", "user:u-ada")
    assert conflict.title == "'ada' cannot be renamed to 'ada.king'"
    assert conflict.explanation == (
        "Ada Lovelace is 'ada.king' at the IdP now, a name that belongs to an account that no user has."
    )
    assert conflict.evidence == {
        "account": "ada",
        "new name": "ada.king",
        "belongs to": "an account that no user has",
        "proposed": "ada.king2",
    }
    assert "".join(answer.key for answer in conflict.resolutions) == "KNHE"


def test_c12_the_new_name_is_linked_to_somebody_else_who_is_named() -> None:
    rival = user("ada.k", id="u-rival", display_name="Ada King", groups=["g-Staff"])
    plan = renaming(
        rival,
        accounts=(account("ada.king", display_name="Ada King"),),
        links=(Link("u-rival", "a-ada.king", "ada.king"),),
    )
    assert kinds(plan) == [("C12", "user:u-ada")]
    assert plan.conflicts[0].evidence["belongs to"] == "Ada King"
    assert steps(plan) == ["rename-account ada.king"]


def test_c12_a_newcomer_gets_the_new_name_in_this_plan() -> None:
    plan = renaming(user("Ada.King", id="u-new", display_name="Ada King"))
    assert (kinds(plan), steps(plan)) == ([("C12", "user:u-ada")], ["create-account ada.king"])
    assert plan.conflicts[0].evidence["belongs to"] == "Ada King"


def test_c12_two_accounts_are_to_get_one_name() -> None:
    rule = ValueRule("userName", match="^([^@]+)", replace="$1")
    one, two = user("ada.king@a", id="u-ada"), user("ada.king@b", id="u-two")
    plan = renaming(
        two,
        king=one,
        accounts=(account("two"),),
        links=(Link("u-two", "a-two", "two"),),
        rules=UserRules(username=rule),
    )
    assert (kinds(plan), plan.changes) == ([("C12", "user:u-ada"), ("C12", "user:u-two")], ())
    assert plan.conflicts[0].evidence["belongs to"] == "another account too, as the IdP has it"


def test_c12_names_that_change_places_wait() -> None:
    """Neither is free while the other has it; an admin breaks the circle."""
    one, two = user("bob", id="u-ada"), user("ada", id="u-bob")
    plan = renaming(two, king=one, accounts=(account("bob"),), links=(Link("u-bob", "a-bob", "bob"),))
    assert (kinds(plan), plan.changes) == ([("C12", "user:u-ada"), ("C12", "user:u-bob")], ())


def test_c12_a_holder_outside_the_plan_is_just_another_user() -> None:
    links = [link(), link("another", "ada.king")]
    known = world(users=[KING], accounts=[account()], links=links, capabilities=ABLE)
    conflict = only_conflict(planned(known))
    assert (conflict.kind, conflict.evidence["belongs to"]) == ("C12", "another user")


def test_c12_all_changes_of_the_user_wait_with_it() -> None:
    king = user("ada.king", id="u-ada", email="king@example.com")
    plan = renaming(king=king, accounts=(account("ada.king"),))
    assert (kinds(plan), plan.changes) == ([("C12", "user:u-ada")], ())
