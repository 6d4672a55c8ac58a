"""JSON-RPC, which old versions need: off unless switched on, in two forms, by the same rules as REST."""

from typing import Any

import httpx
import pytest
from confluence_visit import Visit

from core.sandbox.confluence import Confluence, Effect, LocalAccount, Quirks, Settings

SERVICE = "/rpc/json-rpc/confluenceservice-v2"
JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("confluence-users", "Staff"))
JOHN = {"name": "john", "fullname": "John Roe", "email": "john@example.com"}


def old(quirks: Quirks | None = None, **settings: Any) -> Confluence:
    """Confluence 7.19 with JSON-RPC switched on."""
    return Confluence.with_defaults(
        [JANE], version="7.19", quirks=quirks, settings=Settings(**{"remote_api": True} | settings)
    )


async def ask(client: httpx.AsyncClient, method: str, *params: object) -> Any:
    """The result of a call."""
    answer = await client.post(SERVICE, json={"jsonrpc": "2.0", "method": method, "params": params, "id": 7})
    assert answer.status_code == 200
    document = answer.json()
    assert (document["jsonrpc"], document["id"]) == ("2.0", 7)
    return document["result"] if "result" in document else document["error"]


async def test_every_change_can_be_made_through_it(visit: Visit) -> None:
    confluence = old()
    client = await visit(confluence)
    calls: list[tuple[str, list[object]]] = [
        ("addUser", [JOHN, "secret"]),
        ("editUser", [JOHN | {"fullname": "John Doe"}]),
        ("addGroup", ["Ops"]),
        ("addUserToGroup", ["john", "Ops"]),
        ("removeUserFromGroup", ["john", "Ops"]),
        ("changeUserPassword", ["john", "new"]),
        ("deactivateUser", ["john"]),
        ("reactivateUser", ["john"]),
        ("removeUser", ["john"]),
        ("removeGroup", ["Ops", None]),
    ]
    for method, params in calls:
        assert await ask(client, method, *params) is True, method
    assert confluence.effects == [
        Effect("create-account", "john", "John Roe <john@example.com>"),
        Effect("join-default-group", "john", "confluence-users"),
        Effect("update-account", "john", "John Doe <john@example.com>"),
        Effect("create-group", "Ops"),
        Effect("add-member", "john", "Ops"),
        Effect("remove-member", "john", "Ops"),
        Effect("set-password", "john"),
        Effect("deactivate-account", "john"),
        Effect("reactivate-account", "john"),
        Effect("delete-account", "john"),
        Effect("delete-group", "Ops"),
    ]


async def test_reads_tell_what_rest_keeps_to_itself(visit: Visit) -> None:
    client = await visit(old())
    assert await ask(client, "getUser", "jane") == {
        "name": "jane",
        "fullname": "Jane Doe",
        "email": "jane@example.com",
        "url": "/display/~jane",
    }
    assert await ask(client, "getGroups") == ["confluence-administrators", "confluence-users", "Staff"]
    assert await ask(client, "getUserGroups", "jane") == ["confluence-users", "Staff"]
    assert await ask(client, "hasUser", "jane") is True
    assert await ask(client, "hasUser", "ghost") is False
    assert await ask(client, "hasGroup", "staff") is True
    assert await ask(client, "isActiveUser", "jane") is True


async def test_active_users_are_the_licensed_ones_or_all(visit: Visit) -> None:
    confluence = old()
    confluence.add_account(LocalAccount("guest", "Gina", "g@example.com", groups=()))
    client = await visit(confluence)
    assert await ask(client, "getActiveUsers", False) == ["admin", "jane"]
    assert await ask(client, "getActiveUsers", True) == ["admin", "guest", "jane"]
    await ask(client, "deactivateUser", "jane")
    assert await ask(client, "getActiveUsers", True) == ["admin", "guest"]


