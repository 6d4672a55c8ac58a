"""The health check of a Jira: it changes nothing, never raises, stops where nothing can follow, has remedies."""

from collections.abc import Sequence
from typing import Any

import pytest
from jira_site import jira_site
from scripted import Bench, Reply

from core.sandbox.jira import INTERNAL_DIRECTORY, ApplicationRole, Directory, Jira, LocalAccount, Quirks, Settings
from core.targets.auth import BasicAuth, BearerAuth
from core.targets.jira import Jira as Target
from core.targets.protocol import Finding

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
BASICS = ["version", "credential", "administrator"]
OPERATIONS = ["create accounts", "update accounts", "create groups", "change members", "move leads"]
SUBJECTS = [*BASICS, "list accounts", *OPERATIONS, "directories", "seats", "projects"]
CROWD = Directory(2, "Crowd", "CROWD")


def failed(findings: Sequence[Finding]) -> list[str]:
    """The subjects of what does not work. Whatever was found is a sentence, and has a remedy where it is not well."""
    for finding in findings:
        assert finding.detail.endswith("."), finding
        assert finding.ok or (finding.remedy.endswith(".") and finding.remedy[0].isupper()), finding
    return [finding.subject for finding in findings if not finding.ok]


def detail(findings: Sequence[Finding], subject: str) -> str:
    return next(finding.detail for finding in findings if finding.subject == subject)


@pytest.mark.parametrize("version", ["8.20", "9.12", "10.0", "10.3", "11.0"])
@pytest.mark.parametrize("context", ["", "/jira"])
async def test_where_all_is_well_it_says_so_in_the_order_in_which_things_build_on_one_another(
    version: str, context: str
) -> None:
    jira = Jira.with_defaults([JANE], version=version, context_path=context)
    async with jira_site(jira) as site:
        before = jira.snapshot()
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == SUBJECTS
        assert failed(findings) == []
        assert detail(findings, "version") == f"Jira {version}.0."
        assert "as admin" in detail(findings, "credential")
        assert detail(findings, "list accounts").startswith("All accounts can be listed (2)")
        assert (jira.snapshot(), site.effects) == (before, [])


async def test_names_that_hide_one_another_in_several_directories_are_named() -> None:
    jira = Jira.with_defaults([JANE], directories=(INTERNAL_DIRECTORY, CROWD))
    jira.add_account(JANE, directory=2)
    async with jira_site(jira) as site:
        order, hidden = [each for each in await site.target.check() if each.subject == "directories"]
        assert order.ok
        assert hidden.detail.endswith(": jane in Jira Internal Directory and Crowd.")
        for number in range(11):
            for directory in (1, 2):
                jira.add_account(LocalAccount(f"u{number:02}", "U", "u@example.com"), directory=directory)
        findings = [each for each in await site.target.check() if each.subject == "directories"]
        assert findings[1].detail.endswith("u08 in Jira Internal Directory and Crowd; and 2 more.")


async def test_a_version_that_tells_of_no_such_names_is_asked_for_none() -> None:
    jira = Jira.with_defaults([JANE], version="8.18", directories=(INTERNAL_DIRECTORY, CROWD))
    jira.add_account(JANE, directory=2)
    async with jira_site(jira) as site:
        assert len([each for each in await site.target.check() if each.subject == "directories"]) == 1


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(),
        Quirks(unauthenticated="html"),
        Quirks(unauthenticated="redirect"),
        Quirks(bad_token="empty"),
        Quirks(bad_token="anonymous"),
    ],
)
async def test_an_expired_token_is_the_last_finding(quirks: Quirks) -> None:
    async with jira_site(Jira.with_defaults(quirks=quirks), auth=BearerAuth("expired")) as site:
        findings = await site.target.check()
        assert failed(findings) == ["credential"] == [findings[-1].subject]
        assert "new" in findings[-1].remedy


async def test_an_account_that_must_solve_a_captcha_is_told_so() -> None:
    async with jira_site(Jira.with_defaults(), auth=BasicAuth("admin", "wrong")) as site:
        for _ in range(3):
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
        Reply(400, b"no"),
    ],
)
async def test_something_else_at_the_address_is_a_finding_about_the_url(reply: Reply) -> None:
    findings = await Target(Bench(reply).http).check()
    assert [finding.subject for finding in findings] == failed(findings) == ["url"]
    assert "context path" in findings[0].remedy


