"""What the tests of the simulated Bitbucket share: the type of `visit`, people, and where things are."""

from typing import Protocol

import httpx

from core.sandbox.bitbucket import ADMIN, Bitbucket, LocalAccount

API = "/rest/api/latest"
USERS, GROUPS = f"{API}/admin/users", f"{API}/admin/groups"
USER_GRANTS, GROUP_GRANTS = f"{API}/admin/permissions/users", f"{API}/admin/permissions/groups"
JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("stash-users", "Staff"))
JOHN = LocalAccount("john", "John Roe", "john@example.com")
NEW = {"name": "new", "displayName": "New One", "emailAddress": "new@example.com", "password": "s3cret"}


class BitbucketVisit(Protocol):
    """Serves an instance and gives a client at its base URL: with name and password, with `token`, or with nothing."""

    async def __call__(
        self, bitbucket: Bitbucket, *, user: str | None = ADMIN, password: str = "admin", token: str | None = None
    ) -> httpx.AsyncClient: ...


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n:04}@example.com") for n in range(count)]


def exception(response: httpx.Response) -> str:
    """The Java exception behind an error, without its package."""
    error = response.json()["errors"][0]
    assert isinstance(error["message"], str)
    return str(error["exceptionName"]).rpartition(".")[2]
