"""What an endpoint of a simulated product is, and what a call to it carries; each product adds what only it has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response

from core.sandbox.embedded_crowd import Account
from core.sandbox.version import ALWAYS, Version

StateT = TypeVar("StateT")
CallT = TypeVar("CallT")
AccessT = TypeVar("AccessT")


@dataclass(frozen=True, slots=True)
class ProductCall(Generic[StateT]):
    """One request, authenticated, with its path and query decoded."""

    state: StateT
    caller: Account | None
    """None is anonymous."""
    base: str
    """The configured base URL with the context path, without a slash at the end."""
    path: Mapping[str, str]
    query: Mapping[str, str]
    accept: str

    def expands(self, field: str) -> bool:
        """Whether `expand` asks for this field."""
        return field in self.query.get("expand", "").split(",")


@dataclass(frozen=True, slots=True)
class ProductEndpoint(Generic[CallT, AccessT]):
    """One endpoint. `path` is below the context path; `{name}` stands for one segment."""

    method: str
    path: str
    handler: Callable[[CallT], Response]
    access: AccessT
    """Who may call it."""
    since: Version = ALWAYS
    takes_json: bool = False
