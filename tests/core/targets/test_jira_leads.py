"""Leads at Jira: all of them found, moved to others, never lost; and Jira's refusal to deactivate, understood."""

from typing import Any

import pytest
from jira_site import JiraSite, jira_site

from core.planning.values import Lead
from core.sandbox.jira import Effect, Jira, LocalAccount, LocalComponent, LocalProject, Quirks
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, OutcomeUnknown, Refused

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("Staff",))
JOHN = LocalAccount("john", "John Roe", "john@example.com", groups=("Staff",))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False, groups=("Staff",))


def simulator(**options: Any) -> Jira:
    """Jane leads two projects and five components, as the leaver of the demo does."""
    jira = Jira.with_defaults([JANE, JOHN, LEFT], **options)
    jira.add_project(
        LocalProject("ABC", "Alphabet", "jane", roles={"Administrators": ("admin", "left", "group:Staff")})
    )
    jira.add_project(LocalProject("DEF", "Definitions", "jane"))
    jira.add_project(LocalProject("GHI", "Ghosts", "john"))
    for project, name in (("ABC", "One"), ("ABC", "Two"), ("DEF", "Three"), ("GHI", "Four")):
        jira.add_component(LocalComponent(project, name, "jane"))
    jira.add_component(LocalComponent("GHI", "Five", "jane", "COMPONENT_LEAD"))
    jira.add_component(LocalComponent("GHI", "Nobody's"))
    return jira


async def leads(site: JiraSite, *roles: str) -> dict[str, Lead]:
    return {lead.key: lead async for lead in site.target.list_leads(roles)}


@pytest.mark.parametrize("version", ["8.20", "9.12", "10.0", "10.3", "11.0"])
async def test_every_version_lists_all_that_somebody_leads(version: str) -> None:
    async with jira_site(simulator(version=version)) as site:
        found = await leads(site)
        projects = {lead.id: lead.account_key for lead in found.values() if lead.kind == "project"}
        assert projects == {"ABC": "jane", "DEF": "jane", "GHI": "john"}
        parts = [
            (lead.project, lead.name, lead.account_key, lead.project_lead)
            for lead in found.values()
            if lead.kind == "component"
        ]
        assert sorted(parts) == [
            ("ABC", "One", "jane", "jane"),
            ("ABC", "Two", "jane", "jane"),
            ("DEF", "Three", "jane", "jane"),
            ("GHI", "Five", "jane", "john"),
            ("GHI", "Four", "jane", "john"),
        ]
        assert all(lead.roles == {} for lead in found.values())


