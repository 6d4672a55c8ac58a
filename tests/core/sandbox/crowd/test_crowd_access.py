"""Which applications get into the simulated Crowd, from where, and what the answers look like before anything else."""

import pytest
from crowd_visit import JANE, CrowdVisit, refused

from core.sandbox.crowd import Application, Crowd, Quirks, Settings

SEARCH = "/search?entity-type=user"


async def test_an_application_gets_in_by_its_name_and_password(visit: CrowdVisit) -> None:
    crowd = Crowd([JANE])
    assert (await (await visit(crowd)).get(SEARCH)).status_code == 200
    upper = Application("MANCIPLE", "secret")
    assert (await (await visit(crowd, upper)).get(SEARCH)).status_code == 200


@pytest.mark.parametrize("application", [Application("manciple", "wrong"), Application("nobody", "secret")])
async def test_a_wrong_name_or_password_gets_a_page_with_401(visit: CrowdVisit, application: Application) -> None:
    answer = await (await visit(Crowd(), application)).get(SEARCH)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'BASIC realm="Crowd REST Service"')
    assert "Application failed to authenticate" in answer.text


async def test_a_token_is_nothing_to_crowd(visit: CrowdVisit) -> None:
    client = await visit(Crowd())
    client.auth = None
    assert (await client.get(SEARCH, headers={"Authorization": "Bearer secret"})).status_code == 401


async def test_who_calls_from_an_address_that_is_not_in_the_list_gets_a_page_with_403(visit: CrowdVisit) -> None:
    elsewhere = Application("manciple", "secret", remote_addresses=("10.0.0.0/8",))
    answer = await (await visit(Crowd(settings=Settings(applications=(elsewhere,))))).get(SEARCH)
    assert answer.status_code == 403
    assert (
        'Client with address "127.0.0.1" is forbidden from making requests to the application'
        in answer.text.replace("&quot;", '"')
    )
    assert "html" in answer.headers["Content-Type"]


async def test_an_application_that_was_switched_off_is_not_known(visit: CrowdVisit) -> None:
    off = Application("manciple", "secret", active=False)
    assert (await (await visit(Crowd(settings=Settings(applications=(off,))))).get(SEARCH)).status_code == 401


async def test_a_sign_on_before_crowd_sends_to_its_login_page(visit: CrowdVisit) -> None:
    client = await visit(Crowd(quirks=Quirks(unauthenticated="redirect")), Application("manciple", "wrong"))
    answer = await client.get(SEARCH)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/crowd/console/login.action")


async def test_every_answer_tells_which_product_and_version_it_is(visit: CrowdVisit) -> None:
    header = "X-Embedded-Crowd-Version"
    assert (await (await visit(Crowd(version="5.2"))).get(SEARCH)).headers[header] == "Crowd/5.2.0"
    wrong = await visit(Crowd(), Application("manciple", "wrong"))
    assert (await wrong.get(SEARCH)).headers[header] == "Crowd/6.1.0"
    jira = await visit(Crowd.as_jira(version="9.12"))
    assert (await jira.get(SEARCH)).headers[header] == "JIRA/9.12.0"


async def test_xml_is_the_default_and_json_is_given_to_who_asks(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE]))
    as_xml = await client.get("/user?username=jane", headers={"Accept": "*/*"})
    assert as_xml.headers["Content-Type"].startswith("application/xml")
    assert '<user name="Jane" expand="attributes">' in as_xml.text
    assert "<email>jane@example.com</email>" in as_xml.text
    error = await client.get("/user?username=ghost", headers={"Accept": "*/*"})
    assert error.text.endswith(
        "<error><reason>USER_NOT_FOUND</reason><message>User &lt;ghost&gt; does not exist</message></error>"
    )
    assert refused(await client.get("/user?username=ghost")) == (404, "USER_NOT_FOUND")


async def test_latest_is_the_same_as_1_and_other_paths_are_nothing(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE]))
    latest = str(client.base_url).replace("/1/", "/latest/")
    assert (await client.get(f"{latest}user?username=jane")).json() == (await client.get("/user?username=jane")).json()
    assert (await client.get("/non-existent/location")).json()["message"].startswith("null for uri: ")
    html = await visit(Crowd(quirks=Quirks(absent_endpoint="html")))
    assert "html" in (await html.get("/nothing")).headers["Content-Type"]


async def test_the_admin_api_takes_a_users_password_and_jira_has_none(visit: CrowdVisit) -> None:
    client = await visit(Crowd())
    info = str(client.base_url).replace("/usermanagement/1/", "/admin/1.0/server-info")
    assert (await client.get(info)).status_code == 401
    assert (await client.get(info, auth=("admin", "admin"))).json()["version"] == "6.1.0"
    jira = await visit(Crowd.as_jira())
    info = str(jira.base_url).replace("/usermanagement/1/", "/admin/1.0/server-info")
    assert (await jira.get(info, auth=("admin", "admin"))).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "status"), [("{", "application/json", 400), ("[]", "application/json", 400), ("", "", 415)]
)
async def test_a_body_that_is_no_object_is_refused(visit: CrowdVisit, content: str, kind: str, status: int) -> None:
    answer = await (await visit(Crowd())).post("/user", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
