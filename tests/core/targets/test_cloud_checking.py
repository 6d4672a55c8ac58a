"""The health check of a directory: it changes nothing, never raises, stops where nothing can follow, has remedies."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from cloud_site import cloud_site
from scripted import Bench, Reply

from core.sandbox.cloud import Cloud, LocalAccount, Quirks
from core.targets.cloud import Cloud as Target
from core.targets.cloud.expiry import expiry
from core.targets.protocol import Finding

ALL = [
    "credential",
    "API key",
    "list accounts",
    "groups",
    "create accounts",
    "update accounts",
    "create groups",
    "change members",
    "domains",
]
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def subjects(findings: Sequence[Finding]) -> list[str]:
    return [finding.subject for finding in findings]


def of(findings: Sequence[Finding], subject: str) -> Finding:
    return next(finding for finding in findings if finding.subject == subject)


async def test_a_directory_that_can_be_used_passes_and_is_not_changed() -> None:
    cloud = Cloud.with_defaults([LocalAccount("jane", "Jane", "jane@example.com", groups=("Staff",))])
    async with cloud_site(cloud) as site:
        findings = await site.target.check()
        assert subjects(findings) == ALL
        assert all(finding.ok for finding in findings)
        assert "(1), deactivated ones too" in of(findings, "list accounts").detail
        assert {each.method for each in site.log} == {"GET"}
        assert site.effects == []


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_not_accepted_ends_the_check_with_where_to_make_another(status: int) -> None:
    quirks = Quirks(bad_key=401 if status == 401 else 403)
    async with cloud_site(Cloud.with_defaults(quirks=quirks), key="wrong") as site:
        (finding,) = await site.target.check()
        assert (finding.subject, finding.ok) == ("credential", False)
        assert "wrong, expired, or another directory's" in finding.detail
        assert "Regenerate it in admin.atlassian.com" in finding.remedy


async def test_a_key_that_is_past_its_configured_day_and_not_accepted_says_both() -> None:
    async with cloud_site(key="wrong", expires=date(2020, 1, 1)) as site:
        findings = await site.target.check()
        assert subjects(findings) == ["API key", "credential"]
        assert "expired on 2020-01-01" in findings[0].detail


@pytest.mark.parametrize("path", ["/scim/directory/another", "", "/wiki"])
async def test_a_url_without_a_directory_is_told_with_where_to_find_it(path: str) -> None:
    async with cloud_site(path=path) as site:
        (finding,) = await site.target.check()
        assert (finding.subject, finding.ok) == ("url", False)
        assert "There is no directory" in finding.detail
        assert "Copy the directory base URL from admin.atlassian.com" in finding.remedy


async def test_another_product_at_the_url_is_told_as_a_wrong_url() -> None:
    page = Reply(404, b"<h1>Not Found</h1>", media_type="text/html")
    (finding,) = await Target(Bench(page).http).check()
    assert (finding.subject, finding.ok) == ("url", False)


async def test_a_login_page_is_told_as_a_credential_that_is_not_accepted() -> None:
    page = Reply(200, b"<h1>Log in</h1>", media_type="text/html")
    (finding,) = await Target(Bench(page).http).check()
    assert (finding.subject, finding.ok) == ("credential", False)


async def test_a_directory_that_does_not_answer_is_told_as_such() -> None:
    async with cloud_site() as site:
        target = site.target
        site.breaking.spoil("503")
        (finding,) = await target.check()
        assert (finding.subject, finding.ok) == ("connection", False)


async def test_groups_named_as_atlassians_own_are_told_of() -> None:
    cloud = Cloud.with_defaults()
    for name in ("site-admins", "Confluence-Users-Acme", "Staff"):
        cloud.add_group(name)
    async with cloud_site(cloud) as site:
        finding = of(await site.target.check(), "groups")
        assert not finding.ok
        assert "2 groups" in finding.detail
        assert "Confluence-Users-Acme, site-admins" in finding.detail
        assert "Staff" not in finding.detail


async def test_what_atlassian_does_not_tell_is_said_plainly() -> None:
    async with cloud_site() as site:
        findings = await site.target.check()
        assert "Atlassian does not tell over this API when the API key expires" in of(findings, "API key").detail
        assert "credential_expires" in of(findings, "API key").detail
        assert "does not tell over this API which these are" in of(findings, "domains").detail


@pytest.mark.parametrize(
    ("days", "is_ok", "says"),
    [
        (400, True, "expires in 400 days, on 2027-07-20."),
        (31, True, "expires in 31 days, on 2026-07-16."),
        (30, True, "Regenerate it in time."),
        (15, True, "expires in 15 days"),
        (14, False, "expires in 14 days"),
        (1, False, "expires tomorrow"),
        (0, False, "expires today, on 2026-06-15."),
        (-1, False, "expired on 2026-06-14"),
    ],
)
def test_the_end_of_the_key_is_warned_of_and_fails_the_check_in_time(days: int, is_ok: bool, says: str) -> None:
    finding = expiry((NOON + timedelta(days=days)).date(), NOON.timestamp())
    assert (finding.ok, says in finding.detail) == (is_ok, True)
    assert bool(finding.remedy) != is_ok


async def test_the_configured_day_is_checked_by_the_clock() -> None:
    async with cloud_site(expires=date(2999, 1, 1)) as site:
        finding = of(await site.target.check(), "API key")
        assert finding.ok
        assert finding.detail.endswith("on 2999-01-01.")
