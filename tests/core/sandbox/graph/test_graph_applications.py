"""Assignments, the organisation, licences, managers and the provisioning log."""

from typing import Any

import pytest
from graph_visit import EVENTUAL, Clock, Visit

from core.sandbox.graph import (
    DEFAULT_ACCESS,
    E5,
    ENTERPRISE_APP,
    F1,
    Graph,
    ProvisioningRow,
    Quirks,
    ServicePrincipal,
    Settings,
    Tenant,
)


def tenant_with_app(**quirks: Any) -> Graph:
    graph = Graph(quirks=Quirks(**quirks))
    graph.tenant.skus = (E5, F1)
    graph.tenant.add_application(ENTERPRISE_APP)
    return graph


async def test_assignments_are_listed_under_both_keys_of_the_application() -> None:
    graph = tenant_with_app()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    group = graph.tenant.new_group("Jira Users")
    daemon = graph.tenant.add_application(
        ServicePrincipal("5b1d0000-0000-4000-8000-0000000000b1", "5b1d0000-0000-4000-8000-0000000000b2", "Daemon")
    )
    graph.tenant.assign(ENTERPRISE_APP.id, ann.id)
    graph.tenant.assign(ENTERPRISE_APP.id, group.id, ENTERPRISE_APP.roles[0].id)
    graph.tenant.assign(ENTERPRISE_APP.id, daemon.id)
    visit = Visit(graph)
    by_id = await visit.value(f"servicePrincipals/{ENTERPRISE_APP.id}/appRoleAssignedTo")
    by_app_id = await visit.value(f"servicePrincipals(appId='{ENTERPRISE_APP.app_id}')/appRoleAssignedTo")
    assert by_id == by_app_id
    assert [(row["principalType"], row["principalId"], row["appRoleId"]) for row in by_id] == [
        ("User", ann.id, DEFAULT_ACCESS),
        ("Group", group.id, ENTERPRISE_APP.roles[0].id),
        ("ServicePrincipal", daemon.id, DEFAULT_ACCESS),
    ]
    assert len(await visit.all(f"servicePrincipals(appId='{ENTERPRISE_APP.app_id}')/appRoleAssignedTo?$top=1")) == 3
    assert [row["resourceDisplayName"] for row in await visit.value(f"users/{ann.id}/appRoleAssignments")] == [
        "Atlassian"
    ]


async def test_an_application_is_found_by_its_app_id_with_its_roles() -> None:
    visit = Visit(tenant_with_app())
    found = await visit.document(f"servicePrincipals(appId='{ENTERPRISE_APP.app_id}')?$select=id,appRoles")
    assert (found["id"], found["appRoles"][0]["value"]) == (ENTERPRISE_APP.id, "User")
    (listed,) = await visit.value(f"servicePrincipals?$filter=appId eq '{ENTERPRISE_APP.app_id}'")
    assert listed["id"] == ENTERPRISE_APP.id
    assert (await visit.get("servicePrincipals(appId='nothing')")).status_code == 404


async def test_assignments_end_when_taken_away_and_with_the_principal() -> None:
    graph = tenant_with_app()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    bob = graph.tenant.new_user("bob@contoso.example", "Bob")
    assignment = graph.tenant.assign(ENTERPRISE_APP.id, ann.id)
    graph.tenant.assign(ENTERPRISE_APP.id, bob.id)
    graph.tenant.unassign(ENTERPRISE_APP.id, assignment.id)
    graph.tenant.purge_user(bob.id)
    assert await Visit(graph).value(f"servicePrincipals/{ENTERPRISE_APP.id}/appRoleAssignedTo") == []


async def test_a_new_assignment_may_be_missing_at_first() -> None:
    graph = tenant_with_app(lag_reads=1)
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    graph.tenant.assign(ENTERPRISE_APP.id, ann.id)
    path = f"servicePrincipals/{ENTERPRISE_APP.id}/appRoleAssignedTo"
    assert [len(await Visit(graph).value(path)) for _ in range(2)] == [0, 1]


async def test_the_organisation_and_its_domains() -> None:
    visit = Visit(Graph())
    (organisation,) = await visit.value("organization")
    assert (organisation["id"], organisation["displayName"]) == (Settings().tenant_id, "Contoso")
    assert [domain["name"] for domain in organisation["verifiedDomains"]] == [
        "contoso.example", "contoso.onmicrosoft.com",
    ]  # fmt: skip
    assert [row["id"] for row in await visit.value("domains")] == ["contoso.example", "contoso.onmicrosoft.com"]


async def test_the_manager_is_a_resource_of_its_own_and_can_be_expanded() -> None:
    graph = Graph()
    boss = graph.tenant.new_user("boss@contoso.example", "Boss")
    ann = graph.tenant.new_user("ann@contoso.example", "Ann", manager_id=boss.id)
    visit = Visit(graph)
    manager = await visit.document(f"users/{ann.id}/manager?$select=id,displayName")
    assert (manager["@odata.type"], manager["displayName"]) == ("#microsoft.graph.user", "Boss")
    assert (await visit.get(f"users/{boss.id}/manager")).status_code == 404
    expanded = await visit.value("users?$select=id&$expand=manager($select=id)")
    assert [user.get("manager", {}).get("id") for user in expanded] == [None, boss.id]
    assert [each["id"] for each in await visit.value(f"users/{boss.id}/directReports")] == [ann.id]
    by_name = await visit.document("users/Ann@contoso.example?$expand=manager")
    assert by_name["manager"]["displayName"] == "Boss"


