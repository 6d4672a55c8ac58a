"""Groups and memberships of the simulated Jira, and who takes a seat."""

from typing import Any

import pytest
from jira_visit import API, JANE, JOHN, LEFT, NEW, JiraVisit, people

from core.sandbox.jira import ApplicationRole, Effect, Jira, LocalAccount, Quirks, Settings

MEMBERS = f"{API}/group/member?groupname="


def seats(count: int) -> Settings:
    return Settings(
        applications=(
            ApplicationRole(
                "jira-software",
                "Jira Software",
                ("jira-software-users",),
                ("jira-software-users",),
                seats=count,
            ),
        )
    )


async def test_the_picker_gives_20_unless_told_and_says_how_many_there_are(visit: JiraVisit) -> None:
    jira = Jira.with_defaults()
    for number in range(30):
        jira.add_group(f"Team {number:02}")
    client = await visit(jira)
    page = (await client.get(f"{API}/groups/picker")).json()
    assert (page["header"], page["total"], len(page["groups"])) == ("Showing 20 of 32 matching groups", 32, 20)
    assert len((await client.get(f"{API}/groups/picker?maxResults=10000")).json()["groups"]) == 32
    assert (await client.get(f"{API}/groups/picker?query=TEAM 2")).json()["total"] == 10


async def test_members_come_50_at_a_time_without_the_inactive_unless_asked(visit: JiraVisit) -> None:
    jira = Jira.with_defaults([LEFT, *people(60)])
    for account in [LEFT, *people(60)]:
        jira.add_account(LocalAccount(account.username, "X", "x@example.com", account.active, groups=("All",)))
    client = await visit(jira)
    page = (await client.get(f"{MEMBERS}All&maxResults=500")).json()
    assert (page["maxResults"], page["total"], page["isLast"], len(page["values"])) == (50, 60, False, 50)
    rest = (await client.get(f"{MEMBERS}All&includeInactiveUsers=true&startAt=50")).json()
    assert (rest["total"], rest["isLast"], len(rest["values"])) == (61, True, 11)
    assert (await client.get(f"{MEMBERS}ghosts")).status_code == 404
    assert (await client.get(f"{API}/group/member")).status_code == 400


async def test_members_of_inner_groups_are_members_of_the_outer(visit: JiraVisit) -> None:
    jira = Jira.with_defaults([JANE])
    jira.add_group("Company")
    jira.add_group("Staff", inside="Company")
    client = await visit(jira)
    assert [user["name"] for user in (await client.get(f"{MEMBERS}Company")).json()["values"]] == ["jane"]
    groups = (await client.get(f"{API}/user?username=jane&expand=groups")).json()["groups"]["items"]
    assert "Company" in [group["name"] for group in groups]


async def test_a_repeat_is_400_not_a_success(visit: JiraVisit) -> None:
    jira = Jira.with_defaults([JANE, JOHN])
    client = await visit(jira)
    assert (await client.post(f"{API}/group", json={"name": "Ops"})).status_code == 201
    assert (await client.post(f"{API}/group", json={"name": "OPS"})).status_code == 400
    assert (await client.post(f"{API}/group/user?groupname=ops", json={"name": "john"})).status_code == 201
    assert (await client.post(f"{API}/group/user?groupname=ops", json={"name": "john"})).status_code == 400
    assert (await client.delete(f"{API}/group/user?groupname=ops&username=john")).status_code == 200
    assert (await client.delete(f"{API}/group/user?groupname=ops&username=john")).status_code == 400
    assert (await client.delete(f"{API}/group?groupname=ops")).status_code == 200
    assert (await client.delete(f"{API}/group?groupname=ops")).status_code == 404
    assert [effect.kind for effect in jira.effects] == ["create-group", "add-member", "remove-member", "delete-group"]
    assert jira.effects[1] == Effect("add-member", "john", "Ops")


async def test_who_or_what_is_not_there_is_404(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults([JANE]))
    assert (await client.post(f"{API}/group/user?groupname=ghosts", json={"name": "jane"})).status_code == 404
    assert (await client.post(f"{API}/group/user?groupname=Staff", json={"name": "ghost"})).status_code == 404
    assert (await client.delete(f"{API}/group/user?groupname=Staff&username=ghost")).status_code == 404


async def test_a_seat_is_an_active_user_in_any_group_of_the_application(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults([JANE, LEFT], settings=seats(5)))
    (role,) = (await client.get(f"{API}/applicationrole")).json()
    assert (role["numberOfSeats"], role["remainingSeats"], role["userCount"]) == (5, 3, 2)
    assert role["hasUnlimitedSeats"] is False
    await client.put(f"{API}/user?username=left", json={"active": True})
    assert (await client.get(f"{API}/applicationrole/jira-software")).json()["remainingSeats"] == 2
    assert (await client.get(f"{API}/applicationrole/jira-core")).status_code == 404


async def test_without_a_seat_a_user_is_refused_or_gets_no_access(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults(settings=seats(1)))
    answer = await client.post(f"{API}/user", json=NEW)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["applicationKeys"])
    lenient = Jira.with_defaults(settings=seats(1), quirks=Quirks(create_without_seats="no-access"))
    answer = await (await visit(lenient)).post(f"{API}/user", json=NEW)
    assert (answer.status_code, answer.json()["groups"]["size"]) == (201, 0)


@pytest.mark.parametrize(("refuses", "status"), [("allow", 201), ("refuse", 400)])
async def test_without_a_seat_a_membership_is_given_or_refused(visit: JiraVisit, refuses: Any, status: int) -> None:
    jira = Jira.with_defaults(people(1), settings=seats(1), quirks=Quirks(membership_without_seats=refuses))
    client = await visit(jira)
    answer = await client.post(f"{API}/group/user?groupname=jira-software-users", json={"name": "u0000"})
    assert answer.status_code == status


async def test_access_is_given_by_default_groups_and_taken_from_all(visit: JiraVisit) -> None:
    jira = Jira.with_defaults(people(1))
    client = await visit(jira)
    query = "username=u0000&applicationKey=jira-software"
    assert (await client.post(f"{API}/user/application?{query}")).status_code == 200
    assert (await client.delete(f"{API}/user/application?{query}")).status_code == 204
    assert [effect.kind for effect in jira.effects] == ["join-default-group", "leave-application-group"]
    assert (await client.post(f"{API}/user/application?username=u0000&applicationKey=x")).status_code == 400
