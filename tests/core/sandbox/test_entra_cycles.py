"""Whole cycles of the simulated client: what the target ends up with, and what the reports say."""

import dataclasses
import json
from random import Random

import pytest
from contoso import ADA, colleague, company
from scim_recorder import ENTERPRISE, ScimRecorder

from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient, Progress, Snapshot, Step
from core.sandbox.entra.wire import Dialect

URL = "https://scim.example/scim/v2"
DIALECTS = ["legacy", "compliant", "mixed"]


def agree(believed: Snapshot, target: ScimRecorder) -> None:
    """Assert that what Entra believes is what the target has."""
    assert {
        one.id: (one.user_name, one.active, one.display_name, one.email, one.manager) for one in believed.users.values()
    } == {
        one["id"]: (
            one["userName"],
            one["active"],
            one["displayName"],
            next((mail["value"] for mail in one.get("emails", []) if mail["type"] == "work"), None),
            one.get(ENTERPRISE, {}).get("manager", {}).get("value"),
        )
        for one in target.users.values()
    }
    assert {one.id: one.display_name for one in believed.groups.values()} == {
        one["id"]: one["displayName"] for one in target.groups.values()
    }
    assert believed.memberships() == target.memberships()


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_belief_and_target_agree_through_cycles_of_churn(dialect: Dialect) -> None:
    target, directory, rng = ScimRecorder(), Directory.seeded(60, 3), Random(3)
    entra = EntraClient(URL, "t", dialect=dialect, client=target.http(), members_per_patch=7)
    report = await entra.initial_cycle(directory)
    assert report.failures == ()
    agree(entra.snapshot(), target)
    for _ in range(6):
        events = churn(directory, rng, 0.4)
        report = await entra.incremental_cycle(directory, events)
        assert report.failures == ()
        assert report.escrowed == 0
        agree(entra.snapshot(), target)


async def test_everyone_who_may_sign_in_is_provisioned_with_all_attributes() -> None:
    target, directory = ScimRecorder(), Directory.seeded(60, 3)
    await EntraClient(URL, "t", client=target.http()).initial_cycle(directory)
    active = [one for one in map(directory.person, directory.people) if one.in_service]
    assert {user["externalId"] for user in target.users.values()} == {one.mail_nickname for one in active}
    assert target.group("All Staff")["members"] == [{"value": target.user(upn(one))["id"]} for one in active]


def upn(person: object) -> str:
    return str(getattr(person, "user_principal_name", "")).split("#EXT#@")[0]


