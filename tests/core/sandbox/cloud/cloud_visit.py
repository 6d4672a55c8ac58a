"""What the tests of the simulated directory share: the type of `visit`, people, and documents."""

from typing import Any, Protocol

import httpx

from core.sandbox.cloud import Cloud, LocalAccount

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EXTERNAL = "urn:scim:schemas:extension:atlassian-external:1.0"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
JANE = LocalAccount("jane@example.com", "Jane Doe", "jane@example.com", groups=("Staff",))
JOHN = LocalAccount("john@example.com", "John Roe", "john@example.com")


def new_user(name: str = "new@example.com", **more: Any) -> dict[str, Any]:
    email = {"value": name, "type": "work", "primary": True}
    return {"schemas": [USER], "userName": name, "displayName": "New One", "emails": [email], "active": True} | more


def new_group(name: str, *members: str) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": name, "members": [{"value": member} for member in members]}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def replace(path: str, value: Any) -> dict[str, Any]:
    return patch({"op": "replace", "path": path, "value": value})


def add_members(*ids: str) -> dict[str, Any]:
    return patch({"op": "add", "path": "members", "value": [{"value": ident} for ident in ids]})


class CloudVisit(Protocol):
    """Serves a directory and gives a client at its base URL: with a new API key, with `key`, or with none ("")."""

    async def __call__(self, cloud: Cloud, *, key: str | None = None, path: str | None = None) -> httpx.AsyncClient: ...


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}@example.com", f"User {n}", f"u{n:04}@example.com") for n in range(count)]
