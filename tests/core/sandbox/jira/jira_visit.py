"""What the tests of the simulated Jira share: the type of `visit`, people, and where things are."""

from typing import Protocol

import httpx

from core.sandbox.jira import ADMIN, Jira, LocalAccount

API = "/rest/api/2"
JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("jira-software-users", "Staff"))
JOHN = LocalAccount("john", "John Roe", "john@example.com")
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
NEW = {"name": "new", "displayName": "New One", "emailAddress": "new@example.com"}


class JiraVisit(Protocol):
    """Serves an instance and gives a client at its base URL: as `user`, with `token`, or with nothing."""

    async def __call__(
        self, jira: Jira, *, user: str | None = ADMIN, token: str | None = None
    ) -> httpx.AsyncClient: ...


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n:04}@example.com", groups=()) for n in range(count)]