async def test_a_second_cycle_without_changes_only_reads() -> None:
    target, directory = ScimRecorder(), company(ADA, colleague("Grace", manager_id=ADA.id), Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.requests.clear()
    report = await entra.initial_cycle(directory)
    assert {one.method for one in target.requests} == {"GET"}
    assert report.pushed == {"users": {"unchanged": 2}, "groups": {"unchanged": 1}}


async def test_users_who_exist_are_matched_without_regard_to_case_and_brought_up_to_date() -> None:
    target = ScimRecorder()
    target.users["u-old"] = {"id": "u-old", "userName": "ADA.Lovelace@contoso.example", "active": False}
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(company(ADA))
    assert report.pushed["users"] == {"matched": 1, "enabled": 1}
    assert target.users["u-old"]["displayName"] == "Ada Lovelace"
    operations = target.bodies("PATCH")[0]["Operations"]
    assert {"op": "Replace", "path": "active", "value": "True"} in operations
    assert {"op": "Add", "path": "displayName", "value": "Ada Lovelace"} in operations


async def test_groups_who_exist_are_matched_by_name_and_keep_members_that_entra_never_saw() -> None:
    target = ScimRecorder()
    target.groups["g-old"] = {"id": "g-old", "displayName": "Crew", "members": [{"value": "stranger"}]}
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(company(ADA, Crew=[ADA.id]))
    assert report.pushed["groups"] == {"matched": 1, "updated": 1}
    assert [one["value"] for one in target.groups["g-old"]["members"]] == ["stranger", "u1"]


async def test_drift_of_members_in_the_target_is_never_noticed() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.group("Crew")["members"].clear()
    await entra.initial_cycle(directory)
    assert target.memberships() == set()
    assert entra.snapshot().memberships() == {("Crew", "ada.lovelace@contoso.example")}


async def test_a_leaver_is_disabled_keeps_memberships_and_can_come_back() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    report = await entra.incremental_cycle(directory, [directory.disable(ADA.id), directory.soft_delete(ADA.id)])
    assert report.pushed == {"users": {"disabled": 1}}
    assert target.users["u1"]["active"] is False
    report = await entra.incremental_cycle(directory, [directory.restore(ADA.id)])
    assert report.pushed == {"users": {"enabled": 1}}
    assert target.memberships() == {("Crew", "ada.lovelace@contoso.example")}
    agree(entra.snapshot(), target)


async def test_who_was_disabled_before_the_first_cycle_is_not_created() -> None:
    target = ScimRecorder()
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(
        company(colleague("Alan", account_enabled=False), colleague("Bin", soft_deleted=True))
    )
    assert target.users == {}
    assert report.pushed == {"users": {"skipped": 1}}


async def test_a_member_who_comes_into_scope_later_is_not_added_until_a_restart() -> None:
    alan = colleague("Alan", account_enabled=False)
    target, directory = ScimRecorder(), company(ADA, alan, Crew=[ADA.id, alan.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    await entra.incremental_cycle(directory, [directory.enable(alan.id)])
    assert ("Crew", "alan@contoso.example") not in target.memberships()
    await entra.initial_cycle(directory)
    assert ("Crew", "alan@contoso.example") in target.memberships()


async def test_who_was_deleted_and_hired_again_gets_a_new_user() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    events = [directory.hard_delete(ADA.id), directory.hire(dataclasses.replace(ADA, id="entra-ada-2"))]
    report = await entra.incremental_cycle(directory, events)
    assert report.pushed["users"] == {"deleted": 1, "created": 1}
    assert set(target.users) == {"u3"}
    agree(entra.snapshot(), target)


async def test_forgetting_the_ids_matches_everything_anew() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    report = await entra.initial_cycle(directory, forget=True)
    assert report.pushed == {
        "users": {"matched": 1, "unchanged": 1},
        "groups": {"matched": 1, "unchanged": 1},
        "memberships": {"added": 1},
    }
    agree(entra.snapshot(), target)


async def test_the_report_counts_requests_by_kind_and_status_and_is_json() -> None:
    target = ScimRecorder()
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(company(ADA, colleague("Grace", manager_id=ADA.id), Crew=[ADA.id]))
    assert report.requests == {
        "GET /Users?filter": {"200": 3},
        "GET /Groups?filter": {"200": 2},
        "POST /Users": {"201": 2},
        "GET /Users?filter=manager": {"200": 1},
        "PATCH /Users/{id}": {"204": 1},
        "POST /Groups": {"201": 1},
        "PATCH /Groups/{id}": {"204": 1},
    }
    assert report.pushed == {
        "users": {"created": 2},
        "managers": {"assigned": 1},
        "groups": {"created": 1},
        "memberships": {"added": 1},
    }
    assert 0 < report.p50_ms <= report.p99_ms <= report.duration * 1000
    assert json.loads(json.dumps(dataclasses.asdict(report)))["requests"] == report.requests


async def test_progress_is_told_after_every_object() -> None:
    told: list[Progress] = []
    target = ScimRecorder()
    entra = EntraClient(URL, "t", client=target.http(), on_progress=told.append)
    await entra.initial_cycle(company(ADA, colleague("Grace"), Crew=[ADA.id]))
    assert [(one.step, one.done, one.total) for one in told] == [
        (Step.USERS, 1, 2),
        (Step.USERS, 2, 2),
        (Step.MANAGERS, 1, 2),
        (Step.MANAGERS, 2, 2),
        (Step.GROUPS, 1, 1),
        (Step.MEMBERSHIPS, 1, 1),
    ]
    assert (told[-1].cycle, told[-1].requests, told[-1].failures) == ("initial", len(target.requests), 0)