async def test_nobody_at_the_address_is_a_finding_about_the_connection() -> None:
    async with jira_site(Jira.with_defaults()) as site:
        site.breaking.fault = "reset-before"
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == failed(findings) == ["connection"]
        assert len(site.log) == 1


async def test_who_is_no_administrator_needs_the_permission_before_anything_else() -> None:
    jira = Jira.with_defaults([JANE])
    async with jira_site(jira, auth=BearerAuth(jira.issue_token("jane"))) as site:
        findings = await site.target.check()
        assert [finding.subject for finding in findings] == BASICS
        assert failed(findings) == ["administrator"]
        assert "Administer Jira" in findings[-1].remedy


async def test_too_many_accounts_for_the_version_are_told_before_the_first_synchronisation() -> None:
    people = [LocalAccount(f"u{n}", "U", "u@example.com") for n in range(150)]
    async with jira_site(Jira.with_defaults(people, version="10.0")) as site:
        findings = await site.target.check()
        assert failed(findings) == ["list accounts"]
        assert "ends at 100" in detail(findings, "list accounts")


@pytest.mark.parametrize("emails", ["hide", "mask"])
async def test_hidden_addresses_are_told_with_the_setting(emails: Any) -> None:
    async with jira_site(Jira.with_defaults([JANE], settings=Settings(emails=emails))) as site:
        findings = await site.target.check()
        assert failed(findings) == ["e-mails"]
        account = await site.target.find_account("jane")
        assert account is not None
        assert account.email is None


async def test_the_order_of_the_directories_is_shown() -> None:
    async with jira_site(Jira.with_defaults(directories=(INTERNAL_DIRECTORY, CROWD))) as site:
        assert "Jira Internal Directory, then Crowd" in detail(await site.target.check(), "directories")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("Crowd", "stands before Crowd"),
        ("Nowhere", "no active user directory Nowhere"),
        ("Jira Internal Directory", ""),
    ],
)
async def test_a_directory_that_new_accounts_would_miss_is_refused_before_anything_is_sent(
    wanted: str, says: str
) -> None:
    jira = Jira.with_defaults(directories=(INTERNAL_DIRECTORY, CROWD))
    async with jira_site(jira, directory=wanted) as site:
        findings = await site.target.check()
        assert failed(findings) == (["create accounts", "directories"] if says else [])
        reason = (await site.target.capabilities()).create_user
        assert (says in reason) if reason else not says


async def test_a_directory_that_cannot_be_checked_is_refused_too() -> None:
    jira = Jira.with_defaults(settings=Settings(administrator_groups=frozenset({"helpers"})))
    jira.add_account(LocalAccount("helper", "H", "h@example.com", groups=("helpers",)))
    async with jira_site(jira, directory="X", auth=BearerAuth(jira.issue_token("helper"))) as site:
        assert "system administrators only" in ((await site.target.capabilities()).create_user or "")
    async with jira_site(jira, auth=BearerAuth(jira.issue_token("helper"))) as site:
        assert failed(await site.target.check()) == []


@pytest.mark.parametrize(("seats", "says"), [(3, "1 seat left"), (4, "2 seats left"), (None, "no limit")])
async def test_seats_are_counted(seats: int | None, says: str) -> None:
    role = ApplicationRole("jira-software", "Jira Software", ("jira-software-users",), (), seats=seats)
    async with jira_site(Jira.with_defaults([JANE], settings=Settings(applications=(role,)))) as site:
        findings = await site.target.check()
        assert failed(findings) == []
        assert says in detail(findings, "seats")


async def test_no_seat_left_and_an_unknown_application_are_failures() -> None:
    role = ApplicationRole("jira-software", "Jira Software", ("jira-software-users",), (), seats=1)
    jira = Jira.with_defaults(settings=Settings(applications=(role,)))
    async with jira_site(jira) as site:
        assert failed(await site.target.check()) == ["seats"]
    async with jira_site(jira, applications=[]) as site:
        assert failed(await site.target.check()) == []
    async with jira_site(jira, applications=["jira-core"]) as site:
        assert "no application jira-core" in detail(await site.target.check(), "seats")
