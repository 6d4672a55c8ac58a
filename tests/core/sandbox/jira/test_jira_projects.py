"""Projects and components of the simulated Jira, and the refusal to deactivate who leads one."""

from typing import Any

import pytest
from jira_visit import API, JANE, JOHN, LEFT, JiraVisit

from core.sandbox.jira import Effect, Jira, LocalComponent, LocalProject, Quirks, Settings

OFF = {"active": False, "name": "jane"}


def jira(**options: Any) -> Jira:
    site = Jira.with_defaults([JANE, JOHN, LEFT], **options)
    site.add_project(LocalProject("ABC", "Alphabet", "jane"))
    site.add_project(LocalProject("DEF", "Definitions", "john"))
    site.add_component(LocalComponent("DEF", "Index", "jane", "COMPONENT_LEAD"))
    return site


async def deactivate(visit: JiraVisit, site: Jira) -> tuple[int, str]:
    answer = await (await visit(site)).put(f"{API}/user?username=jane", json=OFF)
    return answer.status_code, answer.json().get("errors", {}).get("active", "")


async def test_a_lead_is_not_deactivated_and_projects_hide_components_in_the_answer(visit: JiraVisit) -> None:
    site = jira()
    status, text = await deactivate(visit, site)
    assert (status, text.endswith("project lead on these projects: ABC")) == (400, True)
    site.add_project(LocalProject("ABC", "Alphabet", "john"))
    status, text = await deactivate(visit, site)
    assert (status, text.endswith("component lead on these projects: DEF")) == (400, True)
    assert site.effects == []


async def test_an_inactive_lead_cannot_even_be_updated(visit: JiraVisit) -> None:
    site = jira()
    site.change_account("jane", active=False)
    answer = await (await visit(site)).put(f"{API}/user?username=jane", json={"displayName": "J"})
    assert list(answer.json()["errors"]) == ["active"]


@pytest.mark.parametrize(("blocks", "status"), [(True, 400), (False, 200)])
async def test_the_lead_of_an_archived_project_may_be_held_too(visit: JiraVisit, blocks: bool, status: int) -> None:
    site = Jira.with_defaults([JANE], quirks=Quirks(archived_lead_blocks=blocks))
    site.add_project(LocalProject("OLD", "Old", "jane", archived=True))
    site.add_component(LocalComponent("OLD", "Part", "jane"))
    assert (await deactivate(visit, site))[0] == status


async def test_a_hidden_project_holds_its_lead_and_is_shown_to_nobody(visit: JiraVisit) -> None:
    site = Jira.with_defaults([JANE])
    site.add_project(LocalProject("SECRET", "Secret", "jane", hidden=True))
    status, text = await deactivate(visit, site)
    assert (status, text.endswith(": SECRET")) == (400, True)
    client = await visit(site)
    assert (await client.get(f"{API}/project")).json() == []
    assert (await client.get(f"{API}/project/SECRET")).status_code == 404


async def test_projects_have_leads_where_they_are_expanded_and_archived_ones_where_asked(visit: JiraVisit) -> None:
    site = jira()
    site.add_project(LocalProject("OLD", "Old", "jane", archived=True))
    client = await visit(site)
    plain = (await client.get(f"{API}/project")).json()
    assert [(each["key"], "lead" in each) for each in plain] == [("ABC", False), ("DEF", False)]
    whole = (await client.get(f"{API}/project?expand=lead&includeArchived=true")).json()
    assert [(each["key"], each["lead"]["name"], each["archived"]) for each in whole] == [
        ("ABC", "jane", False),
        ("DEF", "john", False),
        ("OLD", "jane", True),
    ]


async def test_a_project_gets_another_lead_who_must_be_active(visit: JiraVisit) -> None:
    site = jira()
    client = await visit(site)
    for nobody in ("ghost", "left", ""):
        answer = await client.put(f"{API}/project/ABC", json={"lead": nobody})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["projectLead"])
    assert (await client.put(f"{API}/project/ABC", json={"lead": "john"})).json()["lead"]["name"] == "john"
    assert site.effects == [Effect("change-project", "ABC", "john PROJECT_LEAD")]


