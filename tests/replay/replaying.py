"""Plays a conversation against the listener: every status, the stated facts, and what is left in the identity store."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
from conversation import Call, Conversation, Restart
from facts import assert_has

from core.config.settings import ListenerSettings
from core.scim.listener import Listener
from core.scim.served import Served
from core.scim.server import serving
from core.store import Store, exchanges, identities, member_rows, tokens, tolerance_uses

PROVIDER = "idp"
LOCAL = [ip_network("127.0.0.0/8")]
_PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")
_SCIM = {"Content-Type": "application/scim+json; charset=utf-8", "Accept": "application/scim+json"}

Line = Callable[[Listener], AbstractAsyncContextManager[httpx.AsyncClient]]
"""How the client reaches the listener."""


@asynccontextmanager
async def direct(listener: Listener) -> AsyncIterator[httpx.AsyncClient]:
    """Without a network between them."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
        yield client


@asynccontextmanager
async def over_socket(listener: Listener) -> AsyncIterator[httpx.AsyncClient]:
    """Over a TCP connection."""
    settings = ListenerSettings(bind_host="127.0.0.1", bind_port=0)
    async with serving(listener, settings) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def play(conversation: Conversation, database: Path, line: Line) -> None:
    """Play the whole conversation against a new store, then compare what is left with what the file states."""
    captured: dict[str, str] = {}
    secret: str | None = None
    steps: list[Call | Restart] = [*_given(conversation), *conversation.steps]
    while steps:
        with Store.open(f"sqlite:///{database}") as store:
            secret = secret or store.writer.write_now(lambda tx: tokens.issue(tx, PROVIDER, "test"))
            listener = Listener(store, [Served(PROVIDER, ["wiki"])], "https://scim.example.com", allow=LOCAL)
            headers = _SCIM | {"Authorization": f"Bearer {secret}"} | conversation.headers
            async with line(listener) as client:
                while steps and isinstance(step := steps.pop(0), Call):
                    await _call(client, step, headers, captured, conversation.name)
            store.writer.write_now(lambda tx: None)  # the log rows of reads follow with a commit
            if not steps:
                _compare(store, conversation, captured)


def _given(conversation: Conversation) -> list[Call]:
    return [
        Call(0, "POST", each["path"], {}, json.dumps(each["body"]).encode(), {"status": 201}, {each["as"]: "id"}, False)
        for each in conversation.given
    ]


async def _call(
    client: httpx.AsyncClient, call: Call, headers: dict[str, str], captured: dict[str, str], name: str
) -> None:
    where = f"{name}:{call.line} {call.method} {call.path}"
    sent = headers | {key: _filled(value, captured) for key, value in call.headers.items()}
    content = None if call.content is None else _filled(call.content.decode(), captured).encode()
    if content is None:
        sent.pop("Content-Type", None)
    url = f"/scim/{PROVIDER}/v2{_filled(call.path, captured)}"
    answer = await client.request(call.method, url, headers=sent, content=content)
    if call.unanswered:
        return
    assert answer.status_code == call.expect["status"], f"{where}: {answer.status_code} {answer.text}"
    if call.expect.get("empty"):
        assert answer.content == b"", where
    for key, value in call.expect.get("headers", {}).items():
        assert answer.headers.get(key) == _filled(value, captured), f"{where}: {key} is {answer.headers.get(key)!r}"
    if "body" in call.expect:
        assert_has(answer.json(), json.loads(_filled(json.dumps(call.expect["body"]), captured)), where)
    for key, place in call.capture.items():
        captured[key] = _at(answer, place, where)


def _filled(text: str, captured: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: captured.get(found[1], found[0]), text)


def _at(answer: httpx.Response, place: str, where: str) -> str:
    first, *rest = place.split(".")
    found: Any = {"headers": dict(answer.headers)} if first == "headers" else answer.json()
    for key in [first, *rest]:
        found = found[int(key)] if isinstance(found, list) else found[key]
    assert isinstance(found, str), f"{where}: {place} is {found!r}"
    return found


def _compare(store: Store, conversation: Conversation, captured: dict[str, str]) -> None:
    name = conversation.name
    if conversation.store is not None:
        users, groups = _stored(store)
        wanted = json.loads(_filled(json.dumps(conversation.store), captured))
        assert users.keys() == wanted.get("users", {}).keys(), name
        for user, facts in wanted.get("users", {}).items():
            assert_has(users[user], facts, f"{name}: {user}")
        assert groups == {group: sorted(members) for group, members in wanted.get("groups", {}).items()}, name
    if conversation.tolerances is not None:
        assert _tolerances(store) == conversation.tolerances, name


def _stored(store: Store) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Each live user by userName, its document and groups; each live group by displayName, its members' userNames."""
    with store.read() as connection:
        users = identities.page(connection, PROVIDER, "User", 0, None)[1]
        groups = identities.page(connection, PROVIDER, "Group", 0, None)[1]
        names = {user.id: user.document["userName"] for user in users}
        members = {
            group.document["displayName"]: sorted(names[m.id] for m in member_rows.members(connection, group.key))
            for group in groups
        }
    return {
        user.document["userName"]: {
            **user.document,
            "id": user.id,
            "groups": sorted(group for group, of in members.items() if user.document["userName"] in of),
        }
        for user in users
    }, members


def _tolerances(store: Store) -> list[str]:
    """The names that the log has, sorted, which are those that were counted."""
    used: set[str] = set()
    with store.read() as connection:
        for number in range(1, exchanges.newest(connection) + 1):
            exchange = exchanges.opened(connection, number)
            headers = exchange.response_headers if exchange is not None else {}
            used.update(filter(None, headers.get("x-manciple-tolerances", "").split(", ")))
        counted = {use.name for use in tolerance_uses.listing(connection, PROVIDER)}
    assert used == counted
    return sorted(used)
