"""Whole runs towards a simulated Jira: newcomers, renames, and leavers who lead projects and components."""

from collections.abc import AsyncIterator

import pytest

from core.apply.site import Site
from core.config.settings import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.planning.rules import GroupRules, LeadRule, TargetRules, UserRules
from core.sandbox.jira import Jira, LocalAccount, LocalComponent, LocalProject, Quirks
from core.sandbox.serving import serve
from core.store import Store
from core.targets import jira as target
from core.targets.auth import BearerAuth
from core.targets.http import Http
from tests.core.apply.company import PROVIDER, TARGET, Company
from tests.core.apply.looking import compared, steps
from tests.core.targets.simulated_site import Hurry


@pytest.fixture
def jira() -> Jira:
    jira = Jira.with_defaults(quirks=Quirks(archived_project_editable=True))
    jira.add_account(LocalAccount("support", "Support", "support@example.com", groups=("Helpers",)))
    return jira


@pytest.fixture
def rules() -> TargetRules:
    leads = (
        LeadRule(("role:Developers",)),
        LeadRule(("project-lead",), components=("*",)),
    )
    users = UserRules(leads=leads, default_project_lead="support", default_component_lead="support")
    return TargetRules(users, GroupRules())


@pytest.fixture
async def site(store: Store, jira: Jira, rules: TargetRules) -> AsyncIterator[Site]:
    token = jira.issue_token()
    async with serve(jira.app) as url:
        timing = Hurry().timing
        http = Http(url, party=TARGET, auth=BearerAuth(token), log=store.writer.log, timing=timing)
        settings = TargetSettings(
            name=TARGET,
            kind="jira",
            url=url,
            credential=SecretReference("plain", token),
            provider=PROVIDER,
            rules=rules,
            schedule=ScheduleSettings(every=None),
        )
        opened = target.Jira(http, timing)
        yield Site(store, settings, opened)
        await opened.aclose()


def lead_all(jira: Jira, name: str) -> None:
    """Two projects and five components, one of each kind in somebody else's project."""
    jira.add_project(LocalProject("ABC", "Alphabet", name, roles={"Developers": ("ben",)}))
    jira.add_project(LocalProject("DEF", "Definitions", name))
    jira.add_project(LocalProject("GHI", "Ghosts", "ben"))
    for project, part in (("ABC", "One"), ("ABC", "Two"), ("DEF", "Three"), ("GHI", "Four")):
        jira.add_component(LocalComponent(project, part, name))
    jira.add_component(LocalComponent("GHI", "Five", name, "COMPONENT_LEAD"))


async def test_a_run_brings_accounts_groups_and_memberships_and_a_second_finds_nothing(
    site: Site, company: Company, jira: Jira
) -> None:
    company.form("Crew", [company.hire("ada"), company.hire("ben")])
    ended = await compared(site)
    assert (ended.state, ended.answer) == ("done", f"Run {ended.run}: 5 of 5 changes made.")
    assert {("Crew", "ada"), ("Crew", "ben")} <= jira.snapshot().memberships
    assert (await compared(site)).answer == "Nothing to change."


async def test_a_changed_user_name_renames_the_account(site: Site, company: Company, jira: Jira) -> None:
    ada = company.hire("ada")
    await compared(site)
    company.change(ada, userName="ada.byron")
    assert (await compared(site)).state == "done"
    assert "ada.byron" in [account.username for account in jira.snapshot().accounts]
    assert (await compared(site)).answer == "Nothing to change."


async def test_a_leaver_with_two_projects_and_five_components_is_handled_end_to_end(
    site: Site, store: Store, company: Company, jira: Jira
) -> None:
    ada, _ = company.hire("ada"), company.hire("ben")
    await compared(site)
    lead_all(jira, "ada")
    company.dismiss(ada)
    ended = await compared(site)
    assert ended.state == "done"
    assert steps(store, ended.run)[-1] == "deactivate-account ada done"
    assert dict(jira.snapshot().leads) == {
        "ABC": "ben",
        "ABC/One": "ben",
        "ABC/Two": "ben",
        "DEF": "support",
        "DEF/Three": "support",
        "GHI": "ben",
        "GHI/Four": "ben",
        "GHI/Five": "ben",
    }
    assert [each.active for each in jira.snapshot().accounts if each.username == "ada"] == [False]


async def test_a_leaver_whose_archived_project_holds_him_goes_with_the_next_run(
    site: Site, store: Store, company: Company, jira: Jira
) -> None:
    ada = company.hire("ada")
    await compared(site)
    jira.add_project(LocalProject("OLD", "Old", "ada", archived=True))
    company.dismiss(ada)
    first = await compared(site)
    assert steps(store, first.run) == ["deactivate-account ada failed"]
    second = await compared(site)
    assert second.state == "done"
    assert dict(jira.snapshot().leads) == {"OLD": "support"}


async def test_without_a_successor_nothing_of_the_leavers_is_touched(
    site: Site, store: Store, company: Company, jira: Jira
) -> None:
    ada = company.hire("ada")
    await compared(site)
    jira.add_project(LocalProject("ABC", "Alphabet", "ada"))
    jira.change_account("support", active=False)
    company.dismiss(ada)
    before = jira.snapshot()
    await compared(site)
    assert jira.snapshot() == before
