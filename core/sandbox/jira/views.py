"""What only the simulated Jira is given by demo, sandbox and tests, and shows them afterwards: projects and leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.sandbox import views
from core.sandbox.jira.projects import AssigneeType, ComponentAssigneeType


@dataclass(frozen=True, slots=True)
class LocalAccount(views.LocalAccount):
    """A user that is there before anybody provisions."""

    groups: tuple[str, ...] = ("jira-software-users",)


@dataclass(frozen=True, slots=True)
class LocalProject:
    """A project that is there before anybody provisions. `roles` has usernames, and groups as `group:NAME`."""

    key: str
    name: str
    lead: str
    """Username."""
    assignee_type: AssigneeType = "PROJECT_LEAD"
    archived: bool = False
    hidden: bool = False
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class LocalComponent:
    """A component that is there before anybody provisions."""

    project: str
    """Key of the project."""
    name: str
    lead: str | None = None
    """Username."""
    assignee_type: ComponentAssigneeType = "PROJECT_DEFAULT"


@dataclass(frozen=True, slots=True)
class Snapshot(views.Snapshot):
    """All that counts at one moment, sorted by name, with who leads what."""

    leads: tuple[tuple[str, str], ...]
    """Project key, or `KEY/component` → username of the lead; nothing for a component without one."""
