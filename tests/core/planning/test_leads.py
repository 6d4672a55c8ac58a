"""`users.lead`, `users.default_project_lead`, `users.default_component_lead`: who takes over what a leaver leads."""

from dataclasses import replace

import pytest

from core.planning.rules import UserRules
from core.planning.values import Capabilities, Link, SourceUser

from .building import CONFLUENCE, account, component, kinds, link, planned, project, steps, user, world
from .leading import FOR_COMPONENTS, GONE, HERE, LEADING, heirs, leaving, moves, to

# The defaults


def test_default_project_lead_takes_over_a_project_before_its_leaver_is_deactivated() -> None:
    plan = planned(leaving(project()), UserRules(default_project_lead="Bob"))
    assert steps(plan) == ["move-lead ada", "deactivate-account ada"]
    move = plan.changes[0]
    assert (move.account, move.account_id, move.user_id, move.lead) == ("ada", "a-ada", "u-ada", "project:ENG")
    assert (move.before, move.after) == ({"lead": "ada"}, {"lead": "bob"})
    assert move.because.text == "Ada Lovelace leaves and leads project ENG; bob takes it over, the default"
    assert (move.because.rule, move.because.exchange) == ("users.default_project_lead", 7)


def test_default_component_lead_takes_over_a_component() -> None:
    plan = planned(leaving(component()), UserRules(default_component_lead="bob"))
    (move,) = moves(plan)
    assert (move.lead, move.after) == ("component:10", {"lead": "bob"})
    assert move.because.text == (
        "Ada Lovelace leaves and leads component 'Engine' of ENG; bob takes it over, the default"
    )
    assert move.because.rule == "users.default_component_lead"


def test_default_project_lead_and_default_component_lead_are_for_their_own_kind() -> None:
    led = leaving(project(), component())
    assert kinds(planned(led, UserRules(default_project_lead="bob"))) == [("C30", "user:u-ada")]
    assert kinds(planned(led, UserRules(default_component_lead="bob"))) == [("C30", "user:u-ada")]
    both = heirs(led, default_project_lead="bob", default_component_lead="eve")
    assert both == {"project:ENG": "bob", "component:10": "eve"}


def test_a_lead_moves_before_an_account_is_deleted_too() -> None:
    able = Capabilities(names=CONFLUENCE, leads=None, delete_user=None)
    rules = UserRules(default_project_lead="bob", when_inactive="delete")
    assert steps(planned(leaving(project(), capabilities=able), rules)) == ["move-lead ada", "delete-account ada"]


# users.lead: which rule


def test_lead_the_first_rule_that_fits_the_project_decides() -> None:
    led = leaving(project("ENG"), project("OPS"), project("WEB"))
    rules = (to("user:bob", projects=("eng", "x")), to("user:eve", projects=("O*",)), to("user:mia"))
    assert heirs(led, *rules) == {"project:ENG": "bob", "project:OPS": "eve", "project:WEB": "mia"}


def test_lead_a_rule_with_components_is_for_the_components_it_names_in_the_projects_it_names() -> None:
    led = leaving(
        component("1", name="Engine"),
        component("2", name="Wheels"),
        component("3", name="Engine", project="WEB"),
    )
    rules = (
        to("user:bob", components=("eng*",), projects=("ENG",)),
        to("user:eve", components=("engine",)),
        to("user:mia", components=("*",)),
    )
    assert heirs(led, *rules) == {"component:1": "bob", "component:2": "mia", "component:3": "eve"}


def test_lead_a_rule_without_components_is_for_the_lead_of_the_project_alone() -> None:
    led = leaving(project(), component())
    assert heirs(led, to("user:bob"), default_component_lead="eve") == {"project:ENG": "bob", "component:10": "eve"}
    assert heirs(led, to("user:bob", **FOR_COMPONENTS), default_project_lead="eve") == {
        "project:ENG": "eve",
        "component:10": "bob",
    }


def test_lead_a_rule_that_finds_nobody_leaves_it_to_the_next_and_then_to_the_default() -> None:
    led = leaving(project())
    assert heirs(led, to("user:nobody"), to("role:None", "user:eve"), default_project_lead="bob") == {
        "project:ENG": "eve"
    }
    assert heirs(led, to("user:nobody"), default_project_lead="bob") == {"project:ENG": "bob"}


# users.lead: to


@pytest.mark.parametrize(
    ("named", "why"),
    [("user:Bob", "named by the rule"), ("manager", "the manager"), ("role:Leads", "in the role Leads")],
)
def test_lead_the_reason_says_why_it_is_this_successor(named: str, why: str) -> None:
    plan = planned(leaving(project(roles={"Leads": ("eve",)})), UserRules(leads=(to(named),)))
    (move,) = moves(plan)
    assert move.because.text.endswith(f"{move.after['lead']} takes it over, {why}")
    assert move.because.rule == "users.lead"


def test_lead_to_user_is_the_account_of_that_name() -> None:
    assert heirs(leaving(project()), to("user:Bob")) == {"project:ENG": "bob"}


def test_lead_to_user_must_be_at_the_target() -> None:
    assert kinds(planned(leaving(project()), UserRules(leads=(to("user:zoe"),)))) == [("C30", "user:u-ada")]


