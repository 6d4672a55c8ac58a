"""Who gets into the simulated Jira: tokens, passwords, CAPTCHA, XSRF, permissions, paths."""

import base64
from typing import Any

import pytest
from jira_visit import API, JANE, NEW, JiraVisit

from core.sandbox.jira import Jira, Quirks

ME = f"{API}/myself"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


async def test_a_token_and_a_password_let_in(visit: JiraVisit) -> None:
    jira = Jira.with_defaults()
    assert (await (await visit(jira)).get(ME)).json()["name"] == "admin"
    assert (await (await visit(jira, user=None)).get(ME, headers=basic("admin", "admin"))).json()["name"] == "admin"


async def test_latest_is_the_same_as_2(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults())
    assert (await client.get("/rest/api/latest/myself")).json() == (await client.get(ME)).json()


async def test_who_is_nobody_gets_401_but_may_ask_for_the_version(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults(version="9.12"), user=None)
    for path in ("myself", "user?username=admin", "user/search?username=.", "groups/picker", "applicationrole"):
        assert (await client.get(f"{API}/{path}")).status_code == 401
    assert (await client.get(f"{API}/project")).json() == []
    assert (await client.get(f"{API}/serverInfo")).json()["versionNumbers"] == [9, 12, 0]


@pytest.mark.parametrize(
    ("quirks", "status", "header"),
    [
        (Quirks(), 401, None),
        (Quirks(unauthenticated="html"), 401, None),
        (Quirks(unauthenticated="redirect"), 302, None),
        (Quirks(bad_token="empty"), 200, "AUTHENTICATED_FAILED"),
        (Quirks(bad_token="anonymous"), 401, None),
    ],
)
async def test_a_dead_token_is_told_in_many_ways(
    visit: JiraVisit, quirks: Quirks, status: int, header: str | None
) -> None:
    answer = await (await visit(Jira.with_defaults(quirks=quirks), token="dead")).get(ME)
    assert (answer.status_code, answer.headers.get("X-Seraph-LoginReason")) == (status, header)
    assert status != 200 or answer.content == b""


async def test_after_three_wrong_passwords_a_captcha_stands_before_the_right_one(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults(), user=None)
    for _ in range(3):
        assert (await client.get(ME, headers=basic("admin", "wrong"))).status_code == 401
    answer = await client.get(ME, headers=basic("admin", "admin"))
    assert answer.status_code == 403
    assert answer.headers["X-Authentication-Denied-Reason"].startswith("CAPTCHA_CHALLENGE; login-url=")


@pytest.mark.parametrize("headers", [{"User-Agent": "Mozilla/5.0"}, {"Origin": "https://elsewhere.example"}])
async def test_what_looks_like_a_browser_is_refused_in_plain_text(visit: JiraVisit, headers: dict[str, str]) -> None:
    answer = await (await visit(Jira.with_defaults())).post(f"{API}/user", json=NEW, headers=headers)
    assert (answer.status_code, answer.text) == (403, "XSRF check failed")


async def test_only_administrators_change_and_see_seats(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults([JANE]), user="jane")
    answers = [
        await client.post(f"{API}/user", json=NEW),
        await client.put(f"{API}/user?username=jane", json={"active": False}),
        await client.post(f"{API}/group", json={"name": "x"}),
        await client.get(f"{API}/applicationrole"),
        await client.get("/rest/crowd/latest/directory"),
    ]
    assert {answer.status_code for answer in answers} == {403}


async def test_paths_are_judged_before_anything_else(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults(context_path="/jira"))
    assert (await client.get(f"{API}/nothing")).json()["message"].startswith("null for uri: ")
    assert (await client.get(f"{API}/project/a%2Fb")).status_code == 400
    assert (await client.delete(ME)).status_code == 405
    html = await visit(Jira.with_defaults(quirks=Quirks(absent_endpoint="html")))
    assert "html" in (await html.get(f"{API}/nothing")).headers["Content-Type"]


@pytest.mark.parametrize(
    ("content", "kind", "status"), [("{", "application/json", 400), ("[]", "application/json", 400), ("", "", 415)]
)
async def test_a_body_that_is_no_object_is_refused(visit: JiraVisit, content: str, kind: str, status: int) -> None:
    headers: dict[str, Any] = {"Content-Type": kind}
    answer = await (await visit(Jira.with_defaults())).post(f"{API}/user", content=content, headers=headers)
    assert answer.status_code == status
