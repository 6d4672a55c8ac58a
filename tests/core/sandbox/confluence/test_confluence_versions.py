"""The version decides which endpoints are there; what is absent answers in one of several ways that are not its own."""

import pytest
from confluence_visit import Visit

from core.sandbox.confluence import Confluence, LocalAccount, Quirks

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
JSON = {"Accept": "application/json"}

SINCE = [
    ("PUT", "/rest/api/user/ghost/group/ghosts", "8.0"),
    ("DELETE", "/rest/api/user/ghost/group/ghosts", "8.0"),
    ("POST", "/rest/api/admin/group", "8.0"),
    ("DELETE", "/rest/api/admin/group/ghosts", "8.0"),
    ("PUT", "/rest/api/admin/user/ghost/disable", "8.2"),
    ("PUT", "/rest/api/admin/user/ghost/enable", "8.2"),
    ("DELETE", "/rest/api/admin/user/ghost", "8.2"),
    ("POST", "/rest/api/admin/user", "8.4"),
    ("POST", "/rest/api/admin/user/ghost/password", "8.4"),
    ("GET", "/rest/api/user/list", "8.4"),
    ("GET", "/rest/api/server-information", "8.4"),
    ("GET", "/rest/api/admin/users/list/active", "9.3"),
    ("PUT", "/rest/api/admin/user/ghost", "9.3"),
    ("GET", "/rest/license/1.0/license/details", "7.1"),
]
BEFORE = {"7.1": "7.0", "8.0": "7.20", "8.2": "8.1", "8.4": "8.3", "9.3": "9.2"}


def is_present(status: int, body: bytes) -> bool:
    """Whether an answer comes from the endpoint itself: 405 and `null for uri` do not."""
    return status != 405 and b"null for uri" not in body


@pytest.mark.parametrize(("method", "path", "since"), SINCE)
async def test_an_endpoint_is_there_from_its_version_on(visit: Visit, method: str, path: str, since: str) -> None:
    for version, expected in [(BEFORE[since], False), (since, True), ("10.2", True)]:
        confluence = Confluence.with_defaults(version=version)
        client = await visit(confluence, user=None)
        answer = await client.request(method, path, json={}, auth=("admin", "admin"))
        assert is_present(answer.status_code, answer.content) == expected, version
        assert answer.status_code != 500
        assert confluence.effects == []


async def test_a_missing_method_of_a_path_that_is_there_is_405(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE], version="9.2"))
    answer = await client.put("/rest/api/admin/user/jane", json={"fullName": "J", "email": "j@example.com"})
    assert answer.status_code == 405
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("absent", "media_type"), [("json", "application/json"), ("html", "text/html")])
async def test_a_path_that_is_absent_answers_in_json_or_html(visit: Visit, absent: str, media_type: str) -> None:
    quirks = Quirks(absent_endpoint="html" if absent == "html" else "json")
    client = await visit(Confluence.with_defaults(version="8.1", quirks=quirks))
    answer = await client.put("/rest/api/admin/user/jane/disable")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (404, media_type)


@pytest.mark.parametrize(("update_since", "status"), [("9.3", 404), ("9.4", 405)])
async def test_the_uncertain_version_of_the_update_call_can_be_set(
    visit: Visit, update_since: str, status: int
) -> None:
    client = await visit(Confluence.with_defaults(version="9.3", quirks=Quirks(update_since=update_since)))
    assert (await client.put("/rest/api/admin/user/ghost", json={})).status_code == status


async def test_the_uncertain_version_of_group_writes_can_be_set(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(version="8.3", quirks=Quirks(group_writes_since="8.4")))
    assert (await client.post("/rest/api/admin/group", json={"name": "Ops"})).status_code == 404


@pytest.mark.parametrize(("version", "told"), [("9.4", "9.4.0"), ("10.2.11", "10.2.11")])
async def test_the_server_tells_its_version_to_whoever_is_logged_in(visit: Visit, version: str, told: str) -> None:
    client = await visit(Confluence.with_defaults(version=version))
    information = (await client.get("/rest/api/server-information")).json()
    assert information["version"] == told
    assert information["baseUrl"] == str(client.base_url).rstrip("/")
    assert isinstance(information["buildNumber"], int)


async def test_older_versions_tell_their_version_in_the_manifest_and_on_the_login_page(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(version="8.1.3"), user=None)
    assert (await client.get("/rest/applinks/1.0/manifest", headers=JSON)).json()["version"] == "8.1.3"
    assert "<version>8.1.3</version>" in (await client.get("/rest/applinks/1.0/manifest")).text
    login = (await client.get("/", follow_redirects=True)).text
    assert '<meta name="ajs-version-number" content="8.1.3">' in login


@pytest.mark.parametrize("version", ["9", "9.4.1.2", "nine.four"])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match=r"9\.4|invalid literal"):
        Confluence(version)


async def test_the_instance_counts_its_users(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE]))
    assert (await client.get("/rest/api/instance-metrics")).json()["users"] == 2
