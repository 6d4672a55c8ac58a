"""The health check of a Bitbucket: it changes nothing, never raises, stops where nothing can follow, has remedies."""

from collections.abc import Sequence
from typing import Any

import pytest
from bitbucket_site import bitbucket_site
from scripted import Bench, Reply

from core.sandbox.bitbucket import (
    ADMIN,
    INTERNAL_DIRECTORY,
    Bitbucket,
    Directory,
    LocalAccount,
    Permission,
    Quirks,
    Settings,
)
from core.targets.auth import Auth, BasicAuth, BearerAuth
from core.targets.bitbucket import Bitbucket as Target
from core.targets.protocol import Finding

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
BASICS = ["version", "credential", "administrator"]
OPERATIONS = ["create accounts", "update accounts", "create groups", "change members", "deactivate accounts"]
SUBJECTS = [*BASICS, "list accounts", *OPERATIONS, "directories", "seats"]
CROWD = Directory(2, "Crowd", "CROWD")
PASSWORD = BasicAuth(ADMIN, "admin")


def failed(findings: Sequence[Finding]) -> list[str]:
    """The subjects of what does not work. Whatever was found is a sentence, and has a remedy where it is not well."""
    for finding in findings:
        assert finding.detail.endswith("."), finding
        assert finding.ok or (finding.remedy.endswith(".") and finding.remedy[0].isupper()), finding
    return [finding.subject for finding in findings if not finding.ok]


def detail(findings: Sequence[Finding], subject: str) -> str:
    return next(finding.detail for finding in findings if finding.subject == subject)


@pytest.mark.parametrize(("version", "auth"), [("7.21", PASSWORD), ("8.19", PASSWORD), ("9.4", None), ("10.4", None)])
@pytest.mark.parametrize("context", ["", "/bitbucket"])
async def test_where_all_is_well_it_says_so_in_the_order_in_which_things_build_on_one_another(
    version: str, auth: Auth | None, context: str
) -> None:
    bitbucket = Bitbucket.with_defaults([JANE], version=version, context_path=context)
    async with bitbucket_site(bitbucket, auth=auth) as site:
        before = bitbucket.snapshot()
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == SUBJECTS
        assert failed(findings) == []
        assert detail(findings, "version") == f"Bitbucket {version}.0."
        assert "as admin" in detail(findings, "credential")
        assert detail(findings, "list accounts").startswith("All accounts can be listed (2)")
        assert "no deactivation" in detail(findings, "deactivate accounts")
        assert (bitbucket.snapshot(), site.effects) == (before, [])


async def test_an_http_access_token_is_told_that_it_never_administers_with_both_ways_round() -> None:
    bitbucket = Bitbucket.with_defaults()
    async with bitbucket_site(bitbucket, auth=BearerAuth(bitbucket.issue_token())) as site:
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == BASICS
        assert failed(findings) == ["administrator"]
        assert "HTTP access token never" in findings[-1].detail
        assert "username and password" in findings[-1].remedy
        assert "OAuth 2.0" in findings[-1].remedy
        assert "application link" in findings[-1].remedy


async def test_an_account_without_the_permission_and_an_oauth_token_without_the_scope_are_told_the_same() -> None:
    bitbucket = Bitbucket.with_defaults()
    bitbucket.add_account(JANE, password="secret")
    for auth in (BasicAuth("jane", "secret"), BearerAuth(bitbucket.issue_oauth_token(scope="REPO_READ"))):
        async with bitbucket_site(bitbucket, auth=auth) as site:
            findings = await site.target.check()
            assert failed(findings) == ["administrator"]
            assert "Admin" in findings[-1].remedy
            assert "ADMIN_WRITE" in findings[-1].remedy


@pytest.mark.parametrize("status", [401, 403])
async def test_passwords_that_are_switched_off_are_told_with_the_setting(status: int) -> None:
    bitbucket = Bitbucket.with_defaults(version="10.4", quirks=Quirks(basic_off_status=401 if status == 401 else 403))
    async with bitbucket_site(bitbucket, auth=PASSWORD) as site:
        findings = await site.target.check()
        assert failed(findings) == ["credential"] == [findings[-1].subject]
        assert "Authentication methods" in findings[-1].remedy
        assert "application link" in findings[-1].remedy


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(),
        Quirks(unauthenticated="html"),
        Quirks(unauthenticated="redirect"),
        Quirks(bad_credential="anonymous"),
        Quirks(bad_credential="anonymous", tells_user="not"),
    ],
)
@pytest.mark.parametrize("auth", [BearerAuth("expired"), BasicAuth(ADMIN, "wrong")])
async def test_a_credential_that_is_not_accepted_is_the_last_finding(quirks: Quirks, auth: Auth) -> None:
    async with bitbucket_site(Bitbucket.with_defaults(quirks=quirks), auth=auth) as site:
        findings = await site.target.check()
        assert failed(findings) == ["credential"] == [findings[-1].subject]


@pytest.mark.parametrize("unauthenticated", ["json", "redirect"])
async def test_who_is_served_as_anonymous_and_not_told_so_fails_at_the_permission(unauthenticated: str) -> None:
    quirks = Quirks(
        bad_credential="anonymous",
        tells_user="not",
        whoami=False,
        unauthenticated="json" if unauthenticated == "json" else "redirect",
    )
    async with bitbucket_site(Bitbucket.with_defaults(quirks=quirks), auth=BearerAuth("expired")) as site:
        assert failed(await site.target.check()) == ["administrator"]


