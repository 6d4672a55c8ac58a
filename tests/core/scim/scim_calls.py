"""Calls of an IdP that many tests make, and what they left pending for the target `wiki`."""

from typing import Any

import httpx

from core.store import Store, pending

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def new_user(entra: httpx.AsyncClient, name: str = "ada@example.com", **more: Any) -> dict[str, Any]:
    answer = await entra.post("/Users", json={"schemas": [USER], "userName": name, "active": True, **more})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def new_group(entra: httpx.AsyncClient, *members: dict[str, Any], name: str = "G") -> dict[str, Any]:
    values = [{"value": member["id"]} for member in members]
    answer = await entra.post("/Groups", json={"schemas": [GROUP], "displayName": name, "members": values})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def change(entra: httpx.AsyncClient, place: str, *operations: dict[str, Any], query: str = "") -> httpx.Response:
    return await entra.patch(f"{place}{query}", json={"schemas": [PATCH], "Operations": operations})


def claimed(store: Store) -> set[tuple[str, str]]:
    with store.read() as connection:
        return {(key.kind, key.id) for key in pending.claim(connection, "wiki", 1 << 60, 100)}


def forget(store: Store) -> None:
    with store.read() as connection:
        keys = pending.claim(connection, "wiki", 1 << 60, 100)
    store.writer.write_now(lambda tx: pending.clear(tx, keys))


def assert_readable(answer: httpx.Response) -> None:
    """One line for the IdP's admin, without the inside of the validator."""
    detail = answer.json()["detail"]
    assert detail
    assert "\n" not in detail
    assert "pydantic" not in detail
