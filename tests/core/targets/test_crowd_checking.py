"""The health check of a Crowd: it changes nothing, never raises, stops where nothing can follow, has remedies."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from crowd_site import crowd_site
from scripted import Bench, Reply

from core.sandbox.crowd import (
    ALL_PERMISSIONS,
    APPLICATION,
    Crowd,
    Directory,
    LocalAccount,
    Permission,
    Quirks,
    Settings,
)
from core.targets.auth import BasicAuth, BearerAuth
from core.targets.crowd import Crowd as Target
from core.targets.protocol import Finding

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("Staff",))
OPERATIONS = ["create accounts", "update accounts", "rename accounts", "create groups", "change members"]
SUBJECTS = ["version", "credential", "list accounts", "list groups", *OPERATIONS, "attributes"]


def failed(findings: Sequence[Finding]) -> list[str]:
    """The subjects of what does not work. Whatever was found is a sentence, and has a remedy where it is not well."""
    for finding in findings:
        assert finding.detail.endswith("."), finding
        assert finding.ok or (finding.remedy.endswith(".") and finding.remedy[0].isupper()), finding
    return [finding.subject for finding in findings if not finding.ok]


def finding(findings: Sequence[Finding], subject: str) -> Finding:
    return next(finding for finding in findings if finding.subject == subject)


@pytest.mark.parametrize(
    ("crowd", "told"),
    [
        (Crowd([JANE]), "Crowd 6.1.0."),
        (Crowd([JANE], version="2.8.7", context_path=""), "Crowd 2.8.7."),
        (Crowd.as_jira([JANE], context_path="/jira"), "Jira 10.3.0, which serves Crowd's REST API."),
    ],
)
async def test_where_all_is_well_it_says_so_in_the_order_in_which_things_build_on_one_another(
    crowd: Crowd, told: str
) -> None:
    async with crowd_site(crowd) as site:
        before = crowd.snapshot()
        findings = await site.target.check()
        assert [each.subject for each in findings] == SUBJECTS
        assert failed(findings) == []
        assert finding(findings, "version").detail == told
        assert finding(findings, "list accounts").detail.startswith("All accounts can be listed (1)")
        assert finding(findings, "list groups").detail == "All groups can be listed (1)."
        assert (crowd.snapshot(), site.effects) == (before, [])


@pytest.mark.parametrize("auth", [BasicAuth("manciple", "wrong"), BasicAuth("admin", "admin"), BearerAuth("secret")])
async def test_a_wrong_application_password_is_the_only_finding_and_says_whose_it_is(
    auth: BasicAuth | BearerAuth,
) -> None:
    async with crowd_site(Crowd(), auth=auth) as site:
        findings = await site.target.check()
        assert failed(findings) == ["credential"] == [each.subject for each in findings]
        assert findings[0].detail == "Crowd does not accept the application's name and password."
        assert "the application's name, no user's, into the target's username" in findings[0].remedy


async def test_an_address_that_is_not_in_the_applications_list_is_named() -> None:
    elsewhere = replace(APPLICATION, remote_addresses=("10.0.0.0/8",))
    async with crowd_site(Crowd(settings=Settings(applications=(elsewhere,)))) as site:
        findings = await site.target.check()
        assert failed(findings) == ["address"] == [each.subject for each in findings]
        assert '"127.0.0.1" is forbidden' in findings[0].detail
        assert "remote addresses" in findings[0].remedy


async def test_a_login_page_is_told_as_one() -> None:
    async with crowd_site(Crowd(quirks=Quirks(unauthenticated="redirect")), auth=BasicAuth("x", "y")) as site:
        findings = await site.target.check()
        assert failed(findings) == ["credential"] == [each.subject for each in findings]
        assert "login page" in findings[0].detail
        assert "pass requests to /rest/usermanagement/1" in findings[0].remedy


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"<h1>Not Found</h1>", media_type="text/html"),
        Reply(404, b'{"message":"null for uri: http://x","status-code":404}'),
        Reply(200, b'{"hello":'),
        Reply(200, b'{"hello":"world"}'),
        Reply(200, b"[]"),
        Reply(400, b"no"),
    ],
)
async def test_something_else_at_the_address_is_a_finding_about_the_url(reply: Reply) -> None:
    findings = await Target(Bench(reply).http).check()
    assert [each.subject for each in findings] == failed(findings) == ["url"]
    assert "often /crowd" in findings[0].remedy


async def test_a_crowd_that_does_not_tell_its_version_is_well_all_the_same() -> None:
    findings = await Target(Bench(Reply(200, b'{"users":[],"groups":[]}')).http).check()
    assert finding(findings, "version").detail == "Crowd does not tell its version."


async def test_nobody_at_the_address_is_a_finding_about_the_connection() -> None:
    async with crowd_site(Crowd()) as site:
        site.breaking.fault = "reset-before"
        findings = await site.target.check()
        assert [each.subject for each in findings] == failed(findings) == ["connection"]
        assert len(site.log) == 1


async def test_a_missing_permission_in_the_directory_is_named() -> None:
    crowd = Crowd([JANE])
    crowd.allow(*(ALL_PERMISSIONS - {Permission.ADD_USER}))
    async with crowd_site(crowd) as site:
        findings = await site.target.check()
        assert failed(findings) == ["create accounts"]
        assert finding(findings, "create accounts").detail == "The application may not create users."
        assert finding(findings, "create accounts").remedy.startswith("Allow Add User in Crowd, both in")


@pytest.mark.parametrize(("attributes", "lost"), [([], []), (["first_name"], []), (["team"], ["attributes"])])
async def test_attributes_that_cannot_be_kept_are_a_failure_only_where_rules_make_some(
    attributes: list[str], lost: list[str]
) -> None:
    crowd = Crowd([JANE], quirks=Quirks(permission_before_existence=True))
    crowd.allow(*(ALL_PERMISSIONS - {Permission.MODIFY_USER_ATTRIBUTES}))
    async with crowd_site(crowd, attributes=attributes) as site:
        findings = await site.target.check()
        assert failed(findings) == lost
        assert "do not keep the id" in finding(findings, "attributes").detail


async def test_an_application_without_a_directory_is_told() -> None:
    alone = replace(APPLICATION, directories=())
    async with crowd_site(Crowd([JANE], settings=Settings(applications=(alone,)))) as site:
        findings = await site.target.check()
        assert failed(findings) == ["list accounts", "create accounts", "create groups"]
        assert finding(findings, "list accounts").remedy.startswith("Map a directory to the application")


async def test_several_directories_behind_one_application_are_told() -> None:
    crowd = Crowd([JANE], directories=(Directory(1, "First"), Directory(2, "Second")))
    crowd.add_account(LocalAccount("john", "John Roe", "john@example.com"), directory=2)
    async with crowd_site(crowd) as site:
        findings = await site.target.check()
        assert failed(findings) == ["directory"]
        assert finding(findings, "directory").detail == "The accounts are in 2 directories (1, 2)."
