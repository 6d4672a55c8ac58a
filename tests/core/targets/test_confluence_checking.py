"""The health check of a Confluence: it changes nothing, never raises, stops where nothing can follow, has remedies."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from scripted import Bench, Reply
from simulated_site import Site, site

from core.sandbox.confluence import INTERNAL_DIRECTORY, Confluence, Directory, LocalAccount, Quirks, Settings
from core.sandbox.faults import Faults
from core.targets.auth import BearerAuth
from core.targets.confluence import Confluence as Target
from core.targets.protocol import Finding

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
HELPER = LocalAccount("helper", "Helper", "helper@example.com", groups=("helpdesk",))
BASICS = ["credential", "version", "access mode", "administrator", "list accounts"]
ACCOUNTS = ["create accounts", "update accounts", "activate accounts", "delete accounts"]
OPERATIONS = [*ACCOUNTS, "create groups", "delete groups", "change members"]
SUBJECTS = [*BASICS, *OPERATIONS, "directories", "seats"]
EXPIRED = BearerAuth("expired")


def failed(findings: Sequence[Finding]) -> list[str]:
    """The subjects of what does not work. Whatever was found is a sentence, and has a remedy where it is not well."""
    for finding in findings:
        assert finding.detail.endswith("."), finding
        assert finding.ok or (finding.remedy.endswith(".") and finding.remedy[0].isupper()), finding
    return [finding.subject for finding in findings if not finding.ok]


def detail(findings: Sequence[Finding], subject: str) -> str:
    return next(finding.detail for finding in findings if finding.subject == subject)


@asynccontextmanager
async def as_user(name: str, confluence: Confluence) -> AsyncIterator[Site]:
    async with site(confluence, auth=BearerAuth(confluence.issue_token(name))) as wiki:
        yield wiki


@pytest.mark.parametrize("context", ["", "/confluence"])
async def test_where_all_is_well_it_says_so_in_the_order_in_which_things_build_on_one_another(context: str) -> None:
    confluence = Confluence.with_defaults([JANE], context_path=context, settings=Settings(seats=10))
    async with site(confluence) as wiki:
        before = confluence.snapshot()
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == SUBJECTS
        assert failed(findings) == []
        assert "as admin" in detail(findings, "credential")
        assert detail(findings, "version") == "Confluence 9.4.0."
        assert detail(findings, "seats") == "8 seats are left."
        assert (confluence.snapshot(), wiki.effects) == (before, [])


@pytest.mark.parametrize(
    ("quirks", "settings", "says"),
    [
        (Quirks(), Settings(), "anonymous"),
        (Quirks(anonymous_browses_users=False), Settings(), "anonymous"),
        (Quirks(bad_token_is_anonymous=False), Settings(), "401"),
        (Quirks(), Settings(anonymous_access=False), "401"),
        (Quirks(unauthenticated="html"), Settings(anonymous_access=False), "401"),
        (Quirks(unauthenticated="redirect"), Settings(anonymous_access=False), "login page"),
    ],
)
async def test_an_expired_token_is_the_first_finding_and_the_last(
    quirks: Quirks, settings: Settings, says: str
) -> None:
    async with site(Confluence.with_defaults(quirks=quirks, settings=settings), auth=EXPIRED) as wiki:
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == failed(findings) == ["credential"]
        assert says in findings[0].detail
        assert "new" in findings[0].remedy


async def test_nobody_at_the_address_is_a_finding_about_the_connection() -> None:
    async with site(Confluence.with_defaults(), faults=Faults(dropped_connection=100)) as wiki:
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == failed(findings) == ["connection"]
        assert len(wiki.log) == 1, "a check tells the reason at once"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"<h1>Not Found</h1>", media_type="text/html"),
        Reply(404, b'{"message":"null for uri: http://x","status-code":404}'),
        Reply(200, b'{"hello":', media_type="application/json"),
        Reply(200, b"hello", media_type="text/plain"),
        Reply(400, b"no"),
        Reply(418),
    ],
)
async def test_something_else_at_the_address_is_a_finding_about_the_url(reply: Reply) -> None:
    findings = await Target(Bench(reply).http).check()
    assert [finding.subject for finding in findings] == failed(findings) == ["url"]
    assert "context path" in findings[0].remedy


async def test_a_forgotten_context_path_is_a_finding_about_the_url() -> None:
    async with site(Confluence.with_defaults(context_path="/confluence")) as wiki:
        wiki.http.base_url = wiki.http.base_url.removesuffix("/confluence")
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == failed(findings) == ["url"]
        assert wiki.http.base_url in findings[0].detail


async def test_who_is_no_administrator_needs_the_permission_before_anything_else() -> None:
    for version in ("8.1", "9.4"):
        async with as_user("jane", Confluence.with_defaults([JANE], version=version)) as wiki:
            findings = await wiki.target.check()
            assert [finding.subject for finding in findings] == BASICS[:4]
            assert failed(findings) == ["administrator"]
            assert "permission Confluence Administrator" in findings[-1].remedy


@pytest.mark.parametrize("status", [403, 405])
async def test_read_only_mode_is_found_before_it_looks_like_something_else(status: Any) -> None:
    confluence = Confluence.with_defaults(
        quirks=Quirks(read_only_mode_status=status), settings=Settings(access_mode="READ_ONLY")
    )
    async with site(confluence) as wiki:
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == BASICS[:3]
        assert failed(findings) == ["access mode"]
        assert "Maintenance" in findings[-1].remedy


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        ("7.19", ["list accounts", *OPERATIONS]),
        ("8.1", ["list accounts", *ACCOUNTS]),
        ("8.2", ["list accounts", "create accounts", "update accounts"]),
        ("9.2", ["update accounts"]),
        ("10.2", []),
    ],
)
async def test_what_a_version_lacks_is_found_with_the_version_that_has_it(version: str, missing: list[str]) -> None:
    async with site(Confluence.with_defaults(version=version)) as wiki:
        findings = await wiki.target.check()
        assert [finding.subject for finding in findings] == SUBJECTS
        assert failed(findings) == missing
        assert detail(findings, "version") == f"Confluence {version}.0."
        assert all("or later" in finding.remedy for finding in findings if not finding.ok)


async def test_what_json_rpc_can_do_in_the_place_of_rest_is_said_so() -> None:
    async with site(Confluence.with_defaults(version="8.1", settings=Settings(remote_api=True))) as wiki:
        findings = await wiki.target.check()
        assert failed(findings) == ["list accounts"]
        by_rpc = [finding.subject for finding in findings if "JSON-RPC" in finding.detail]
        assert by_rpc == ACCOUNTS
        assert wiki.effects == []


async def test_the_order_of_the_directories_is_told_to_whom_it_is_shown() -> None:
    directories = (
        INTERNAL_DIRECTORY,
        Directory(2, "Company LDAP", "CONNECTOR", writable=False),
        Directory(3, "Old", active=False),
    )
    settings = Settings(administrator_groups=frozenset({"helpdesk"}))
    confluence = Confluence.with_defaults([HELPER], directories=directories, settings=settings)
    async with site(confluence) as wiki:
        shown = detail(await wiki.target.check(), "directories")
        assert "Confluence Internal Directory, then Company LDAP." in shown
        assert "Old" not in shown
    async with as_user("helper", confluence) as wiki:
        findings = await wiki.target.check()
        assert failed(findings) == []
        assert "system administrators only" in detail(findings, "directories")


@pytest.mark.parametrize(
    ("seats", "ok", "says"), [(1, False, "no seat left"), (2, True, "1 seat is left"), (None, True, "no limit")]
)
async def test_the_seats_that_are_left_are_counted(seats: int | None, ok: bool, says: str) -> None:
    async with site(Confluence.with_defaults(settings=Settings(seats=seats))) as wiki:
        findings = await wiki.target.check()
        assert says in detail(findings, "seats")
        assert failed(findings) == ([] if ok else ["seats"])


KNOWN = Reply(200, b'{"type":"known","username":"svc","userKey":"1"}')


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"x"', b'{"directory":null}', b'{"directory":[1]}', b"<x/>"])
async def test_nonsense_is_a_finding_and_no_exception(body: bytes) -> None:
    bench = Bench(KNOWN, Reply(200, body))
    findings = await Target(bench.http).check()
    assert findings[0].ok
    assert [finding.subject for finding in findings][-2:] == ["directories", "seats"]
    failed(findings)


async def test_whatever_goes_wrong_meanwhile_it_ends_with_findings() -> None:
    faults = replace(Faults.every(12), latency_milliseconds=(0, 1), hold_seconds=0.01)
    failures = 0
    for seed in range(12):
        async with site(Confluence.with_defaults([JANE]), faults=faults, seed=seed) as wiki:
            findings = await wiki.target.check()
            failures += len(failed(findings))
            well = [finding.subject for finding in findings if finding.ok]
            assert well == [subject for subject in SUBJECTS if subject in well]
            assert wiki.effects == []
    assert failures > 2, "or this test shows nothing"
