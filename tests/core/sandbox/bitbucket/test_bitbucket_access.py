"""Who may ask: passwords until 10.4, tokens that never administer, OAuth by scope, and nobody without a seat."""

import pytest
from bitbucket_visit import API, JANE, JOHN, USERS, BitbucketVisit, exception

from core.sandbox.bitbucket import Bitbucket, LocalAccount, Permission, Quirks, Settings


async def test_the_version_is_told_to_everybody(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults(version="8.19.3", context_path="/bitbucket"), user=None)
    answer = (await client.get(f"{API}/application-properties")).json()
    assert (answer["version"], answer["buildNumber"], answer["displayName"]) == ("8.19.3", "8019003", "Bitbucket")


async def test_an_administrator_with_a_password_is_let_in_and_named(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults())
    answer = await client.get(USERS)
    assert (answer.status_code, answer.headers["x-ausername"]) == (200, "admin")
    assert (await client.get("/plugins/servlet/applinks/whoami")).text == "admin"


async def test_who_is_known_and_may_not_gets_401_with_another_exception_than_who_is_not_known(
    visit: BitbucketVisit,
) -> None:
    bitbucket = Bitbucket.with_defaults()
    bitbucket.add_account(JOHN, password="secret")
    refused = await (await visit(bitbucket, user="john", password="secret")).get(USERS)
    unknown = await (await visit(bitbucket, user="john", password="wrong")).get(USERS)
    assert (refused.status_code, exception(refused)) == (401, "AuthorisationException")
    assert (unknown.status_code, exception(unknown)) == (401, "IncorrectPasswordAuthenticationException")


async def test_an_http_access_token_never_administers_whoever_made_it(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket, token=bitbucket.issue_token())
    assert (await client.get(f"{API}/users")).status_code == 200
    answer = await client.get(USERS)
    assert (answer.status_code, exception(answer)) == (401, "AuthorisationException")


@pytest.mark.parametrize(
    ("scope", "administers", "all_of_it"),
    [("REPO_READ", False, False), ("ADMIN_WRITE", True, False), ("SYSTEM_ADMIN", True, True)],
)
async def test_an_oauth_token_administers_as_far_as_its_scope(
    visit: BitbucketVisit, scope: str, administers: bool, all_of_it: bool
) -> None:
    bitbucket = Bitbucket.with_defaults()
    client = await visit(bitbucket, token=bitbucket.issue_oauth_token(scope=scope))
    assert ((await client.get(USERS)).status_code == 200) == administers
    assert ((await client.get("/rest/crowd/latest/directory")).status_code == 200) == all_of_it


@pytest.mark.parametrize(("version", "status"), [("10.3", 200), ("10.4", 403)])
async def test_passwords_are_off_by_default_from_10_4_on(visit: BitbucketVisit, version: str, status: int) -> None:
    bitbucket = Bitbucket.with_defaults(version=version)
    assert (await (await visit(bitbucket)).get(USERS)).status_code == status
    bitbucket.settings = Settings(basic=True)
    assert (await (await visit(bitbucket)).get(USERS)).status_code == 200


async def test_without_a_permission_nobody_logs_in(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults()
    bitbucket.add_account(LocalAccount("out", "Out", "out@example.com", groups=()), password="secret")
    client = await visit(bitbucket, user="out", password="secret")
    assert (await client.get(f"{API}/users")).status_code == 401
    bitbucket.grant("out", Permission.LICENSED_USER)
    assert (await client.get(f"{API}/users")).status_code == 200
    bitbucket.grant("out", None)
    assert (await client.get(f"{API}/users")).status_code == 401


async def test_a_wrong_token_may_run_as_anonymous(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults(quirks=Quirks(bad_credential="anonymous")), token="wrong")
    answer = await client.get(f"{API}/application-properties")
    assert answer.status_code == 200
    assert "x-ausername" not in answer.headers
    assert exception(await client.get(USERS)) == "AuthorisationException"


async def test_login_filters_answer_with_a_page_or_lead_to_it(visit: BitbucketVisit) -> None:
    html = await visit(Bitbucket.with_defaults(quirks=Quirks(unauthenticated="html")), user=None)
    assert "text/html" in (await html.get(USERS)).headers["content-type"]
    away = Bitbucket.with_defaults(quirks=Quirks(unauthenticated="redirect"), context_path="/bitbucket")
    answer = await (await visit(away, user=None)).get(USERS)
    assert (answer.status_code, answer.headers["location"]) == (302, "/bitbucket/login")


async def test_failed_logins_lead_to_a_captcha_which_an_administrator_clears(visit: BitbucketVisit) -> None:
    bitbucket = Bitbucket.with_defaults([JANE], settings=Settings(captcha_after=2))
    bitbucket.add_account(JOHN, password="secret")
    wrong = await visit(bitbucket, user="john", password="wrong")
    for _ in range(2):
        await wrong.get(USERS)
    right = await visit(bitbucket, user="john", password="secret")
    assert exception(await right.get(f"{API}/users")) == "CaptchaRequiredAuthenticationException"
    admin = await visit(bitbucket)
    assert (await admin.delete(f"{USERS}/captcha", params={"name": "john"})).status_code == 204
    assert (await right.get(f"{API}/users")).status_code == 200


async def test_a_browser_that_writes_is_refused_in_plain_text(visit: BitbucketVisit) -> None:
    client = await visit(Bitbucket.with_defaults())
    answer = await client.delete(USERS, params={"name": "x"}, headers={"User-Agent": "Mozilla/5.0"})
    assert (answer.status_code, answer.text) == (403, "XSRF check failed")
