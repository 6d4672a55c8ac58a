"""What accounts lead: projects and components, which go to somebody else before a leaver goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

_NO_ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lead:
    """A project or component at the target and who leads it."""

    kind: Literal["project", "component"]
    id: str
    """The product's own: project key, component id."""
    project: str
    """Key of the project."""
    name: str
    account_key: str
    """Of the account that leads it."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_ROLES, hash=False)
    """Role of the project → keys of its active members' names, in the order of names; only roles that rules name."""
    project_lead: str | None = None
    """Of a component: key of the account that leads its project."""

    @property
    def key(self) -> str:
        """What identifies it in changes: `project:ABC`, `component:10012`."""
        return f"{self.kind}:{self.id}"