async def test_unassigned_is_no_default_where_issues_must_be_assigned(visit: JiraVisit) -> None:
    client = await visit(jira(settings=Settings(unassigned_issues=False)))
    answer = await client.put(f"{API}/project/ABC", json={"assigneeType": "UNASSIGNED"})
    assert list(answer.json()["errors"]) == ["assigneeType"]


@pytest.mark.parametrize(("resets", "kind"), [(False, "COMPONENT_LEAD"), (True, "PROJECT_DEFAULT")])
async def test_a_component_gets_another_lead_or_none(visit: JiraVisit, resets: bool, kind: str) -> None:
    site = jira(quirks=Quirks(update_resets_assignee_type=resets))
    client = await visit(site)
    moved = (await client.put(f"{API}/component/10000", json={"leadUserName": "john"})).json()
    assert (moved["lead"]["name"], moved["assigneeType"]) == ("john", kind)
    kept = {"leadUserName": "", "assigneeType": "COMPONENT_LEAD"}
    cleared = (await client.put(f"{API}/component/10000", json=kept)).json()
    assert "lead" not in cleared
    assert (cleared["realAssigneeType"], cleared["isAssigneeTypeValid"]) == ("PROJECT_DEFAULT", False)
    assert (await client.put(f"{API}/component/10000", json={"leadUserName": "left"})).status_code == 400
    assert (await client.put(f"{API}/component/9", json={"leadUserName": "jane"})).status_code == 404


@pytest.mark.parametrize(("editable", "status"), [(False, 403), (True, 200)])
async def test_an_archived_project_may_be_closed_to_changes(visit: JiraVisit, editable: bool, status: int) -> None:
    site = Jira.with_defaults([JANE, JOHN], quirks=Quirks(archived_project_editable=editable))
    site.add_project(LocalProject("OLD", "Old", "jane", archived=True))
    assert (await (await visit(site)).put(f"{API}/project/OLD", json={"lead": "john"})).status_code == status


@pytest.mark.parametrize(("version", "status"), [("9.12", 404), ("10.0", 200)])
async def test_components_of_many_projects_come_in_pages_since_10(visit: JiraVisit, version: str, status: int) -> None:
    client = await visit(jira(version=version))
    answer = await client.get(f"{API}/component/page?projectIds=10000,10001&maxResults=100")
    assert answer.status_code == status
    assert status == 404 or [each["name"] for each in answer.json()["values"]] == ["Index"]
    assert [each["name"] for each in (await client.get(f"{API}/project/DEF/components")).json()] == ["Index"]


async def test_roles_have_users_and_groups(visit: JiraVisit) -> None:
    site = Jira.with_defaults([JANE, JOHN])
    site.add_project(LocalProject("ABC", "A", "jane", roles={"Administrators": ("john", "group:Staff")}))
    client = await visit(site)
    roles = (await client.get(f"{API}/project/ABC/role")).json()
    role = (await client.get(f"{API}/project/ABC/role/{roles['Administrators'].rpartition('/')[2]}")).json()
    assert [(actor["type"], actor["name"]) for actor in role["actors"]] == [
        ("atlassian-user-role-actor", "john"),
        ("atlassian-group-role-actor", "Staff"),
    ]
    assert (await client.get(f"{API}/project/ABC/role/1")).status_code == 404


async def test_deleting_refuses_a_project_lead_and_clears_components(visit: JiraVisit) -> None:
    site = jira()
    client = await visit(site)
    assert (await client.delete(f"{API}/user?username=jane")).status_code == 400
    await client.put(f"{API}/project/ABC", json={"lead": "john"})
    assert (await client.delete(f"{API}/user?username=jane")).status_code == 204
    assert dict(site.snapshot().leads) == {"ABC": "john", "DEF": "john"}
