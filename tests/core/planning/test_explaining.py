"""Explanations: each rule says what the plan does, and what the plan does has a rule that says it."""

from dataclasses import replace

from hypothesis import given, settings

from core.planning.changes import ChangeKind
from core.planning.explaining import NOTHING, Basis, Step, basis, coming_for_user
from core.planning.explaining_users import explain_user, explain_value
from core.planning.rules import (
    AttributeCheck,
    GroupRules,
    TargetRules,
    UserRules,
    UserScope,
    ValueRule,
)
from core.planning.values import Capabilities, World

from .building import account, group, link, user, world
from .world_rules import rules
from .worlds import worlds


def decided(world: World, users: UserRules | None = None, groups: GroupRules | None = None) -> Basis:
    return basis(world, TargetRules(users or UserRules(), groups or GroupRules()))


def about(steps: tuple[Step, ...], rule: str) -> list[tuple[str, str]]:
    """Verdict and text of the steps of one rule."""
    return [(step.verdict, step.text) for step in steps if step.rule == rule]


def one(steps: tuple[Step, ...], rule: str) -> tuple[str, str]:
    (step,) = about(steps, rule)
    return step


LINKED = world(users=[user(exchange=7)], accounts=[account()], links=[link()])


def test_the_record_says_who_it_is_and_which_exchange_said_so() -> None:
    steps = explain_user(decided(LINKED), "u-ada")
    assert steps[0] == Step("record", "yes", "Ada Lovelace (ada) is active at the IdP.", None, 7)
    gone = explain_user(decided(world(users=[user(active=False, gone_at=5)])), "u-ada")
    assert (gone[0].verdict, gone[0].text, gone[0].moment) == ("no", "Ada Lovelace (ada) is inactive at the IdP.", 5)


def test_missed_reads_say_how_many_make_a_user_gone() -> None:
    missing = decided(world(users=[user(missed_reads=1)]))
    text = "Ada Lovelace (ada) was missing from 1 complete read of the IdP; 2 make it gone (users.missed_reads)."
    assert one(explain_user(missing, "u-ada"), "record") == ("yes", text)


def test_a_value_says_what_it_was_made_of_and_how() -> None:
    named = user("Ada@x")
    rule = ValueRule("userName", match="^(.*)@x$", replace="$1", case="lower")
    assert explain_value("users.username", rule, named) == Step(
        "users.username", "yes", "userName is 'Ada@x', which matches '^(.*)@x$': it gives 'ada'."
    )


def test_a_value_that_does_not_match_says_what_no_match_does() -> None:
    texts = {
        "pass": ("yes", "it gives 'ada'."),
        "ignore": ("no", "it gives no value, so what an account has stays."),
        "clear": ("yes", "the value is emptied."),
        "skip-user": ("no", "the whole user is left out."),
    }
    for no_match, (verdict, text) in texts.items():
        rule = ValueRule("userName", match="@x$", no_match=no_match)  # type: ignore[arg-type]
        step = explain_value("users.email", rule, user())
        told = f"userName is 'ada', which does not match '@x$', and no_match is \"{no_match}\": {text}"
        assert (step.verdict, step.text) == (verdict, told)


def test_a_value_of_an_attribute_that_is_not_there() -> None:
    step = explain_value("users.email", ValueRule("emails.home"), user())
    assert (step.verdict, step.text) == (
        "no",
        "emails.home is empty: it gives no value, so what an account has stays.",
    )


def test_an_attribute_that_the_product_lacks_is_not_asked() -> None:
    found = decided(LINKED, UserRules(attributes={"title": ValueRule("title")}))
    assert one(explain_user(found, "u-ada"), "users.attributes.title")[0] == "n/a"


def test_scope_says_which_check_fails() -> None:
    scope = UserScope(where=(AttributeCheck("title", match="^Dr"), AttributeCheck("userName", not_match="^svc-")))
    steps = explain_user(decided(LINKED, UserRules(scope=scope)), "u-ada")
    assert about(steps, "users.scope.where") == [
        ("no", "title is ''; match '^Dr'."),
        ("yes", "userName is 'ada'; not_match '^svc-'."),
    ]
    assert one(steps, "users.scope") == ("no", "Out of scope: title does not match '^Dr'.")
    assert one(steps, "users.when_out_of_scope") == ("yes", 'It is "keep": an account that it has stays as it is.')


def test_scope_by_groups_counts_nested_ones() -> None:
    nested = replace(LINKED, users=(user(groups=["g-A"]),), groups=(group("A", parents=["g-Staff"]), group("Staff")))
    scope = UserScope(groups=("Staff",), exclude_groups=("A",))
    steps = explain_user(decided(nested, UserRules(scope=scope)), "u-ada")
    assert one(steps, "users.scope.groups") == ("yes", "It is in Staff.")
    assert one(steps, "users.scope.exclude_groups") == ("no", "It is in A.")
    assert one(steps, "users.scope")[0] == "no"


def test_matching_says_which_criterion_found_an_account() -> None:
    there = world(users=[user()], accounts=[account("other", email="ada@example.com")])
    steps = explain_user(decided(there, UserRules(matching=("id", "username", "email"))), "u-ada")
    assert about(steps, "users.matching") == [
        ("no", "By immutable id: no account that is nobody's has it."),
        ("no", "By name: no account is named 'ada'."),
        ("yes", "By e-mail address: 'other'."),
    ]
    assert about(steps, "users.create") == []


