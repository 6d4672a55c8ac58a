"""Administering users: who can be created and under which names, changed, deactivated, given a password, deleted."""

from typing import Any

import httpx
import pytest
from confluence_visit import Visit, keys_of_errors

from core.sandbox.confluence import Confluence, Effect, LocalAccount, Quirks, Settings

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
NEW = {"userName": "john", "fullName": "John Roe", "email": "john@example.com", "password": "secret"}


async def created(visit: Visit, quirks: Quirks | None = None, **changed: Any) -> httpx.Response:
    """The answer to the creation of a user who differs from `NEW` in these fields."""
    confluence = Confluence.with_defaults([JANE], quirks=quirks)
    answer = await (await visit(confluence)).post("/rest/api/admin/user", json=NEW | changed)
    assert (answer.status_code == 201) == bool(confluence.effects)
    return answer


async def test_a_new_user_is_active_in_the_default_group_and_answered_by_his_key(visit: Visit) -> None:
    confluence = Confluence.with_defaults()
    client = await visit(confluence)
    answer = await client.post("/rest/api/admin/user", json=NEW)
    assert answer.status_code == 201
    user = (await client.get("/rest/api/user?username=john&expand=status")).json()
    assert answer.json() == {"userKey": user["userKey"]}
    assert user["status"] == {"status": "CURRENT"}
    assert confluence.effects == [
        Effect("create-account", "john", "John Roe <john@example.com>"),
        Effect("join-default-group", "john", "confluence-users"),
    ]


async def test_a_new_user_joins_the_default_group_that_is_configured_if_it_is_there(visit: Visit) -> None:
    for default, groups in [("Newcomers", ["Newcomers"]), ("nowhere", [])]:
        confluence = Confluence.with_defaults(settings=Settings(default_group=default))
        confluence.add_group("Newcomers")
        assert (await (await visit(confluence)).post("/rest/api/admin/user", json=NEW)).status_code == 201
        assert [group for group, name in confluence.snapshot().memberships if name == "john"] == groups


async def test_a_new_user_can_log_in_with_his_password(visit: Visit) -> None:
    confluence = Confluence.with_defaults()
    await (await visit(confluence)).post("/rest/api/admin/user", json=NEW)
    answer = await (await visit(confluence, user=None)).get("/rest/api/user/current", auth=("john", "secret"))
    assert answer.json()["username"] == "john"


@pytest.mark.parametrize("name", ["jane", "admin"])
async def test_a_taken_name_is_a_conflict(visit: Visit, name: str) -> None:
    assert (await created(visit, userName=name)).status_code == 409


async def test_either_a_password_or_a_notification_never_both(visit: Visit) -> None:
    both = await created(visit, notifyViaEmail=True)
    neither = await created(visit, password="")
    assert (both.status_code, neither.status_code) == (400, 400)
    assert (await created(visit, password="", notifyViaEmail=True)).status_code == 201
    assert (await created(visit, notifyViaEmail=False)).status_code == 201


@pytest.mark.parametrize("character", list("\\,+<>'\""))
async def test_usernames_have_none_of_the_forbidden_characters(visit: Visit, character: str) -> None:
    answer = await created(visit, userName=f"jo{character}hn")
    assert (answer.status_code, keys_of_errors(answer)) == (400, ["username.characters"])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "username.required"),
        ("  ", "username.required"),
        ("jo hn", "username.characters"),
        ("jo\u00a0hn", "username.characters"),
        ("John", "username.lowercase"),
        ("ÉMILE", "username.lowercase"),
        ("anonymous", "username.reserved"),
        ("j" * 256, "username.length"),
    ],
)
async def test_a_username_is_refused_with_the_rule_that_it_breaks(visit: Visit, name: str, key: str) -> None:
    answer = await created(visit, userName=name)
    assert (answer.status_code, keys_of_errors(answer)) == (400, [key])


