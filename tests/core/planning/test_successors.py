"""Who can take over what a leaver leads, when nothing is moved, and C30: nobody takes over."""

from core.planning.rules import AttributeCheck, UserRules, UserScope, ValueRule
from core.planning.values import Capabilities

from .building import (
    CONFLUENCE,
    account,
    component,
    group,
    kinds,
    link,
    only_conflict,
    planned,
    project,
    steps,
    user,
    world,
)
from .leading import FOR_COMPONENTS, GONE, LEADING, heirs, leaving, to

# Who can take over


def test_an_inactive_account_takes_nothing_over() -> None:
    led = leaving(project(roles={"R": ("bob",)}), accounts=(account("bob", active=False),))
    rules = UserRules(reactivate=False, leads=(to("user:bob", "role:R"),), default_project_lead="bob")
    assert kinds(planned(led, rules)) == [("C30", "user:u-ada")]


def test_a_leaver_whose_grace_period_runs_still_takes_over() -> None:
    waiting = user("bob", active=False, gone_at=1_000)
    led = leaving(project(), users=[GONE, waiting, user("eve"), user("mia")], now=2_000)
    assert heirs(led, default_project_lead="bob", grace=3600) == {"project:ENG": "bob"}


def test_somebody_whose_account_is_left_alone_still_takes_over() -> None:
    skipped = user("bob", active=False, display_name="Bob (x)")
    led = leaving(project(), users=[GONE, skipped, user("eve"), user("mia")])
    rule = ValueRule("displayName", match="^Ada", no_match="skip-user")
    assert heirs(led, default_project_lead="bob", display_name=rule) == {"project:ENG": "bob"}


def test_a_leaver_out_of_scope_whose_account_stays_still_takes_over() -> None:
    led = leaving(project(), users=[GONE, user("bob"), user("eve"), user("mia")])
    scope = UserScope(where=(AttributeCheck("userName", not_match="^bob$"),))
    assert heirs(led, default_project_lead="bob", scope=scope) == {"project:ENG": "bob"}


# What moves nothing


def test_who_leads_nothing_is_deactivated_without_successors() -> None:
    assert steps(planned(leaving(project(led_by="bob")))) == ["deactivate-account ada"]


def test_who_stays_keeps_all_that_it_leads() -> None:
    assert planned(leaving(project(), ada=user())).changes == ()


def test_nothing_moves_before_the_grace_period_ends() -> None:
    ada = user(active=False, gone_at=1_000)
    led = leaving(project(), ada=ada, now=2_000)
    assert planned(led, UserRules(default_project_lead="bob", grace=3600)).changes == ()


def test_an_account_that_is_inactive_already_keeps_what_it_leads() -> None:
    led = world(
        users=[GONE], accounts=[account(active=False)], links=[link()], capabilities=LEADING, leads=(project(),)
    )
    assert planned(led, UserRules(default_project_lead="bob")).changes == ()


def test_where_leads_cannot_be_moved_the_account_is_deactivated_as_elsewhere() -> None:
    led = leaving(project(), capabilities=Capabilities(names=CONFLUENCE))
    assert steps(planned(led)) == ["deactivate-account ada"]


# C30: nobody takes over


def test_c30_nobody_is_found_for_one_thing_and_nothing_of_the_leaver_s_is_changed() -> None:
    led = leaving(project("ENG"), project("OPS"), component())
    conflict = only_conflict(planned(led, UserRules(leads=(to("user:bob", projects=("ENG",)),))))
    assert (conflict.kind, conflict.subject, conflict.exchange) == ("C30", "user:u-ada", 7)
    assert conflict.title == "Nobody takes over what 'ada' leads"
    assert conflict.explanation == (
        "Ada Lovelace leaves and leads project Project OPS (OPS), component Engine (ENG), for which no rule finds an "
        "active account. The account stays active, and keeps all that it leads, until somebody does."
    )
    assert conflict.evidence == {
        "account": "ada",
        "leads": "3",
        "without successor": "project Project OPS (OPS), component Engine (ENG)",
        "manager": "u-mia",
    }
    assert "".join(answer.key for answer in conflict.resolutions) == "HTE"


def test_c30_the_memberships_of_a_deleted_leaver_wait_with_it() -> None:
    led = leaving(project(), ada=user(deleted=True), groups=[group()])
    plan = planned(led)
    assert kinds(plan) == [("C30", "user:u-ada")]
    assert [step for step in steps(plan) if "ada" in step] == []


def test_leads_are_given_in_any_order() -> None:
    leads = [component("2", project_lead="ada"), project(), component("1", project_lead="ada")]
    rules = UserRules(leads=(to("project-lead", **FOR_COMPONENTS), to("manager")))
    assert planned(leaving(*leads), rules) == planned(leaving(*reversed(leads)), rules)
