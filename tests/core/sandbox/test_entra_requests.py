"""The requests of the simulated client, line by line, and their order."""

import re

import pytest
from contoso import ADA, colleague, company
from scim_recorder import ScimRecorder

from core.sandbox.entra import EntraClient, Pacing
from core.sandbox.entra.wire import Dialect

BASE = "/scim/v2"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PROBES = [
    f"GET {BASE}/Users?filter=userName+eq+%22GUID%22",
    f"GET {BASE}/Groups?excludedAttributes=members&filter=displayName+eq+%22GUID%22",
]


def job(target: ScimRecorder, url: str = f"https://scim.example{BASE}", dialect: Dialect = "legacy") -> EntraClient:
    """A job that sends one request after the other, so that their order is certain."""
    return EntraClient(url, "s3cret", dialect=dialect, client=target.http(), pacing=Pacing(in_flight=1))


def lines(target: ScimRecorder) -> list[str]:
    """Take the lines recorded so far, with random identifiers blotted out."""
    taken = [GUID.sub("GUID", line) for line in target.lines()]
    target.requests.clear()
    return taken


async def test_test_connection_asks_for_a_random_user_and_group() -> None:
    target = ScimRecorder()
    assert (await job(target).test_connection()).ok
    first = target.lines()
    assert lines(target) == PROBES
    assert (await job(target).test_connection()).ok
    assert target.lines() != first


async def test_every_request_carries_the_token_and_bodies_the_scim_media_type() -> None:
    target = ScimRecorder()
    await job(target).initial_cycle(company(ADA))
    assert {one.headers["authorization"] for one in target.requests} == {"Bearer s3cret"}
    assert [one.headers.get("content-type") for one in target.requests if one.body is not None] == [
        "application/scim+json; charset=utf-8"
    ]
    assert all("content-type" not in one.headers for one in target.requests if one.body is None)


async def test_an_initial_cycle_goes_from_users_over_managers_and_groups_to_memberships() -> None:
    target = ScimRecorder()
    grace, alan = colleague("Grace", manager_id=ADA.id), colleague("Alan", account_enabled=False)
    await job(target).initial_cycle(company(ADA, grace, alan, **{"Jira Users": [ADA.id, grace.id, alan.id]}))
    assert lines(target) == [
        *PROBES,
        f"GET {BASE}/Users?filter=userName+eq+%22ada.lovelace%40contoso.example%22",
        f"POST {BASE}/Users",
        f"GET {BASE}/Users?filter=userName+eq+%22grace%40contoso.example%22",
        f"POST {BASE}/Users",
        f"GET {BASE}/Users?filter=userName+eq+%22alan%40contoso.example%22",
        f"GET {BASE}/Users?filter=id+eq+%22u2%22+and+manager+eq+%22u1%22&attributes=id",
        f"PATCH {BASE}/Users/u2",
        f"GET {BASE}/Groups?excludedAttributes=members&filter=displayName+eq+%22Jira+Users%22",
        f"POST {BASE}/Groups",
        f"PATCH {BASE}/Groups/g3",
    ]