@pytest.mark.parametrize("tells_user", ["plain", "encoded", "not"])
async def test_whose_credential_it_is_may_be_told_in_one_way_or_another_or_in_none(tells_user: Any) -> None:
    async with bitbucket_site(Bitbucket.with_defaults(quirks=Quirks(tells_user=tells_user))) as site:
        assert "as admin" in detail(await site.target.check(), "credential")
    quiet = Quirks(tells_user="not", whoami=False)
    async with bitbucket_site(Bitbucket.with_defaults(quirks=quiet)) as site:
        findings = await site.target.check()
        assert failed(findings) == []
        assert "does not tell" in detail(findings, "credential")


@pytest.mark.parametrize("status", [401, 403])
async def test_an_account_that_must_solve_a_captcha_is_told_so(status: int) -> None:
    quirks = Quirks(captcha_status=401 if status == 401 else 403)
    bitbucket = Bitbucket.with_defaults(quirks=quirks, settings=Settings(captcha_after=2))
    async with bitbucket_site(bitbucket, auth=BasicAuth(ADMIN, "wrong")) as site:
        for _ in range(2):
            await site.target.check()
        findings = await site.target.check()
        assert failed(findings) == ["credential"]
        assert "CAPTCHA" in findings[-1].remedy


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"<h1>Not Found</h1>", media_type="text/html"),
        Reply(404, b'{"message":"null for uri: http://x","status-code":404}'),
        Reply(200, b'{"hello":', media_type="application/json"),
        Reply(200, b"[]"),
        Reply(200, b'{"version":"9.4"}'),
        Reply(400, b"no"),
    ],
)
async def test_something_else_at_the_address_is_a_finding_about_the_url(reply: Reply) -> None:
    findings = await Target(Bench(reply).http).check()
    assert [finding.subject for finding in findings] == failed(findings) == ["url"]
    assert "context path" in findings[0].remedy


async def test_a_login_page_at_the_address_is_a_finding_about_the_credential() -> None:
    for reply in (
        Reply(200, b"<html><title>Log in</title></html>", media_type="text/html"),
        Reply(302, b"", headers={"location": "http://sso.example.com/login"}),
    ):
        findings = await Target(Bench(reply).http).check()
        assert failed(findings) == ["credential"]
        assert "sign-on" in findings[0].remedy


async def test_nobody_at_the_address_is_a_finding_about_the_connection() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        site.breaking.fault = "reset-before"
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == failed(findings) == ["connection"]
        assert len(site.log) == 1


async def test_the_order_of_the_directories_is_shown_to_system_administrators() -> None:
    bitbucket = Bitbucket.with_defaults(directories=(INTERNAL_DIRECTORY, CROWD))
    async with bitbucket_site(bitbucket) as site:
        assert "Bitbucket Internal Directory, then Crowd" in detail(await site.target.check(), "directories")
    async with bitbucket_site(bitbucket, auth=BearerAuth(bitbucket.issue_oauth_token(scope="ADMIN_WRITE"))) as site:
        findings = await site.target.check()
        assert failed(findings) == []
        assert "system administrators only" in detail(findings, "directories")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("Crowd", "stands before Crowd"),
        ("Nowhere", "no active user directory Nowhere"),
        ("Bitbucket Internal Directory", ""),
    ],
)
async def test_a_directory_that_new_accounts_would_miss_is_refused_before_anything_is_sent(
    wanted: str, says: str
) -> None:
    bitbucket = Bitbucket.with_defaults(directories=(INTERNAL_DIRECTORY, CROWD))
    async with bitbucket_site(bitbucket, directory=wanted) as site:
        findings = await site.target.check()
        assert failed(findings) == (["create accounts", "directories"] if says else [])
        reason = (await site.target.capabilities()).create_user
        assert (says in reason) if reason else not says


@pytest.mark.parametrize(("seats", "says"), [(3, "1 seat left"), (4, "2 seats left"), (None, "no limit")])
async def test_seats_are_counted(seats: int | None, says: str) -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE], settings=Settings(seats=seats))) as site:
        findings = await site.target.check()
        assert failed(findings) == []
        assert says in detail(findings, "seats")


async def test_no_seat_left_and_no_licence_are_failures() -> None:
    bitbucket = Bitbucket.with_defaults([JANE], settings=Settings(seats=2))
    async with bitbucket_site(bitbucket) as site:
        assert failed(await site.target.check()) == ["seats"]
        bitbucket.settings = Settings(licensed=False)
        findings = await site.target.check()
        assert failed(findings) == ["seats"]
        assert "no licence" in detail(findings, "seats")


async def test_an_administrator_who_is_none_of_the_system_is_enough() -> None:
    bitbucket = Bitbucket.with_defaults()
    bitbucket.add_account(JANE, password="secret")
    bitbucket.grant("jane", Permission.ADMIN)
    async with bitbucket_site(bitbucket, auth=BasicAuth("jane", "secret")) as site:
        assert failed(await site.target.check()) == []
