"""Who is let in: tokens, passwords, anonymous visitors, permissions, XSRF, and the paths that never arrive."""

import httpx
import pytest
from confluence_visit import Visit

from core.sandbox.confluence import Confluence, LocalAccount, Quirks, Settings

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
NEW = {"userName": "john", "fullName": "John Roe", "email": "john@example.com", "password": "secret"}


async def test_a_valid_token_shows_its_owner_as_a_known_user(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults())
    answer = await client.get("/rest/api/user/current")
    assert (answer.json()["type"], answer.json()["username"]) == ("known", "admin")


async def test_a_wrong_token_runs_as_anonymous_and_reads_succeed(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE]), token="expired")
    current = await client.get("/rest/api/user/current")
    assert (current.status_code, current.json()["type"]) == (200, "anonymous")
    assert (await client.get("/rest/api/user?username=jane")).status_code == 200
    assert (await client.get("/rest/api/group")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/rest/api/admin/user", 401),
        ("PUT", "/rest/api/admin/user/jane", 401),
        ("PUT", "/rest/api/admin/user/jane/disable", 401),
        ("PUT", "/rest/api/admin/user/jane/enable", 401),
        ("DELETE", "/rest/api/admin/user/jane", 401),
        ("GET", "/rest/api/server-information", 401),
        ("POST", "/rest/api/admin/user/jane/password", 403),
        ("GET", "/rest/api/admin/users/list/active", 403),
        ("POST", "/rest/api/admin/group", 403),
        ("DELETE", "/rest/api/admin/group/confluence-users", 403),
        ("PUT", "/rest/api/user/jane/group/confluence-users", 403),
        ("DELETE", "/rest/api/user/jane/group/confluence-users", 403),
        ("GET", "/rest/crowd/latest/directory", 403),
    ],
)
async def test_an_anonymous_visitor_is_refused_what_administrators_may(
    visit: Visit, method: str, path: str, status: int
) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence, token="expired")
    answer = await client.request(method, path, json=NEW)
    assert answer.status_code == status
    assert answer.json()["statusCode"] == status
    assert confluence.effects == []


async def test_every_answer_names_in_a_header_whom_it_is_for_or_none_does(visit: Visit) -> None:
    confluence = Confluence.with_defaults([LocalAccount("jörg", "Jörg", "j@example.com")])
    for user, token, named in (("admin", None, "admin"), (None, "wrong", "anonymous"), (None, None, "anonymous")):
        client = await visit(confluence, user=user, token=token)
        assert (await client.get("/rest/api/group")).headers["x-ausername"] == named
    client = await visit(confluence, user=None, token=confluence.issue_token("jörg"))
    assert (await client.get("/rest/api/group")).headers["x-ausername"] == "jörg"
    client = await visit(Confluence.with_defaults(quirks=Quirks(tells_user=False)))
    assert "x-ausername" not in (await client.get("/rest/api/group")).headers


async def test_a_wrong_token_gives_401_where_anonymous_access_is_off(visit: Visit) -> None:
    confluence = Confluence.with_defaults(settings=Settings(anonymous_access=False))
    client = await visit(confluence, token="expired")
    for path in ("/rest/api/user/current", "/rest/api/group"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["reason"]) == (401, "Unauthorized")


async def test_a_wrong_token_can_be_made_to_give_401_with_anonymous_access_too(visit: Visit) -> None:
    confluence = Confluence.with_defaults(quirks=Quirks(bad_token_is_anonymous=False))
    client = await visit(confluence, token="expired")
    assert (await client.get("/rest/api/user/current")).status_code == 401


