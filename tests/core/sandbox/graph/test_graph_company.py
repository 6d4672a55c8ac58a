"""The same company comes by SCIM or by Graph, under the same ids, and stays the same while things happen to it."""

from random import Random
from typing import Any

from graph_visit import Visit

from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra.attributes import ENTERPRISE_USER, user_attributes
from core.sandbox.graph import ENTERPRISE_APP, ROUGH, Graph

SELECT = (
    "id,userPrincipalName,accountEnabled,displayName,jobTitle,mail,preferredLanguage,givenName,surname,officeLocation,"
    "streetAddress,city,state,postalCode,country,businessPhones,mobilePhone,faxNumber,mailNickname,employeeId,department"
)


def scim_attributes(user: dict[str, Any]) -> dict[str, Any]:
    """What Entra's default mapping makes of a user of Graph."""
    address = 'addresses[type eq "work"]'
    mapped = {
        "userName": user["userPrincipalName"].split("#EXT#@")[0],
        "active": user["accountEnabled"],
        "displayName": user["displayName"],
        "title": user["jobTitle"],
        'emails[type eq "work"].value': user["mail"],
        "preferredLanguage": user["preferredLanguage"],
        "name.givenName": user["givenName"],
        "name.familyName": user["surname"],
        "name.formatted": f"{user['givenName']} {user['surname']}",
        f"{address}.formatted": user["officeLocation"],
        f"{address}.streetAddress": user["streetAddress"],
        f"{address}.locality": user["city"],
        f"{address}.region": user["state"],
        f"{address}.postalCode": user["postalCode"],
        f"{address}.country": user["country"],
        'phoneNumbers[type eq "work"].value': next(iter(user["businessPhones"]), None),
        'phoneNumbers[type eq "mobile"].value': user["mobilePhone"],
        'phoneNumbers[type eq "fax"].value': user["faxNumber"],
        "externalId": user["mailNickname"],
        f"{ENTERPRISE_USER}:employeeNumber": user["employeeId"],
        f"{ENTERPRISE_USER}:department": user["department"],
    }
    return {path: value for path, value in mapped.items() if value is not None}


async def assert_same(graph: Graph, directory: Directory) -> None:
    visit = Visit(graph)
    users = {user["id"]: user for user in await visit.all(f"users?$select={SELECT}&$top=999")}
    present = [directory.person(each) for each in directory.people if not directory.person(each).soft_deleted]
    assert {key: scim_attributes(user) for key, user in users.items()} == {
        person.id: user_attributes(person) for person in present
    }
    groups = {group["id"]: group["displayName"] for group in await visit.all("groups?$top=999")}
    assert groups == {each: directory.group(each).display_name for each in directory.groups}
    for group_id in groups:
        members = await visit.all(f"groups/{group_id}/members?$select=id&$top=999")
        assert {member["id"] for member in members} == {each for each in directory.members(group_id) if each in users}
    assert {key: graph.tenant.users[key].manager_id for key in users} == {
        person.id: person.manager_id for person in present
    }


async def test_a_company_is_the_same_at_the_beginning_and_after_much_happened() -> None:
    directory, rng = Directory.seeded(80, 7), Random("churn 7")
    graph = Graph.of_company(directory)
    await assert_same(graph, directory)
    for _ in range(12):
        graph.follow(directory, churn(directory, rng, 0.3))
    await assert_same(graph, directory)


async def test_what_happens_to_a_company_comes_by_delta() -> None:
    directory, rng = Directory.seeded(40, 3), Random("churn 3")
    graph = Graph.of_company(directory)
    visit = Visit(graph)
    _, link = await visit.round("users/delta?$select=displayName,accountEnabled")
    people = set(directory.people)
    graph.follow(directory, churn(directory, rng, 0.5))
    items, _ = await visit.round(link)
    assert {item["id"] for item in items} >= set(directory.people) - people


async def test_every_group_of_the_company_is_assigned_and_no_replica_lags_at_the_beginning() -> None:
    directory = Directory.seeded(40, 3)
    graph = Graph.of_company(directory, quirks=ROUGH)
    rows = await Visit(graph).all(f"servicePrincipals/{ENTERPRISE_APP.id}/appRoleAssignedTo?$top=999")
    assert {row["principalId"] for row in rows} == set(directory.groups)
    graph.follow(directory, churn(directory, Random("churn 1"), 1.0))
    assigned = {row.principal_id for row in graph.tenant.applications.assigned_to(ENTERPRISE_APP.id)}
    assert assigned == set(directory.groups)


async def test_guests_of_the_company_are_guests_and_staff_has_a_licence() -> None:
    directory = Directory.seeded(300, 2)
    graph = Graph.of_company(directory)
    guests = {each for each in directory.people if directory.person(each).guest}
    found = await Visit(graph).value("users?$filter=userType eq 'Guest'&$select=id,assignedLicenses")
    assert {user["id"] for user in found} == guests
    assert guests
    assert not any(user["assignedLicenses"] for user in found)
