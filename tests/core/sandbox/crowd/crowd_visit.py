"""What the tests of the simulated Crowd share: the type of `visit`, people, and what an error looks like."""

from typing import Any, Protocol

import httpx

from core.sandbox.crowd import APPLICATION, Application, Crowd, LocalAccount

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("Staff",))
JOHN = LocalAccount("john", "John Roe", "john@example.com")
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
NEW: dict[str, Any] = {
    "name": "new",
    "first-name": "New",
    "last-name": "One",
    "display-name": "New One",
    "email": "new@example.com",
    "active": True,
    "password": {"value": "Secret-1"},
}


class CrowdVisit(Protocol):
    """Serves an instance and gives a client of its usermanagement API with an application's credentials."""

    async def __call__(self, crowd: Crowd, application: Application = APPLICATION) -> httpx.AsyncClient: ...


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n:04}@example.com") for n in range(count)]


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and reason of an error."""
    return answer.status_code, answer.json()["reason"]


def names(answer: httpx.Response, kind: str = "users") -> list[str]:
    """The names in a listing."""
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()[kind]]