async def test_a_login_filter_answers_with_html(visit: Visit) -> None:
    confluence = Confluence.with_defaults(
        quirks=Quirks(unauthenticated="html"), settings=Settings(anonymous_access=False)
    )
    answer = await (await visit(confluence, user=None)).get("/rest/api/group")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_a_login_filter_redirects_to_the_login_page(visit: Visit) -> None:
    confluence = Confluence.with_defaults(
        context_path="/confluence",
        quirks=Quirks(unauthenticated="redirect"),
        settings=Settings(anonymous_access=False),
    )
    client = await visit(confluence, user=None)
    answer = await client.get("/rest/api/group")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/confluence/login.action")
    assert (await client.get("/login.action")).headers["Content-Type"].startswith("text/html")


async def test_anonymous_visitors_may_be_kept_from_seeing_users(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(quirks=Quirks(anonymous_browses_users=False)), user=None)
    assert (await client.get("/rest/api/user/current")).status_code == 200
    assert (await client.get("/rest/api/user?username=admin")).status_code == 403


async def test_basic_authentication_takes_name_without_case_and_password(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(admin_password="s3cret:with:colons"), user=None)
    answer = await client.get("/rest/api/user/current", auth=("Admin", "s3cret:with:colons"))
    assert answer.json()["username"] == "admin"


@pytest.mark.parametrize("auth", [("admin", "wrong"), ("ghost", "admin"), ("jane", "")])
async def test_a_wrong_password_gives_an_html_401(visit: Visit, auth: tuple[str, str]) -> None:
    client = await visit(Confluence.with_defaults([JANE]), user=None)
    answer = await client.get("/rest/api/user/current", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("how", ["revoked", "owner deactivated", "owner removed"])
async def test_a_token_ends_with_its_revocation_or_its_owner(visit: Visit, how: str) -> None:
    confluence = Confluence.with_defaults([JANE])
    token = confluence.issue_token("jane")
    if how == "revoked":
        confluence.revoke_token(token)
    elif how == "owner removed":
        confluence.remove_account("jane")
    else:
        await (await visit(confluence)).put("/rest/api/admin/user/jane/disable")
    client = await visit(confluence, token=token)
    assert (await client.get("/rest/api/user/current")).json()["type"] == "anonymous"


async def test_tokens_are_unknown_before_7_9(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(version="7.8"))
    assert (await client.get("/rest/api/user/current")).json()["type"] == "anonymous"


async def test_an_ordinary_user_may_read_but_not_administer(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence, user="jane")
    assert (await client.get("/rest/api/user/list")).status_code == 200
    assert (await client.get("/rest/api/server-information")).status_code == 200
    answer = await client.put("/rest/api/admin/user/admin/disable")
    assert (answer.status_code, answer.json()["data"]["authorized"]) == (403, False)
    assert confluence.effects == []


async def test_passwords_and_directories_need_a_system_administrator(visit: Visit) -> None:
    settings = Settings(administrator_groups=frozenset({"helpdesk"}))
    helper = LocalAccount("helper", "Helper", "helper@example.com", groups=("Helpdesk",))
    client = await visit(Confluence.with_defaults([helper, JANE], settings=settings), user="helper")
    assert (await client.put("/rest/api/admin/user/jane/disable")).status_code == 204
    password = {"password": "new"}
    assert (await client.post("/rest/api/admin/user/jane/password", json=password)).status_code == 403
    assert (await client.get("/rest/crowd/latest/directory")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0", "X-Atlassian-Token": "no-check"},
        {"Origin": "https://elsewhere.example"},
        {"Referer": "https://elsewhere.example/page"},
    ],
    ids=["user agent", "origin", "referer"],
)
async def test_what_looks_like_a_browser_may_read_but_fails_the_xsrf_check_on_writes(
    visit: Visit, headers: dict[str, str]
) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    answer = await client.put("/rest/api/admin/user/jane/disable", headers=headers)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text == "XSRF check failed"
    assert (await client.get("/rest/api/user?username=jane", headers=headers)).status_code == 200
    assert confluence.effects == []


async def test_a_form_needs_the_no_check_header(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults())
    assert (await client.post("/rest/api/admin/group", data={"name": "a"})).status_code == 403
    checked = await client.post("/rest/api/admin/group", data={"name": "a"}, headers={"X-Atlassian-Token": "no-check"})
    assert checked.status_code == 415