@pytest.mark.parametrize("named", ["u-mia", "mia", "MIA"])
def test_lead_to_manager_is_named_by_id_or_by_user_name(named: str) -> None:
    ada = user(active=False, attributes={"enterprise.manager": named})
    assert heirs(leaving(project(), ada=ada), to("manager")) == {"project:ENG": "mia"}


def test_lead_to_manager_may_be_known_for_this_alone() -> None:
    led = world(
        users=[GONE],
        accounts=[account(), account("mia")],
        links=[link()],
        context_users=(user("mia"),),
        context_links=(link("mia"),),
        capabilities=LEADING,
        leads=(project(),),
    )
    assert heirs(led, to("manager")) == {"project:ENG": "mia"}


@pytest.mark.parametrize("mia", [user("mia", active=False), user("mia", missed_reads=2)])
def test_lead_to_manager_who_left_too_takes_nothing_over(mia: SourceUser) -> None:
    led = leaving(project(), users=[GONE, user("bob"), mia])
    assert heirs(led, to("manager", "user:bob")) == {"project:ENG": "bob"}


def test_lead_to_manager_without_an_account_takes_nothing_over() -> None:
    led = leaving(project(), links=[link(), link("bob")])
    assert heirs(led, to("manager", "user:bob"))["project:ENG"] == "bob"


def test_lead_to_manager_where_the_leaver_has_none_or_is_its_own() -> None:
    for named in ({}, {"enterprise.manager": "u-ada"}, {"enterprise.manager": "u-gone"}):
        led = leaving(project(), ada=user(active=False, attributes=named))
        assert heirs(led, to("manager", "user:bob")) == {"project:ENG": "bob"}


def test_lead_to_role_is_the_first_member_who_stays() -> None:
    roles = {"Leads": ("ada", "eve", "bob")}
    assert heirs(leaving(project(roles=roles)), to("role:Leads")) == {"project:ENG": "eve"}
    gone = user("eve", active=False)
    both = leaving(project(roles=roles), users=[GONE, gone, user("bob"), user("mia")])
    assert heirs(both, to("role:Leads")) == {"project:ENG": "bob"}


def test_lead_to_role_may_name_an_account_that_is_not_in_this_world() -> None:
    assert heirs(leaving(project(roles={"Leads": ("zoe",)})), to("role:Leads")) == {"project:ENG": "zoe"}


def test_lead_to_project_lead_gives_a_component_to_who_leads_its_project() -> None:
    assert heirs(leaving(component(project_lead="eve")), to("project-lead", **FOR_COMPONENTS)) == {
        "component:10": "eve"
    }


def test_lead_to_project_lead_where_the_leaver_led_the_project_too_is_who_takes_that_over() -> None:
    led = leaving(component(project_lead="ada"), project())
    rules = (to("project-lead", **FOR_COMPONENTS), to("manager"))
    assert heirs(led, *rules) == {"project:ENG": "mia", "component:10": "mia"}


def test_lead_to_project_lead_where_another_leaver_leads_the_project_is_who_takes_that_over() -> None:
    led = leaving(
        component(project_lead="eve"),
        project(led_by="eve"),
        users=[GONE, user("bob"), user("eve", active=False), user("mia")],
    )
    rules = (to("project-lead", **FOR_COMPONENTS), to("user:bob"))
    assert heirs(led, *rules) == {"project:ENG": "bob", "component:10": "bob"}


# What is not known


def test_a_leaver_waits_for_the_next_plan_where_what_it_leads_was_not_read() -> None:
    """It became one since the target was asked: its account would go, and keep what it leads for ever."""
    led = leaving(ada=user(active=False, deleted=True, groups={"g"}), now=1_000)
    plan = planned(replace(led, leads=None), UserRules(default_project_lead="bob"))
    assert (plan.changes, plan.conflicts) == ((), ())
    assert plan.notes == (
        "Left as they are until the next plan, because what they lead was not read for this one: 1 leaver (ada).",
    )
    assert plan.due == {"u-ada": 6_000}


def test_who_loses_no_account_waits_for_nothing_that_was_not_read() -> None:
    led = replace(leaving(accounts=(account(active=False),)), leads=None)
    assert planned(led).due == {}
    assert planned(replace(leaving(), leads=None), UserRules(when_inactive="keep")).due == {}


def test_where_a_product_has_no_leads_none_need_to_be_read() -> None:
    led = replace(leaving(capabilities=Capabilities(names=CONFLUENCE)), leads=None)
    assert steps(planned(led)) == ["deactivate-account ada"]


def test_the_lead_of_a_project_is_who_has_the_account_and_not_who_once_had_one_of_that_name() -> None:
    """Another user's account is gone, and was called so when it was linked."""
    links = [link(), *map(link, HERE), Link("u-zoe", "a-gone", "ada")]
    led = leaving(project(), component(project_lead="ada"), links=links)
    rules = (to("user:bob"), to("project-lead", **FOR_COMPONENTS))
    assert heirs(led, *rules) == {"project:ENG": "bob", "component:10": "bob"}
