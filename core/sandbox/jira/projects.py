"""Projects, their components and roles, and who leads them. It only keeps books.

Leads are remembered by user key, so that a rename takes nothing away from anybody.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Literal

AssigneeType = Literal["PROJECT_LEAD", "UNASSIGNED"]
"""Who gets a project's new issues."""
ComponentAssigneeType = Literal["PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED"]
ROLES = {10002: "Administrators", 10100: "Developers", 10101: "Users"}
"""Project roles of every project, by id."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A user or a group in a project role."""

    kind: Literal["user", "group"]
    name: str
    """User key, or group name."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project."""

    id: int
    key: str
    name: str
    lead: str | None
    """User key; None only where the lead was deleted behind Jira's back."""
    assignee_type: AssigneeType = "PROJECT_LEAD"
    archived: bool = False
    hidden: bool = False
    """Nobody with REST access may browse it; Jira itself still knows who leads it."""
    roles: MappingProxyType[str, tuple[Actor, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a project."""

    id: int
    project: str
    """Key of the project."""
    name: str
    lead: str | None = None
    assignee_type: ComponentAssigneeType = "PROJECT_DEFAULT"


class Projects:
    """All projects and components; every access by key or id is constant time."""

    def __init__(self) -> None:
        self.by_key: dict[str, Project] = {}
        self.components: dict[int, Component] = {}
        self.roles = dict(ROLES)
        self._components_of: defaultdict[str, list[int]] = defaultdict(list)
        self._project_ids = count(10000)
        self._component_ids = count(10000)

    def new_project_id(self) -> int:
        """An id that no project has."""
        return next(self._project_ids)

    def new_component_id(self) -> int:
        """An id that no component has."""
        return next(self._component_ids)

    def project(self, id_or_key: str) -> Project | None:
        """The project of that key or id."""
        found = self.by_key.get(id_or_key.upper())
        return found or next((each for each in self.by_key.values() if str(each.id) == id_or_key), None)

    def put_project(self, project: Project) -> None:
        """Add or replace a project."""
        self.by_key[project.key] = project

    def put_component(self, component: Component) -> None:
        """Add or replace a component."""
        if component.id not in self.components:
            self._components_of[component.project].append(component.id)
        self.components[component.id] = component

    def components_of(self, project: str) -> list[Component]:
        """The components of a project, by its key, in the order of their names."""
        found = [self.components[each] for each in self._components_of[project]]
        return sorted(found, key=lambda component: component.name)

    def led_by(self, user_key: str) -> tuple[list[Project], list[Component]]:
        """What a user leads, by user key."""
        projects = [project for project in self.by_key.values() if project.lead == user_key]
        return projects, [component for component in self.components.values() if component.lead == user_key]