@pytest.mark.parametrize(
    "name", ["j", "j.doe-1_x@example.com", "émile", "東京", "j" * 255, "a/b", "50%25", "a;b?c#d&e"]
)
async def test_other_usernames_are_accepted(visit: Visit, name: str) -> None:
    assert (await created(visit, userName=name)).status_code == 201


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("fullName", " ", "fullname.required"),
        ("fullName", "J <b> R", "fullname.characters"),
        ("fullName", "a > b", "fullname.characters"),
        ("fullName", "Anonymous", "fullname.reserved"),
        ("email", "", "email.required"),
        ("email", "nobody", "email.invalid"),
        ("email", "a b@example.com", "email.invalid"),
    ],
)
async def test_full_names_and_e_mails_have_their_rules(visit: Visit, field: str, value: str, key: str) -> None:
    answer = await created(visit, **{field: value})
    assert (answer.status_code, keys_of_errors(answer)) == (400, [key])


async def test_everything_wrong_is_told_at_once(visit: Visit) -> None:
    answer = await created(visit, userName="A B", fullName="<", email="x")
    assert keys_of_errors(answer) == [
        "username.lowercase",
        "username.characters",
        "fullname.characters",
        "email.invalid",
    ]
    assert answer.json()["data"]["valid"] is False
    assert "lower case" in answer.json()["message"]


async def test_an_e_mail_may_be_shared_unless_the_site_forbids_it(visit: Visit) -> None:
    assert (await created(visit, email="jane@example.com")).status_code == 201
    refused = await created(visit, Quirks(duplicate_emails=False), email="JANE@example.com")
    assert (refused.status_code, keys_of_errors(refused)) == (400, ["email.duplicate"])


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b'{"userName": 1}'])
async def test_a_body_that_is_no_such_document_is_a_bad_request(visit: Visit, body: bytes) -> None:
    confluence = Confluence.with_defaults()
    client = await visit(confluence)
    answer = await client.post("/rest/api/admin/user", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, confluence.effects) == (400, [])


@pytest.mark.parametrize("status", [200, 204])
async def test_an_update_sets_name_and_e_mail_and_answers_nothing(visit: Visit, status: Any) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(update_status=status))
    client = await visit(confluence)
    changed = {"fullName": "Jane Roe", "email": "roe@example.com"}
    for _ in range(2):
        answer = await client.put("/rest/api/admin/user/JANE", json=changed)
        assert (answer.status_code, answer.content) == (status, b"")
    assert (await client.get("/rest/mobile/1.0/profile/jane")).json()["email"] == "roe@example.com"
    assert confluence.effects == [Effect("update-account", "jane", "Jane Roe <roe@example.com>")]


async def test_an_update_keeps_the_rules_of_creation(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    answer = await client.put("/rest/api/admin/user/jane", json={"fullName": "<", "email": "x"})
    assert keys_of_errors(answer) == ["fullname.characters", "email.invalid"]
    assert (await client.put("/rest/api/admin/user/ghost", json={})).status_code == 404
    assert confluence.effects == []


async def test_deactivating_and_activating_are_idempotent(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    for action in ("disable", "disable", "enable", "enable"):
        assert (await client.put(f"/rest/api/admin/user/jane/{action}")).status_code == 204
    assert confluence.effects == [Effect("deactivate-account", "jane"), Effect("reactivate-account", "jane")]
    assert (await client.put("/rest/api/admin/user/ghost/disable")).status_code == 404
    assert (await client.put("/rest/api/admin/user/ghost/enable")).status_code == 404


async def test_a_deactivated_user_keeps_his_groups(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    before = confluence.snapshot().memberships
    await (await visit(confluence)).put("/rest/api/admin/user/jane/disable")
    assert confluence.snapshot().memberships == before


async def test_a_password_can_be_set(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    assert (await client.post("/rest/api/admin/user/jane/password", json={"password": "new"})).status_code == 204
    assert (await client.post("/rest/api/admin/user/jane/password", json={"password": ""})).status_code == 400
    assert (await client.post("/rest/api/admin/user/ghost/password", json={"password": "x"})).status_code == 404
    as_jane = await (await visit(confluence, user=None)).get("/rest/api/user/current", auth=("jane", "new"))
    assert as_jane.json()["username"] == "jane"
    assert confluence.effects == [Effect("set-password", "jane")]


async def test_the_query_form_of_deletion_is_no_method_of_the_resource(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    answer = await (await visit(confluence)).delete("/rest/api/admin/user?username=jane")
    assert (answer.status_code, confluence.effects) == (405, [])