@pytest.mark.parametrize("path", ["/rest/api/group/a%2Fb/member", "/rest/api/group/a%5Cb", "/rest/api/group/a%2fb"])
async def test_slashes_in_group_names_never_arrive(visit: Visit, path: str) -> None:
    confluence = Confluence.with_defaults()
    confluence.add_group("a/b")
    answer = await (await visit(confluence)).get(path)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_slashes_arrive_where_tomcat_is_told_to_let_them(visit: Visit) -> None:
    confluence = Confluence.with_defaults(quirks=Quirks(encoded_slashes=True))
    confluence.add_group("a/b")
    answer = await (await visit(confluence)).get("/rest/api/group/a%2Fb")
    assert answer.json()["name"] == "a/b"


@pytest.mark.parametrize("name", ["r&d + ops", "größe ß 東京", "50%25", "a?b#c", "semi;colon"])
async def test_path_segments_are_decoded_exactly_once(visit: Visit, name: str) -> None:
    confluence = Confluence.with_defaults()
    confluence.add_group(name)
    segment = "".join(f"%{byte:02X}" for byte in name.encode())
    answer = await (await visit(confluence)).get(f"/rest/api/group/{segment}")
    assert answer.json()["name"] == name


async def test_everything_lies_below_the_context_path(visit: Visit) -> None:
    confluence = Confluence.with_defaults(context_path="/confluence")
    client = await visit(confluence)
    assert (await client.get("/rest/api/user/current")).status_code == 200
    outside = str(client.base_url).removesuffix("/confluence/") + "/rest/api/user/current"
    assert (await client.get(outside)).status_code == 404


async def test_a_base_url_written_with_a_slash_at_its_end_works(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(context_path="/confluence"))
    url = f"{str(client.base_url).rstrip('/')}//rest/api/user/current"
    assert (await client.get(url)).json()["username"] == "admin"


async def test_a_path_that_no_resource_has_is_null_for_uri(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults())
    answer = await client.get("/rest/api/nope")
    assert answer.status_code == 404
    assert answer.json() == {"message": f"null for uri: {answer.url}", "status-code": 404}


async def test_the_error_document_has_the_products_shape(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults())
    answer = await client.get("/rest/api/user?username=ghost")
    assert answer.status_code == 404
    assert answer.json() == {
        "statusCode": 404,
        "data": {
            "authorized": False,
            "valid": True,
            "allowedInReadOnlyMode": True,
            "errors": [],
            "successful": False,
        },
        "message": "No user found with name : ghost",
        "reason": "Not Found",
    }


@pytest.mark.parametrize(("status", "quirks"), [(405, Quirks()), (403, Quirks(read_only_mode_status=403))])
async def test_in_read_only_mode_reads_succeed_and_writes_fail(visit: Visit, status: int, quirks: Quirks) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=quirks, settings=Settings(access_mode="READ_ONLY"))
    client = await visit(confluence)
    assert (await client.get("/rest/api/accessmode")).json() == "READ_ONLY"
    assert (await client.get("/rest/api/user?username=jane")).status_code == 200
    refused: list[httpx.Response] = [
        await client.post("/rest/api/admin/user", json=NEW),
        await client.put("/rest/api/admin/user/jane/disable"),
        await client.delete("/rest/api/admin/group/confluence-users"),
        await client.put("/rest/api/user/jane/group/confluence-administrators"),
    ]
    assert {answer.status_code for answer in refused} == {status}
    assert not any(answer.json()["data"]["allowedInReadOnlyMode"] for answer in refused)
    assert confluence.effects == []


async def test_the_access_mode_can_change_while_it_runs(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    confluence.settings = Settings(access_mode="READ_ONLY")
    assert (await client.put("/rest/api/admin/user/jane/disable")).status_code == 405
    confluence.settings = Settings()
    assert (await client.put("/rest/api/admin/user/jane/disable")).status_code == 204
