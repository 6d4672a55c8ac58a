"""What the simulated client does when the target fails: nothing is retried at once, and nothing is lost."""

from random import Random
from typing import Any

import httpx
import orjson
import pytest
from contoso import ADA, colleague, company
from scim_recorder import LIST, ScimRecorder
from test_entra_cycles import agree

from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient, Failure, Step
from core.sandbox.entra.errors import quarantine_reason

URL = "https://scim.example/scim/v2"
ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","detail":"Seats are used up"}'
INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "UnprocessableEntity"),
        (403, "InsufficientRights"),
        (405, "MethodNotAllowed"),
        (409, "Conflict"),
        (415, INCOMPATIBLE),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
        (501, "NotImplemented"),
        (503, "InternalServerError"),
    ],
)
async def test_a_refused_user_is_reported_with_the_detail_and_sent_again_next_cycle(status: int, code: str) -> None:
    target, directory = ScimRecorder(), company(ADA, colleague("Grace"))
    target.fail("POST /scim/v2/Users", status=status, body=ERROR % status)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert report.failures == (Failure(Step.USERS, ADA.id, code, "Seats are used up", "POST /Users", status),)
    assert (report.pushed["users"], report.escrowed, report.quarantine) == ({"created": 1}, 1, None)
    report = await entra.incremental_cycle(directory, [])
    assert (report.pushed["users"], report.escrowed, report.failures) == ({"created": 1}, 0, ())
    agree(entra.snapshot(), target)


@pytest.mark.parametrize(
    ("error", "code"),
    [(httpx.ReadTimeout("too slow"), "Timeout"), (httpx.RemoteProtocolError("cut"), "WebExceptionProtocolError")],
)
async def test_a_user_whose_creation_was_never_answered_is_found_by_the_next_match(error: Exception, code: str) -> None:
    target, directory = ScimRecorder(), company(ADA)
    target.fail("POST /scim/v2/Users", raises=error, after_effect=True)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert [(one.code, one.status) for one in report.failures] == [(code, None)]
    assert report.requests["POST /Users"] == {code: 1}
    assert entra.snapshot().users == {}
    report = await entra.incremental_cycle(directory, [])
    assert report.pushed["users"] == {"matched": 1, "unchanged": 1}
    assert len(target.users) == 1


async def test_reports_and_memberships_of_a_failed_user_follow_once_the_user_is_there() -> None:
    grace = colleague("Grace", manager_id=ADA.id)
    target, directory = ScimRecorder(), company(ADA, grace, Crew=[ADA.id, grace.id])
    target.fail("POST /scim/v2/Users", status=500)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert [(one.step, one.object_id, one.code) for one in report.failures] == [
        (Step.USERS, ADA.id, "InternalServerError"),
        (Step.MANAGERS, grace.id, "referenceResolution"),
        (Step.MEMBERSHIPS, "entra-Crew", "referenceResolution"),
    ]
    assert target.memberships() == {("Crew", "grace@contoso.example")}
    await entra.incremental_cycle(directory, [])
    assert target.memberships() == {("Crew", "grace@contoso.example"), ("Crew", "ada.lovelace@contoso.example")}
    agree(entra.snapshot(), target)


async def test_members_of_a_failed_group_wait_for_the_group() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    target.fail("POST /scim/v2/Groups", status=503)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert [(one.step, one.code) for one in report.failures] == [(Step.GROUPS, "InternalServerError")]
    await entra.incremental_cycle(directory, [])
    assert target.memberships() == {("Crew", "ada.lovelace@contoso.example")}


async def test_only_the_batches_of_members_that_failed_are_sent_again() -> None:
    people = [colleague(f"P{number}") for number in range(4)]
    target, directory = ScimRecorder(), company(*people, Crew=[one.id for one in people])
    target.fail("PATCH /scim/v2/Groups", status=429)
    entra = EntraClient(URL, "t", client=target.http(), members_per_patch=2)
    assert (await entra.initial_cycle(directory)).escrowed == 1
    assert entra.snapshot().memberships() == frozenset()
    report = await entra.incremental_cycle(directory, [])
    assert report.pushed["memberships"] == {"added": 4}
    agree(entra.snapshot(), target)


async def test_a_failed_update_leaves_the_belief_as_it_was() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.fail("PATCH", status=500)
    await entra.incremental_cycle(directory, [directory.disable(ADA.id)])
    assert entra.snapshot().users["u1"].active is True
    await entra.incremental_cycle(directory, [])
    assert entra.snapshot().users["u1"].active is False


async def test_a_vanished_id_is_an_invalid_anchor_until_the_ids_are_forgotten() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.users.clear()
    for _ in range(2):
        report = await entra.incremental_cycle(directory, [directory.enable(ADA.id)])
        assert [(one.code, one.status) for one in report.failures] == [("InvalidAnchor", 404)]
    await entra.initial_cycle(directory, forget=True)
    agree(entra.snapshot(), target)


async def test_deleting_what_is_gone_already_is_no_failure() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.fail("DELETE", raises=httpx.ReadTimeout("too slow"), after_effect=True)
    assert (await entra.incremental_cycle(directory, [directory.hard_delete(ADA.id)])).escrowed == 1
    report = await entra.incremental_cycle(directory, [])
    assert (report.failures, report.escrowed, entra.snapshot().users) == ((), 0, {})


async def test_several_matches_are_duplicate_target_entries() -> None:
    target = ScimRecorder()
    for number in (1, 2):
        target.users[f"u{number}"] = {"id": f"u{number}", "userName": ADA.user_principal_name}
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(company(ADA))
    assert [one.code for one in report.failures] == ["DuplicateTargetEntries"]


