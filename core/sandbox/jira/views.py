"""What tests and demos put into the simulated Jira, and what they look at afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.sandbox.jira.projects import AssigneeType, ComponentAssigneeType


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """A user that is there before anybody provisions; the groups are made where they are missing."""

    username: str
    full_name: str
    email: str
    active: bool = True
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
class AccountView:
    """A user as far as both sides can be compared."""

    username: str
    full_name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that counts at one moment, sorted by name. Memberships are pairs of group and username."""

    accounts: tuple[AccountView, ...]
    groups: tuple[str, ...]
    memberships: frozenset[tuple[str, str]]
    leads: tuple[tuple[str, str], ...]
    """Project key, or `KEY/component` → username of the lead; nothing for a component without one."""