async def test_a_later_cycle_reads_by_the_cached_id_and_sends_what_differs() -> None:
    target, directory = ScimRecorder(), company(ADA, colleague("Grace"), Crew=[ADA.id, "entra-grace"])
    entra = job(target)
    await entra.initial_cycle(directory)
    lines(target)
    events = [
        directory.disable(ADA.id),
        directory.rename_group("entra-Crew", "Team"),
        directory.leave("entra-Crew", "entra-grace"),
    ]
    await entra.incremental_cycle(directory, events)
    assert target.bodies("PATCH") == [
        {"schemas": [PATCH_OP], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]},
        {"schemas": [PATCH_OP], "Operations": [{"op": "Replace", "path": "displayName", "value": "Team"}]},
        {
            "schemas": [PATCH_OP],
            "Operations": [{"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "u2"}]}],
        },
    ]
    assert lines(target) == [
        *PROBES,
        f"GET {BASE}/Users/u1",
        f"PATCH {BASE}/Users/u1",
        f"GET {BASE}/Groups/g3?excludedAttributes=members",
        f"PATCH {BASE}/Groups/g3",
        f"PATCH {BASE}/Groups/g3",
    ]


async def test_a_later_cycle_deletes_what_is_gone_for_good_before_anything_else() -> None:
    target, directory = ScimRecorder(), company(ADA, colleague("Grace"), Crew=[ADA.id])
    entra = job(target)
    await entra.initial_cycle(directory)
    lines(target)
    events = [directory.enable("entra-grace"), directory.hard_delete(ADA.id), directory.delete_group("entra-Crew")]
    await entra.incremental_cycle(directory, events)
    assert lines(target) == [
        *PROBES,
        f"DELETE {BASE}/Users/u1",
        f"GET {BASE}/Users/u2",
        f"DELETE {BASE}/Groups/g3",
    ]


async def test_a_hire_in_a_later_cycle_is_created_with_the_manager_who_is_already_there() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = job(target)
    await entra.initial_cycle(directory)
    target.requests.clear()
    await entra.incremental_cycle(directory, [directory.hire(colleague("Grace", manager_id=ADA.id))])
    assert target.bodies("POST")[0][ENTERPRISE]["manager"] == "u1"
    assert target.bodies("PATCH") == []


@pytest.mark.parametrize("dialect", ["compliant", "mixed"])
async def test_the_compliance_flag_is_in_the_query_of_every_request(dialect: Dialect) -> None:
    target = ScimRecorder()
    await job(target, dialect=dialect).initial_cycle(company(ADA, Crew=[ADA.id]))
    assert lines(target) == [
        f"GET {BASE}/Users?aadOptscim062020&filter=userName+eq+%22GUID%22",
        f"GET {BASE}/Groups?aadOptscim062020&excludedAttributes=members&filter=displayName+eq+%22GUID%22",
        f"GET {BASE}/Users?aadOptscim062020&filter=userName+eq+%22ada.lovelace%40contoso.example%22",
        f"POST {BASE}/Users?aadOptscim062020",
        f"GET {BASE}/Groups?aadOptscim062020&excludedAttributes=members&filter=displayName+eq+%22Crew%22",
        f"POST {BASE}/Groups?aadOptscim062020",
        f"PATCH {BASE}/Groups/g2?aadOptscim062020",
    ]


async def test_the_flag_in_the_tenant_url_chooses_the_dialect() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = job(target, url=f"https://scim.example{BASE}/?aadOptscim062020")
    await entra.initial_cycle(directory)
    await entra.incremental_cycle(directory, [directory.disable(ADA.id)])
    assert target.bodies("PATCH")[0]["Operations"] == [{"op": "replace", "value": {"active": False}}]
    assert all("aadOptscim062020&aad" not in line for line in target.lines())


@pytest.mark.parametrize("url", [f"https://scim.example{BASE}", f"https://scim.example{BASE}/"])
async def test_a_trailing_slash_of_the_tenant_url_makes_no_difference(url: str) -> None:
    target = ScimRecorder()
    await job(target, url=url).test_connection()
    assert lines(target) == PROBES


async def test_other_flags_of_the_tenant_url_go_along() -> None:
    target = ScimRecorder()
    await job(target, url=f"https://scim.example{BASE}?AzureAdScimPatch2017").test_connection()
    assert lines(target)[0] == f"GET {BASE}/Users?AzureAdScimPatch2017&filter=userName+eq+%22GUID%22"


async def test_values_in_filters_are_encoded_once() -> None:
    target = ScimRecorder()
    obrien = colleague("Sean", user_principal_name="sean.o'brien@contoso.example")
    await job(target).initial_cycle(company(obrien, **{'C++ & "Café"': []}))
    assert lines(target)[2] == f"GET {BASE}/Users?filter=userName+eq+%22sean.o%27brien%40contoso.example%22"
    assert target.group('C++ & "Café"')["externalId"] == 'entra-C++ & "Café"'


async def test_members_go_in_batches_after_all_groups_exist() -> None:
    target = ScimRecorder()
    people = [colleague(f"P{number}") for number in range(5)]
    entra = EntraClient(f"https://x{BASE}", "t", client=target.http(), members_per_patch=2)
    await entra.initial_cycle(company(*people, One=[one.id for one in people], Two=[people[0].id]))
    sent = [len(body["Operations"][0]["value"]) for body in target.bodies("PATCH")]
    assert sorted(sent) == [1, 1, 2, 2]
    groups = [line.split()[0] for line in target.lines() if "/Groups" in line]
    assert groups.index("PATCH") > len(groups) - 1 - groups[::-1].index("POST")