def test_matching_asks_nothing_after_what_decided_it() -> None:
    steps = explain_user(decided(world(users=[user()], accounts=[account()])), "u-ada")
    told = about(explain_user(decided(world(users=[user()], accounts=[account()])), "u-ada"), "users.matching")
    assert told[-1] == ("yes", "By name: the account 'ada' is there.")
    assert about(steps, "users.create") == []


def test_create_says_whether_an_account_is_made() -> None:
    new = world(users=[user()])
    assert one(explain_user(decided(new), "u-ada"), "users.create") == ("yes", "A new account is made.")
    off = explain_user(decided(new, UserRules(create=False)), "u-ada")
    assert one(off, "users.create") == ("no", "It is off: no account is made.")


def test_grace_says_until_when_nothing_is_done() -> None:
    leaving = replace(LINKED, users=(user(active=False, gone_at=1000),), now=5000)
    steps = explain_user(decided(leaving, UserRules(grace=60)), "u-ada")
    (step,) = (step for step in steps if step.rule == "users.grace")
    assert (step.verdict, step.moment) == ("yes", 61_000)
    assert one(steps, "users.when_inactive")[0] == "n/a"


def test_when_inactive_says_what_is_done_about_a_leaver() -> None:
    leaving = replace(LINKED, users=(user(active=False),))
    assert one(explain_user(decided(leaving), "u-ada"), "users.when_inactive") == ("yes", 'It is "deactivate".')
    kept = explain_user(decided(leaving, UserRules(when_inactive="keep")), "u-ada")
    assert one(kept, "users.when_inactive") == ("no", 'It is "keep": the account stays as it is.')
    instead = explain_user(decided(leaving, UserRules(when_inactive="delete")), "u-ada")
    assert one(instead, "users.when_inactive")[1].startswith('It is "delete". Deactivated instead: ')


def test_rename_says_why_a_name_stays() -> None:
    called = replace(LINKED, users=(user("ada2", id="u-ada"),))
    text = "The account is called 'ada' and is to be 'ada2'."
    lacking = f"{text} This product does not rename accounts."
    assert one(explain_user(decided(called), "u-ada"), "users.rename") == ("no", lacking)
    able = replace(called, capabilities=Capabilities(rename_user=None))
    assert one(explain_user(decided(able), "u-ada"), "users.rename") == ("yes", text)
    off = explain_user(decided(able, UserRules(rename=False)), "u-ada")
    assert one(off, "users.rename") == ("no", f"{text} It is off.")


def test_protect_says_which_pattern_stands_in_the_way() -> None:
    steps = explain_user(decided(LINKED, UserRules(protect=("a*",))), "u-ada")
    assert one(steps, "users.protect") == ("no", "'a*' protects 'ada': nothing is changed there.")


def test_what_comes_is_the_next_plan_s_changes_with_what_they_set() -> None:
    other = replace(LINKED, accounts=(account(email="old@example.com"),))
    (step,) = coming_for_user(decided(other), "u-ada")
    assert (step.rule, step.verdict, step.exchange) == ("users.update", "yes", 7)
    assert step.text.startswith("update-account ada (email 'old@example.com' to 'ada@example.com'): ")
    assert coming_for_user(decided(LINKED), "u-ada") == (NOTHING,)


def test_what_comes_names_the_conflict_in_the_way_and_what_was_left_out() -> None:
    taken = world(users=[user()], accounts=[account()])
    found = decided(taken, UserRules(matching=("id",)))
    assert coming_for_user(found, "u-ada")[0].rule == "C01"
    off = decided(world(users=[user()]), UserRules(create=False))
    assert [step.text for step in coming_for_user(off, "u-ada")] == [
        "Not created, because users.create is off: 1 user (ada)."
    ]


def test_a_leaver_s_leads_are_said_to_come_first_where_the_product_has_any() -> None:
    leaving = replace(LINKED, users=(user(active=False),), capabilities=Capabilities(leads=None))
    assert [step.rule for step in coming_for_user(decided(leaving), "u-ada")] == ["users.lead", "users.when_inactive"]
    without = replace(leaving, capabilities=Capabilities())
    assert [step.rule for step in coming_for_user(decided(without), "u-ada")] == ["users.when_inactive"]


DECIDED_BY = {
    "users.create": {ChangeKind.CREATE_ACCOUNT},
    "users.matching": {ChangeKind.LINK_ACCOUNT},
    "users.rename": {ChangeKind.RENAME_ACCOUNT},
    "users.reactivate": {ChangeKind.REACTIVATE_ACCOUNT},
    "users.update": {ChangeKind.UPDATE_ACCOUNT},
    "users.when_inactive": {ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT},
}


@settings(max_examples=300, deadline=None)
@given(worlds(), rules())
def test_what_is_planned_has_a_rule_that_says_it_and_what_a_rule_says_is_planned(
    world: World, rules: TargetRules
) -> None:
    found = basis(world, rules)
    for each in world.users:
        kinds = {change.kind for change in found.users.changes if change.user_id == each.id}
        is_parked = any(conflict.user_id == each.id for conflict in found.users.conflicts)
        steps = explain_user(found, each.id)
        for rule, decided_by in DECIDED_BY.items():
            told = about(steps, rule)
            says = any(verdict == "yes" and "already" not in text for verdict, text in told)
            assert says or kinds.isdisjoint(decided_by), (rule, each)
            assert not says or is_parked or not kinds.isdisjoint(decided_by), (rule, each)
