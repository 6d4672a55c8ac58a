"""Components: who leads them, who gets their issues, and giving them another lead.

Source: Jira Data Center REST API reference, section Component.
"""

from dataclasses import replace
from typing import cast, get_args

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.jira.answers import Refusal, refuse_if
from core.sandbox.jira.editing import possible_lead
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.paging import paged
from core.sandbox.jira.projects import Component, ComponentAssigneeType
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import lead
from core.sandbox.version import Version

_COMPONENT = "/rest/api/2/component/{id}"
_PAGE = "/rest/api/2/component/page"
_LARGEST_PAGE = 100


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about components."""
    known = Access.KNOWN
    return [
        Endpoint("GET", _PAGE, _page, known, Version.parse(quirks.component_page_since)),
        Endpoint("GET", _COMPONENT, _one, known),
        Endpoint("PUT", _COMPONENT, _update, known, takes_json=True),
    ]


def component_document(call: Call, component: Component) -> dict[str, object]:
    """A component as Jira writes it."""
    state, project = call.state, call.state.projects.by_key[component.project]
    account = state.account_with_key(component.lead)
    real = (
        "PROJECT_DEFAULT"
        if component.assignee_type == "COMPONENT_LEAD" and account is None
        else (component.assignee_type)
    )
    document: dict[str, object] = {
        "self": f"{call.base}/rest/api/2/component/{component.id}",
        "id": str(component.id),
        "name": component.name,
        "assigneeType": component.assignee_type,
        "realAssigneeType": real,
        "isAssigneeTypeValid": real == component.assignee_type,
        "project": component.project,
        "projectId": project.id,
        "archived": False,
        "deleted": False,
    }
    return document | ({"lead": lead(call, account), "leadUserName": account.username} if account else {})


def _page(call: Call) -> Response:
    state, wanted = call.state, set(filter(None, call.query.get("projectIds", "").split(",")))
    projects = [
        each for each in state.projects.by_key.values() if not each.hidden and (not wanted or str(each.id) in wanted)
    ]
    found = [component for each in projects for component in state.projects.components_of(each.key)]
    found.sort(key=lambda component: (component.name, component.id))
    return paged(call, f"{call.base}{_PAGE}?", found, component_document, largest=_LARGEST_PAGE)


def _one(call: Call) -> Response:
    return Json(component_document(call, _visible(call)))


def _update(call: Call) -> Response:
    state, component = call.state, _visible(call)
    if call.access < Access.ADMINISTRATOR:
        raise Refusal(403, "You cannot edit the configuration of this project.")
    project = state.projects.by_key[component.project]
    if project.archived and not state.quirks.archived_project_editable:
        raise Refusal(403, f"The project '{project.key}' is archived and cannot be edited.")
    changed = component
    if "leadUserName" in call.body:
        changed = replace(changed, lead=_lead(call))
    if "assigneeType" in call.body:
        changed = replace(changed, assignee_type=_assignee_type(call))
    elif state.quirks.update_resets_assignee_type:
        changed = replace(changed, assignee_type="PROJECT_DEFAULT")
    if changed != component:
        state.projects.put_component(changed)
        account = state.account_with_key(changed.lead)
        detail = f"{account.username if account else ''} {changed.assignee_type}"
        state.record("change-component", str(changed.id), detail)
    return Json(component_document(call, changed))


def _lead(call: Call) -> str | None:
    name = call.text("leadUserName")
    if not name:
        return None
    return possible_lead(call.state, name, "leadUserName").user_key


def _assignee_type(call: Call) -> ComponentAssigneeType:
    kind = call.text("assigneeType")
    refuse_if({} if kind in get_args(ComponentAssigneeType) else {"assigneeType": "Invalid default assignee type."})
    return cast(ComponentAssigneeType, kind)


def _visible(call: Call) -> Component:
    ident = call.path["id"]
    component = call.state.projects.components.get(int(ident)) if ident.isascii() and ident.isdigit() else None
    if component is None or call.state.projects.by_key[component.project].hidden:
        raise Refusal(404, f"The component with id {ident} does not exist.")
    return component