async def test_a_match_that_belongs_to_somebody_else_is_an_entry_conflict() -> None:
    target, directory = ScimRecorder(), company(ADA)
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    twin = colleague("Twin", user_principal_name=ADA.user_principal_name.upper())
    report = await entra.incremental_cycle(directory, [directory.hire(twin)])
    assert [(one.object_id, one.code) for one in report.failures] == [(twin.id, "EntryConflict")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"userName":"ada"}',
        b'{"id":""}',
        orjson.dumps({"id": "u1", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": "u9"}}),
    ],
)
async def test_a_created_user_that_entra_cannot_read_makes_the_target_incompatible(body: bytes) -> None:
    target = ScimRecorder()
    target.fail("POST /scim/v2/Users", status=201, body=body)
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(company(ADA))
    assert [one.code for one in report.failures] == [INCOMPATIBLE]


async def test_members_that_come_back_although_excluded_are_an_error() -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    entra = EntraClient(URL, "t", client=target.http())
    await entra.initial_cycle(directory)
    target.fail("GET /scim/v2/Groups/", status=200, body=b'{"id":"g2","members":[{"value":"u1"}]}')
    report = await entra.incremental_cycle(directory, [directory.rename_group("entra-Crew", "Team")])
    assert [one.code for one in report.failures] == ["SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"]


def listing(*found: Any) -> bytes:
    return orjson.dumps({"schemas": [LIST], "totalResults": len(found), "Resources": list(found)})


@pytest.mark.parametrize(
    ("pattern", "status", "body", "code"),
    [
        ("/Users", 404, b"", INCOMPATIBLE),
        ("/Groups", 404, b"", INCOMPATIBLE),
        ("/Users", 200, b"{}", INCOMPATIBLE),
        ("/Users", 200, b"<html>", INCOMPATIBLE),
        ("/Users", 200, listing({"id": "u1"}), INCOMPATIBLE),
        ("/Users", 401, b"", "Unauthorized"),
        ("/Users", 500, b"", "InternalServerError"),
    ],
)
async def test_test_connection_wants_two_empty_lists(pattern: str, status: int, body: bytes, code: str) -> None:
    target = ScimRecorder()
    target.fail(pattern, status=status, body=body)
    tested = await EntraClient(URL, "t", client=target.http()).test_connection()
    assert (tested.ok, tested.code) == (False, code)


@pytest.mark.parametrize(
    ("status", "quarantine"), [(401, "EncounteredQuarantineException"), (404, "EncounteredQuarantineException")]
)
async def test_a_refused_connection_puts_the_job_in_quarantine_and_loses_nothing(status: int, quarantine: str) -> None:
    target, directory = ScimRecorder(), company(ADA, Crew=[ADA.id])
    target.fail("/Users", status=status)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert (report.quarantine, report.pushed, report.escrowed) == (quarantine, {}, 2)
    assert [one.step for one in report.failures] == [Step.CONNECTION]
    report = await entra.incremental_cycle(directory, [])
    assert report.quarantine is None
    agree(entra.snapshot(), target)


async def test_a_target_that_is_only_busy_at_the_start_does_not_mean_quarantine() -> None:
    target = ScimRecorder()
    target.fail("/Users", status=503)
    report = await EntraClient(URL, "t", client=target.http()).initial_cycle(company(ADA))
    assert (report.quarantine, report.escrowed, len(target.requests)) == (None, 1, 1)


async def test_a_token_revoked_in_the_middle_stops_the_cycle() -> None:
    people = [colleague(f"P{number}") for number in range(50)]
    target, directory = ScimRecorder(), company(*people)
    target.fail("userName.*p5%40", times=1, status=401)
    entra = EntraClient(URL, "t", client=target.http())
    report = await entra.initial_cycle(directory)
    assert report.quarantine == "EncounteredQuarantineException"
    assert 0 < len(target.users) < 20
    assert report.escrowed == 50
    await entra.incremental_cycle(directory, [])
    assert len(target.users) == 50


@pytest.mark.parametrize(
    ("attempts", "failures", "references", "quarantined"),
    [
        (6_000, 4_999, 0, False),
        (6_000, 5_000, 0, True),
        (12_500, 5_000, 0, False),
        (200_000, 40_000, 0, False),
        (200_000, 40_001, 0, True),
        (200_000, 0, 60_000, False),
        (200_000, 1, 60_000, True),
    ],
)
def test_quarantine_needs_many_failures(attempts: int, failures: int, references: int, quarantined: bool) -> None:
    assert (quarantine_reason(attempts, failures, references) is not None) is quarantined


async def test_after_any_mixture_of_failures_quiet_cycles_bring_both_sides_together() -> None:
    target, directory, rng = ScimRecorder(), Directory.seeded(60, 5), Random(5)
    entra = EntraClient(URL, "t", client=target.http(), members_per_patch=5)
    how: list[dict[str, Any]] = [
        {"status": 500},
        {"status": 429},
        {"status": 503, "after_effect": True},
        {"raises": httpx.ReadTimeout("slow"), "after_effect": True},
        {"raises": httpx.ConnectError("refused")},
    ]
    await entra.initial_cycle(directory)
    for _ in range(5):
        for one in rng.choices(how, k=12):
            target.fail(rng.choice(["POST", "PATCH", "DELETE", "GET .*id=", "/Users/", "/Groups"]), **one)
        await entra.incremental_cycle(directory, churn(directory, rng, 0.3))
    target.faults.clear()
    reports = [await entra.incremental_cycle(directory, []) for _ in range(2)]
    assert (reports[-1].failures, reports[-1].escrowed) == ((), 0)
    agree(entra.snapshot(), target)
