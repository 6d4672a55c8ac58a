"""One call of the simulated Graph, by HTTP or inside a batch, and what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from core.sandbox.graph.tokens import Grant

if TYPE_CHECKING:
    from core.sandbox.graph.state import State


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `document` becomes JSON, text stays text, and None is an empty body."""

    document: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with path and query decoded."""

    state: "State"
    grant: Grant
    method: str
    base: str
    """What links begin with, the version included and without a slash at the end."""
    path: str = ""
    """The path below the version, as it was sent."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Names in small letters."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in small letters."""
    body: object = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """What the path holds in place of `{name}`."""

    @property
    def eventual(self) -> bool:
        """Whether the client takes answers from the index that lags."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def prefers(self, preference: str) -> str | None:
        """The value of a preference in the `Prefer` header; empty where it stands without one, None where not."""
        for each in self.headers.get("prefer", "").split(","):
            name, _, value = each.strip().partition("=")
            if name.lower() == preference:
                return value
        return None


def split_query(text: str) -> dict[str, str]:
    """The query of a URL, the names in small letters."""
    return {name.lower(): value for name, value in parse_qsl(text, keep_blank_values=True)}


def split_path(path: str) -> tuple[str, ...]:
    """The segments of an encoded path: `users('id')` as two, `delta()` as `delta`, `graph.user` as Graph's own name.

    A key that names its property stays with its segment: `servicePrincipals(appId='…')`.
    """
    return tuple(part for segment in path.strip("/").split("/") for part in _parts(unquote(segment)))


def _parts(segment: str) -> tuple[str, ...]:
    name, bracket, rest = segment.partition("(")
    name = name if not name.startswith("graph.") else f"microsoft.{name}"
    argument = rest.rstrip(")")
    if name == "microsoft.graph.delta":
        name = "delta"
    if not bracket or not argument:
        return (name,)
    if "=" in argument:
        return (f"{name}({argument.split('=')[0]})", argument.partition("=")[2].strip("'"))
    return (name, argument.strip("'"))
