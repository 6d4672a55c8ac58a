"""Users of the simulated Jira one by one: the codes and bodies of Jira's reference, and its partial updates."""

from typing import Any

import pytest
from jira_visit import API, JANE, JOHN, LEFT, NEW, JiraVisit

from core.sandbox.jira import Effect, Jira, LocalAccount, Quirks, Settings


def jira(**options: Any) -> Jira:
    return Jira.with_defaults([JANE, JOHN, LEFT], **options)


async def test_a_user_has_groups_and_roles_only_where_they_are_expanded(visit: JiraVisit) -> None:
    client = await visit(jira())
    plain = (await client.get(f"{API}/user?username=JANE")).json()
    assert (plain["key"], plain["name"], plain["active"], plain["deleted"]) == ("JIRAUSER10001", "jane", True, False)
    assert plain["groups"] == {"size": 2, "items": []}
    whole = (await client.get(f"{API}/user?key=JIRAUSER10001&expand=groups,applicationRoles")).json()
    assert [group["name"] for group in whole["groups"]["items"]] == ["jira-software-users", "Staff"]
    assert [role["key"] for role in whole["applicationRoles"]["items"]] == ["jira-software"]


@pytest.mark.parametrize("query", ["username=ghost", "key=JIRAUSER9", ""])
async def test_who_is_not_there_is_404_in_jiras_words(visit: JiraVisit, query: str) -> None:
    answer = await (await visit(jira())).get(f"{API}/user?{query}")
    assert (answer.status_code, set(answer.json())) == (404, {"errorMessages", "errors"})


async def test_creating_gives_201_with_the_user_and_his_place(visit: JiraVisit) -> None:
    site = jira()
    answer = await (await visit(site)).post(f"{API}/user", json=NEW | {"name": "New"})
    assert (answer.status_code, answer.json()["name"], answer.json()["active"]) == (201, "new", True)
    assert answer.headers["Location"].endswith("/rest/api/2/user?username=new")
    assert site.effects == [
        Effect("create-account", "new", "New One <new@example.com>"),
        Effect("join-default-group", "new", "jira-software-users"),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "jane"}, "username"),
        ({"name": "JANE"}, "username"),
        ({"name": ""}, "username"),
        ({"name": "a<b"}, "username"),
        ({"name": "x" * 256}, "username"),
        ({"displayName": ""}, "fullname"),
        ({"displayName": "x" * 256}, "fullname"),
        ({"emailAddress": ""}, "email"),
        ({"emailAddress": "nobody"}, "email"),
    ],
)
async def test_what_is_wrong_is_named_by_its_field(visit: JiraVisit, changed: dict[str, str], field: str) -> None:
    site = jira()
    answer = await (await visit(site)).post(f"{API}/user", json=NEW | changed)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert site.effects == []


async def test_without_an_application_nobody_joins_anything(visit: JiraVisit) -> None:
    site = jira()
    await (await visit(site)).post(f"{API}/user", json=NEW | {"applicationKeys": []})
    assert [effect.kind for effect in site.effects] == ["create-account"]


async def test_only_what_is_given_changes(visit: JiraVisit) -> None:
    site = jira()
    client = await visit(site)
    changed = await client.put(f"{API}/user?username=jane", json={"displayName": "Jane Roe"})
    assert (changed.status_code, changed.json()["displayName"]) == (200, "Jane Roe")
    assert changed.json()["emailAddress"] == "jane@example.com"
    renamed = await client.put(f"{API}/user?username=jane", json={"name": "Jane.Roe"})
    assert (renamed.json()["name"], renamed.json()["key"]) == ("jane.roe", "JIRAUSER10001")
    assert (await client.put(f"{API}/user?username=jane.roe", json={"name": "john"})).json()["errors"].keys() == {
        "username"
    }
    assert site.effects == [
        Effect("update-account", "jane", "Jane Roe <jane@example.com>"),
        Effect("rename-account", "jane", "jane.roe"),
    ]


async def test_deactivating_keeps_the_groups_and_frees_the_seat(visit: JiraVisit) -> None:
    site = jira()
    client = await visit(site)
    answer = await client.put(f"{API}/user?username=jane", json={"active": False, "name": "jane"})
    assert (answer.status_code, answer.json()["active"], answer.json()["groups"]["size"]) == (200, False, 2)
    again = await client.put(f"{API}/user?username=jane", json={"active": False, "name": "jane"})
    assert again.status_code == 200
    assert site.effects == [Effect("deactivate-account", "jane")]
    assert (await client.get(f"{API}/applicationrole/jira-software")).json()["userCount"] == 2


async def test_before_8_3_nobody_can_be_deactivated(visit: JiraVisit) -> None:
    site = jira(version="8.2")
    jane = {"Authorization": "Basic YWRtaW46YWRtaW4="}
    answer = await (await visit(site, user=None)).put(
        f"{API}/user?username=jane", json={"active": False, "name": "jane"}, headers=jane
    )
    assert (answer.status_code, answer.json()["errorMessages"]) == (400, ["error.no.value.found.to.be.changed"])


async def test_nobody_deactivates_or_deletes_himself(visit: JiraVisit) -> None:
    client = await visit(jira())
    assert (await client.put(f"{API}/user?username=admin", json={"active": False})).status_code == 400
    assert (await client.delete(f"{API}/user?username=admin")).status_code == 400


async def test_who_left_traces_in_issues_is_not_deleted(visit: JiraVisit) -> None:
    site = jira()
    site.keep_busy("jane")
    client = await visit(site)
    assert (await client.delete(f"{API}/user?username=jane")).status_code == 400
    assert (await client.delete(f"{API}/user?username=john")).status_code == 204
    assert (await client.delete(f"{API}/user?username=john")).status_code == 404
    assert site.effects == [Effect("delete-account", "john")]


@pytest.mark.parametrize("status", [400, 403])
async def test_an_administrator_does_not_edit_a_system_administrator(visit: JiraVisit, status: Any) -> None:
    site = jira(
        quirks=Quirks(edit_sysadmin_status=status), settings=Settings(administrator_groups=frozenset({"helpers"}))
    )
    site.add_account(LocalAccount("helper", "Helper", "helper@example.com", groups=("helpers",)))
    client = await visit(site, user="helper")
    assert (await client.put(f"{API}/user?username=admin", json={"displayName": "X"})).status_code == status
    assert (await client.put(f"{API}/user?username=jane", json={"displayName": "X"})).status_code == 200


@pytest.mark.parametrize(
    ("emails", "shown"), [("show", "jane@example.com"), ("hide", None), ("mask", "jane at example dot com")]
)
async def test_addresses_are_shown_as_the_administrator_wants(visit: JiraVisit, emails: Any, shown: str | None) -> None:
    client = await visit(jira(settings=Settings(emails=emails)))
    assert (await client.get(f"{API}/user?username=jane")).json().get("emailAddress") == shown


async def test_upper_case_is_folded_or_refused(visit: JiraVisit) -> None:
    client = await visit(jira(quirks=Quirks(upper_case_usernames="refuse")))
    assert (await client.post(f"{API}/user", json=NEW | {"name": "New"})).json()["errors"].keys() == {"username"}
