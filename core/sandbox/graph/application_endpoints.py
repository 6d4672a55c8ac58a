"""Enterprise applications and who is assigned to them, in both forms of their key.

Source: Microsoft Graph REST API v1.0 reference, servicePrincipal and appRoleAssignment.
"""

from collections.abc import Iterable, Sequence

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.endpoint import APPLICATIONS, GROUPS, USERS, Endpoint
from core.sandbox.graph.errors import not_found
from core.sandbox.graph.listing import of_one_kind, one
from core.sandbox.graph.objects import Assignment, ServicePrincipal
from core.sandbox.graph.options import selection_of
from core.sandbox.graph.properties import Document

_BY_ID = "servicePrincipals/{id}"
_BY_APP_ID = "servicePrincipals(appId)/{id}"


def endpoints() -> Iterable[Endpoint]:
    """The endpoints about enterprise applications."""
    return [
        Endpoint("GET", "servicePrincipals", _applications, APPLICATIONS),
        Endpoint("GET", _BY_ID, _application, APPLICATIONS),
        Endpoint("GET", _BY_APP_ID, _application, APPLICATIONS),
        Endpoint("GET", f"{_BY_ID}/appRoleAssignedTo", _assigned_to, APPLICATIONS, units=2),
        Endpoint("GET", f"{_BY_APP_ID}/appRoleAssignedTo", _assigned_to, APPLICATIONS, units=2),
        Endpoint("GET", f"{_BY_ID}/appRoleAssignments", _assignments, APPLICATIONS, units=2),
        Endpoint("GET", "users/{id}/appRoleAssignments", _assignments, (*APPLICATIONS, *USERS)),
        Endpoint("GET", "groups/{id}/appRoleAssignments", _assignments, (*APPLICATIONS, *GROUPS)),
    ]


def _applications(call: Call) -> Reply:
    items = call.state.tenant.applications.by_id.values()
    return of_one_kind(call, ServicePrincipal, items, "servicePrincipals")


def _application_of(call: Call) -> ServicePrincipal:
    applications, key = call.state.tenant.applications, call.keys["id"]
    found = applications.by_id.get(key) if "(" not in call.path else applications.with_app_id(key)
    if found is None:
        raise not_found(key)
    return found


def _application(call: Call) -> Reply:
    selection = selection_of(call, ServicePrincipal, collection=False)
    return Reply(one(call, _application_of(call), selection, "servicePrincipals"))


def _assigned_to(call: Call) -> Reply:
    return _listed(call, call.state.tenant.applications.assigned_to(_application_of(call).id))


def _assignments(call: Call) -> Reply:
    """What a user, a group or an application is assigned to."""
    tenant, key = call.state.tenant, call.keys["id"]
    principal = tenant.object(key) or tenant.user_named(key)
    if principal is None:
        raise not_found(key)
    return _listed(call, tenant.applications.assignments_of(principal.id))


def _listed(call: Call, assignments: Sequence[Assignment]) -> Reply:
    selection, replica = selection_of(call, Assignment), call.state.tenant.replica
    by_id = {each.id: each for each in assignments}

    def show(key: str) -> Document | None:
        return selection.show(by_id[key]) if replica.shows(key) else None

    return of_one_kind(call, Assignment, assignments, "appRoleAssignments", show=show)