async def test_licences_are_told_in_detail() -> None:
    graph = tenant_with_app()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann", licences=(E5.id,))
    visit = Visit(graph)
    (details,) = await visit.value(f"users/{ann.id}/licenseDetails")
    assert (details["skuPartNumber"], details["servicePlans"][0]["provisioningStatus"]) == ("SPE_E5", "Success")
    (user,) = await visit.value("users?$select=id,assignedLicenses")
    assert user["assignedLicenses"] == [{"skuId": E5.id, "disabledPlans": []}]
    assert len(await visit.value(f"users?$filter=assignedLicenses/any(x:x/skuId eq {E5.id})")) == 1
    assert [sku["consumedUnits"] for sku in await visit.value("subscribedSkus")] == [1, 0]


async def test_objects_of_any_kind_are_read_by_their_ids() -> None:
    graph = Graph(settings=Settings(permissions=frozenset({"Directory.Read.All"})))
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    group = graph.tenant.new_group("All")
    visit = Visit(graph)
    body = {"ids": [ann.id, group.id, "gone"], "types": ["user", "group"]}
    found = (await visit.ask("POST", "directoryObjects/getByIds", json=body)).json()["value"]
    assert [each["@odata.type"] for each in found] == ["#microsoft.graph.user", "#microsoft.graph.group"]
    assert (await visit.document(f"directoryObjects/{group.id}"))["@odata.type"] == "#microsoft.graph.group"
    assert (await visit.ask("POST", "directoryObjects/getByIds", json={"ids": "no"})).status_code == 400


async def test_a_guest_is_a_user_of_another_type_with_a_name_of_this_tenant() -> None:
    graph = Graph()
    guest = graph.tenant.invite_guest("eve@fabrikam.example", "Eve")
    (found,) = await Visit(graph).value("users?$filter=userType eq 'Guest'&$select=userPrincipalName,mail,userType")
    assert found["userPrincipalName"] == "eve_fabrikam.example#EXT#@contoso.example" == guest.user_principal_name
    assert found["mail"] == "eve@fabrikam.example"


def rows() -> list[ProvisioningRow]:
    return [
        ProvisioningRow("u-1", "Ann", "t-1", action="create", at="2026-03-01T10:00:00Z", job_id="scim.a"),
        ProvisioningRow(
            "u-2", "Bob", status="failure", at="2026-03-01T11:00:00Z", error_code="TooManyRequests", reason="429"
        ),
        ProvisioningRow(
            "u-1", "Ann", "t-1", at="2026-03-01T12:00:00Z", modified={"displayName": ("Ann", "Anne")}, job_id="scim.a"
        ),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["12", "11", "10"]),
        ("$orderby=activityDateTime", ["10", "11", "12"]),
        ("$filter=jobId eq 'scim.a'", ["12", "10"]),
        ("$filter=jobId eq 'SCIM.A'", []),
        ("$filter=activityDateTime gt 2026-03-01T10:30:00Z and activityDateTime lt 2026-03-01T11:30:00Z", ["11"]),
        ("$filter=provisioningStatusInfo/status eq 'failure'", ["11"]),
        ("$filter=contains(sourceIdentity/displayName,'An')", ["12", "10"]),
        ("$filter=targetIdentity/id eq 't-1' and provisioningAction eq 'create'", ["10"]),
    ],
)
async def test_the_provisioning_log_is_filtered_and_sorted(query: str, found: list[str]) -> None:
    graph = Graph()
    for row in rows():
        graph.record_provisioning(row)
    listed = await Visit(graph).value(f"auditLogs/provisioning?{query}")
    assert [row["activityDateTime"][11:13] for row in listed] == found


async def test_a_row_tells_steps_what_changed_and_what_went_wrong() -> None:
    clock = Clock()
    graph = Graph(Tenant(clock=clock))
    for row in rows():
        graph.record_provisioning(row)
    updated, failed, _ = await Visit(graph).all("auditLogs/provisioning?$top=1")
    assert updated["modifiedProperties"] == [{"displayName": "displayName", "oldValue": "Ann", "newValue": "Anne"}]
    assert [step["provisioningStepType"] for step in updated["provisioningSteps"]] == ["import", "matching", "export"]
    assert failed["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "TooManyRequests"
    graph.record_provisioning(ProvisioningRow("u-3", "Cy"))
    assert (await Visit(graph).value("auditLogs/provisioning"))[0]["activityDateTime"] == graph.tenant.now()


async def test_china_has_no_provisioning_log() -> None:
    assert (await Visit(Graph(settings=Settings(cloud="china"))).get("auditLogs/provisioning")).status_code == 400


async def test_links_begin_with_the_address_of_the_cloud_if_one_is_set() -> None:
    graph = Graph(settings=Settings(base_url="https://graph.microsoft.us"))
    for number in range(2):
        graph.tenant.new_user(f"u{number}@contoso.example", "U")
    page = await Visit(graph).document("users?$top=1&$count=true", EVENTUAL)
    assert page["@odata.nextLink"].startswith("https://graph.microsoft.us/v1.0/users?$top=1&$count=true&$skiptoken=")
