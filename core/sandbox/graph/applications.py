"""Enterprise applications of the simulated tenant, and who is assigned to them."""

import base64
import hashlib
from collections.abc import Sequence

from core.sandbox.graph.objects import (
    DEFAULT_ACCESS,
    Assignment,
    DirectoryObject,
    Group,
    PrincipalType,
    ServicePrincipal,
    User,
)


class Applications:
    """Service principals and the assignments to them, found from either side in constant time."""

    def __init__(self) -> None:
        self.by_id: dict[str, ServicePrincipal] = {}
        self._by_app_id: dict[str, str] = {}
        self._assigned: dict[str, dict[str, Assignment]] = {}
        self._of_principal: dict[str, dict[str, Assignment]] = {}

    def add(self, application: ServicePrincipal) -> None:
        """Add an enterprise application."""
        self.by_id[application.id] = application
        self._by_app_id[application.app_id.lower()] = application.id
        self._assigned[application.id] = {}

    def with_app_id(self, app_id: str) -> ServicePrincipal | None:
        """The enterprise application of that app id (client id)."""
        found = self._by_app_id.get(app_id.lower())
        return self.by_id[found] if found else None

    def assigned_to(self, application_id: str) -> Sequence[Assignment]:
        """The assignments to an application, oldest first.

        :raises KeyError: when there is no such application.
        """
        return tuple(self._assigned[application_id].values())

    def assignments_of(self, principal_id: str) -> Sequence[Assignment]:
        """The assignments of a user, group or application."""
        return tuple(self._of_principal.get(principal_id, {}).values())

    def assign(self, application_id: str, principal: DirectoryObject, role: str, now: str) -> Assignment:
        """Assign a user, group or application to a role of an application; one that is there already stays.

        :raises KeyError: when there is no such application.
        :raises ValueError: when the application has no such role, or the principal cannot be assigned.
        """
        application = self.by_id[application_id]
        if role not in {DEFAULT_ACCESS, *(each.id for each in application.roles)}:
            raise ValueError(f"{application.display_name} has no role {role}")
        assignment = Assignment(
            _assignment_id(application_id, principal.id, role),
            principal.id,
            _principal_type(principal),
            principal.display_name,
            application_id,
            application.display_name,
            role,
            now,
        )
        assigned = self._assigned[application_id].setdefault(assignment.id, assignment)
        self._of_principal.setdefault(principal.id, {})[assigned.id] = assigned
        return assigned

    def unassign(self, application_id: str, assignment_id: str) -> None:
        """End an assignment.

        :raises KeyError: when there is none.
        """
        gone = self._assigned[application_id].pop(assignment_id)
        del self._of_principal[gone.principal_id][assignment_id]

    def drop_principal(self, principal_id: str) -> None:
        """End all assignments of what is deleted for good."""
        for assignment in self._of_principal.pop(principal_id, {}).values():
            del self._assigned[assignment.resource_id][assignment.id]


def _principal_type(principal: DirectoryObject) -> PrincipalType:
    if isinstance(principal, User):
        return "User"
    if isinstance(principal, Group):
        return "Group"
    if isinstance(principal, ServicePrincipal):
        return "ServicePrincipal"
    raise ValueError(f"{principal.display_name} cannot be assigned to an application")


def _assignment_id(*parts: str) -> str:
    """An id as Graph makes them: no GUID, but 43 characters of base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256("/".join(parts).encode()).digest()).decode().rstrip("=")