@pytest.mark.parametrize("version", ["9.12", "10.3"])
@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
async def test_leads_of_many_projects_and_components_are_all_found(version: str, count: int) -> None:
    jira = Jira.with_defaults([JANE], version=version)
    for number in range(count):
        jira.add_project(LocalProject(f"P{number}", f"Project {number}", "jane"))
        jira.add_component(LocalComponent(f"P{number}", "Part", "jane"))
    async with jira_site(jira) as site:
        assert len(await leads(site)) == 2 * count
        assert len(site.log) <= (count if version == "9.12" else 3 * (count // 100 + 1)) + 8


async def test_roles_have_their_active_members_by_name_and_through_groups_and_each_is_asked_once() -> None:
    async with jira_site(simulator()) as site:
        found = await leads(site, "Administrators", "Ghosts")
        assert found["project:ABC"].roles == {"Administrators": ("admin", "jane", "john")}
        assert found["component:10000"].roles == {"Administrators": ("admin", "jane", "john")}
        assert found["project:DEF"].roles == {"Administrators": ()}
        assert len([line for line in site.lines if line.endswith("/group/member")]) == 1


async def test_a_role_of_a_group_that_is_gone_has_no_members() -> None:
    jira = Jira.with_defaults([JANE])
    jira.add_project(LocalProject("ABC", "A", "jane", roles={"Developers": ("group:Gone",)}))
    async with jira_site(jira) as site:
        assert (await leads(site, "Developers"))["project:ABC"].roles == {"Developers": ()}


async def test_one_lead_is_found_by_its_key_and_what_nobody_leads_is_none() -> None:
    async with jira_site(simulator()) as site:
        project = await site.target.find_lead("project:ABC")
        component = await site.target.find_lead("component:10004")
        assert project == Lead("project", "ABC", "ABC", "Alphabet", "jane")
        assert component == Lead("component", "10004", "GHI", "Five", "jane", project_lead="john")
        for key in ("component:10005", "component:99", "project:GONE"):
            assert await site.target.find_lead(key) is None


async def test_a_project_and_a_component_are_given_to_another_and_keep_their_kind_of_assignee() -> None:
    async with jira_site(simulator(quirks=Quirks(update_resets_assignee_type=True))) as site:
        await site.target.move_lead("project:ABC", "John")
        await site.target.move_lead("component:10004", "John")
        assert site.effects == [
            Effect("change-project", "ABC", "john PROJECT_LEAD"),
            Effect("change-component", "10004", "john COMPONENT_LEAD"),
        ]
        found = await site.target.find_lead("component:10004")
        assert found is not None
        assert found.account_key == "john"


@pytest.mark.parametrize("key", ["project:ABC", "component:10000"])
@pytest.mark.parametrize("nobody", ["", "ghost", "left"])
async def test_nothing_is_ever_left_without_a_lead(key: str, nobody: str) -> None:
    jira = simulator()
    async with jira_site(jira) as site:
        before = jira.snapshot()
        with pytest.raises(Refused, match="no active account of that name"):
            await site.target.move_lead(key, nobody)
        assert [line for line in site.lines if line.startswith("PUT")] == []
        assert jira.snapshot() == before


@pytest.mark.parametrize("key", ["project:GONE", "component:99"])
async def test_what_is_gone_is_not_found(key: str) -> None:
    async with jira_site(simulator()) as site:
        with pytest.raises(NotFound):
            await site.target.move_lead(key, "john")


async def test_a_move_whose_answer_is_lost_may_have_happened() -> None:
    async with jira_site(simulator()) as site:
        site.breaking.fault, site.breaking.methods = "reset-after", ("PUT",)
        with pytest.raises(OutcomeUnknown):
            await site.target.move_lead("project:ABC", "john")
        found = await site.target.find_lead("project:ABC")
        assert found is not None
        assert found.account_key == "john"


async def test_the_refusal_to_deactivate_names_projects_and_components_though_jira_names_only_projects() -> None:
    async with jira_site(simulator()) as site:
        with pytest.raises(Refused) as refused:
            await site.target.set_active("jane", False)
        assert refused.value.message == (
            "Jira does not deactivate jane, who leads project ABC, project DEF, component 'One' of ABC, "
            "component 'Two' of ABC, component 'Three' of DEF, component 'Five' of GHI, component 'Four' of GHI."
        )
        assert "Synchronise the target again" in refused.value.remedy
        assert site.effects == []


async def test_a_long_list_of_leads_is_cut_in_the_message() -> None:
    jira = Jira.with_defaults([JANE])
    for number in range(30):
        jira.add_project(LocalProject(f"P{number}", f"Project {number:02}", "jane"))
    async with jira_site(jira) as site:
        with pytest.raises(Refused, match="project P19 and 10 more"):
            await site.target.set_active("jane", False)


async def test_a_leaver_with_two_projects_and_five_components_goes_once_all_is_moved() -> None:
    async with jira_site(simulator()) as site:
        for key, lead in (await leads(site)).items():
            if lead.account_key == "jane":
                await site.target.move_lead(key, "john")
        await site.target.set_active("jane", False)
        account = await site.target.find_account("jane")
        assert account is not None
        assert not account.active
        assert "jane" not in [name for _, name in site.simulator.snapshot().leads]
        assert len(site.simulator.snapshot().leads) == 8


async def test_a_project_that_nobody_may_see_is_named_in_jiras_words_with_the_permission() -> None:
    jira = Jira.with_defaults([JANE])
    jira.add_project(LocalProject("SECRET", "Secret", "jane", hidden=True))
    async with jira_site(jira) as site:
        assert await leads(site) == {}
        with pytest.raises(Refused, match="SECRET") as refused:
            await site.target.set_active("jane", False)
        assert "Browse Projects" in refused.value.remedy


@pytest.mark.parametrize("editable", [True, False])
async def test_archived_projects_are_moved_only_once_jira_has_refused_because_of_one(editable: bool) -> None:
    jira = Jira.with_defaults([JANE, JOHN], quirks=Quirks(archived_project_editable=editable))
    jira.add_project(LocalProject("OLD", "Old", "jane", archived=True))
    jira.add_component(LocalComponent("OLD", "Part", "jane"))
    async with jira_site(jira) as site:
        assert await leads(site) == {}
        with pytest.raises(Refused, match="project OLD, component 'Part' of OLD") as refused:
            await site.target.set_active("jane", False)
        assert "restore OLD from the archive" in refused.value.remedy
        assert set(await leads(site)) == {"project:OLD", "component:10000"}
        if editable:
            for key in await leads(site):
                await site.target.move_lead(key, "john")
            await site.target.set_active("jane", False)
            return
        for key in ("project:OLD", "component:10000"):
            with pytest.raises(Refused, match="because OLD is archived") as refused:
                await site.target.move_lead(key, "john")
            assert refused.value.remedy.startswith("Restore OLD from the archive")


async def test_where_archived_projects_hold_nobody_they_are_left_alone() -> None:
    jira = Jira.with_defaults([JANE], quirks=Quirks(archived_lead_blocks=False))
    jira.add_project(LocalProject("OLD", "Old", "jane", archived=True))
    async with jira_site(jira) as site:
        await site.target.set_active("jane", False)
        assert [effect.kind for effect in site.effects] == ["deactivate-account"]


async def test_a_lead_who_is_inactive_and_cannot_be_updated_is_refused_as_an_item() -> None:
    jira = simulator()
    jira.change_account("jane", active=False)
    async with jira_site(jira) as site:
        with pytest.raises(Refused, match="active: Cannot deactivate user"):
            await site.target.update_account("jane", display_name="J", email="j@example.com")


async def test_a_token_that_anonymous_answers_for_shows_no_empty_list_of_leads() -> None:
    jira = simulator(quirks=Quirks(bad_token="anonymous"))
    async with jira_site(jira) as site:
        jira.revoke_token(site.token)
        with pytest.raises(CredentialFailed):
            await leads(site)


async def test_a_listing_that_breaks_off_is_incomplete() -> None:
    jira = Jira.with_defaults([JANE])
    for number in range(150):
        jira.add_project(LocalProject(f"P{number}", f"Project {number}", "jane"))
        jira.add_component(LocalComponent(f"P{number}", "A", "jane"))
        jira.add_component(LocalComponent(f"P{number}", "B", "jane"))
    async with jira_site(jira) as site:
        pages = 0

        def meddle(method: str, path: str) -> None:
            nonlocal pages
            pages += path.endswith("/component/page")
            if pages == 2:
                pages += 1
                jira.add_component(LocalComponent("P0", "0 comes meanwhile", "jane"))

        site.meddle = meddle
        with pytest.raises(IncompleteRead):
            await leads(site)