async def test_a_removed_group_can_leave_its_members_to_another(visit: Visit) -> None:
    confluence = old()
    client = await visit(confluence)
    await ask(client, "addGroup", "Heirs")
    assert await ask(client, "removeGroup", "Staff", "Heirs") is True
    assert ("Heirs", "jane") in confluence.snapshot().memberships


@pytest.mark.parametrize(
    ("method", "params", "says"),
    [
        ("getUser", ["ghost"], "No user found"),
        ("addUser", [JOHN | {"name": "John"}, "secret"], "lower case"),
        ("addUser", [JOHN | {"name": "jane"}, "secret"], "already exists"),
        ("addUser", [JOHN], "Wrong parameters"),
        ("addUser", ["john", "secret"], "Wrong parameters"),
        ("deactivateUser", [], "Wrong parameters"),
        ("addUserToGroup", ["jane", "ghosts"], "No group found"),
        ("exportSpace", ["X"], "No such method"),
    ],
)
async def test_an_error_is_told_with_status_200(visit: Visit, method: str, params: list[object], says: str) -> None:
    confluence = old()
    error = await ask(await visit(confluence), method, *params)
    assert error["code"] == 500
    assert error["message"].startswith("com.atlassian.confluence.rpc.RemoteException: ")
    assert says in error["message"]
    assert confluence.effects == []


async def test_deactivating_twice_is_an_error_unlike_in_rest(visit: Visit) -> None:
    for quirks, fails in [(Quirks(), True), (Quirks(deactivating_twice_fails=False), False)]:
        confluence = old(quirks)
        client = await visit(confluence)
        assert await ask(client, "deactivateUser", "jane") is True
        assert (await ask(client, "deactivateUser", "jane") is not True) == fails
        assert len(confluence.effects) == 1


async def test_the_light_form_takes_bare_parameters_and_answers_the_bare_result(visit: Visit) -> None:
    client = await visit(old())
    assert (await client.post(f"{SERVICE}/hasUser", json=["jane"])).json() is True
    assert (await client.post(f"{SERVICE}/getUser", json=["ghost"])).json()["error"]["code"] == 500


@pytest.mark.parametrize(
    ("off", "status", "media_type"), [("403", 403, "application/json"), ("html", 200, "text/html")]
)
async def test_switched_off_it_refuses_everything(visit: Visit, off: Any, status: int, media_type: str) -> None:
    confluence = old(Quirks(remote_api_off=off), remote_api=False)
    client = await visit(confluence)
    for path, body in [(SERVICE, {"method": "removeUser", "params": ["jane"], "id": 1}), (f"{SERVICE}/x", ["jane"])]:
        answer = await client.post(path, json=body)
        assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, media_type)
    assert confluence.effects == []


async def test_who_is_no_administrator_may_read_and_is_told_so_on_changes(visit: Visit) -> None:
    confluence = old()
    client = await visit(confluence, user="jane")
    assert (await ask(client, "getUser", "admin"))["email"] == "admin@example.com"
    assert "not permitted" in (await ask(client, "deactivateUser", "admin"))["message"]
    assert confluence.effects == []
    anonymous = await visit(confluence, user=None)
    assert (await anonymous.post(f"{SERVICE}/getUser", json=["admin"])).status_code == 403


async def test_passwords_need_a_system_administrator(visit: Visit) -> None:
    confluence = old(administrator_groups=frozenset({"staff"}))
    client = await visit(confluence, user="jane")
    assert "not permitted" in (await ask(client, "changeUserPassword", "admin", "mine"))["message"]
    assert await ask(client, "addGroup", "Ops") is True


async def test_in_read_only_mode_it_reads_but_does_not_write(visit: Visit) -> None:
    confluence = old(access_mode="READ_ONLY")
    client = await visit(confluence)
    assert await ask(client, "hasUser", "jane") is True
    assert "read-only" in (await ask(client, "removeUser", "jane"))["message"]
    assert confluence.effects == []
