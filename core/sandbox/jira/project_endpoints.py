"""Projects: who leads them, who is in their roles, and giving them another lead.

Source: Jira Data Center REST API reference, sections Project and Project Role. There is no search by lead.
"""

from dataclasses import replace
from typing import cast, get_args

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.component_endpoints import component_document
from core.sandbox.jira.editing import possible_lead
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.projects import Actor, AssigneeType, Project
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import lead

_PROJECT = "/rest/api/2/project/{project}"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about projects."""
    known = Access.KNOWN
    return [
        Endpoint("GET", "/rest/api/2/project", _list, Access.PUBLIC),
        Endpoint("GET", _PROJECT, _one, Access.PUBLIC),
        Endpoint("PUT", _PROJECT, _update, known, takes_json=True),
        Endpoint("GET", f"{_PROJECT}/components", _components, known),
        Endpoint("GET", f"{_PROJECT}/role", _roles, known),
        Endpoint("GET", f"{_PROJECT}/role/{{role}}", _role, known),
    ]


def visible_project(call: Call, id_or_key: str) -> Project:
    """The project of that id or key.

    :raises Refusal: 404 when there is none that the caller may browse.
    """
    project = call.state.projects.project(id_or_key)
    if project is None or not _is_visible(call, project):
        raise Refusal(404, f"No project could be found with key '{id_or_key}'.")
    return project


def _list(call: Call) -> Response:
    archived = call.flag("includeArchived", default=False)
    shown = [
        project
        for project in sorted(call.state.projects.by_key.values(), key=lambda project: project.name)
        if _is_visible(call, project) and (archived or not project.archived)
    ]
    return Json([_document(call, project, with_lead=call.expands("lead")) for project in shown])


def _one(call: Call) -> Response:
    project = visible_project(call, call.path["project"])
    components = [component_document(call, each) for each in call.state.projects.components_of(project.key)]
    return Json(_document(call, project, with_lead=True) | {"components": components})


def _update(call: Call) -> Response:
    state, project = call.state, visible_project(call, call.path["project"])
    if call.access < Access.ADMINISTRATOR:
        raise Refusal(403, "You cannot edit the configuration of this project.")
    if project.archived and not state.quirks.archived_project_editable:
        raise Refusal(403, f"The project '{project.key}' is archived and cannot be edited.")
    changed = project
    if "lead" in call.body:
        changed = replace(changed, lead=possible_lead(state, call.text("lead"), "projectLead").user_key)
    if "assigneeType" in call.body:
        changed = replace(changed, assignee_type=_assignee_type(call))
    if changed != project:
        state.projects.put_project(changed)
        account = state.account_with_key(changed.lead)
        state.record("change-project", changed.key, f"{account.username if account else ''} {changed.assignee_type}")
    return Json(_document(call, changed, with_lead=True))


def _assignee_type(call: Call) -> AssigneeType:
    kind = call.text("assigneeType")
    if kind not in get_args(AssigneeType):
        raise Refusal(400, errors={"assigneeType": "Invalid default assignee."})
    if kind == "UNASSIGNED" and not call.state.settings.unassigned_issues:
        raise Refusal(400, errors={"assigneeType": "Unassigned issues are not allowed."})
    return cast(AssigneeType, kind)


def _components(call: Call) -> Response:
    project = visible_project(call, call.path["project"])
    return Json([component_document(call, each) for each in call.state.projects.components_of(project.key)])


def _roles(call: Call) -> Response:
    project = visible_project(call, call.path["project"])
    at = f"{call.base}/rest/api/2/project/{project.key}/role"
    return Json({name: f"{at}/{id}" for id, name in call.state.projects.roles.items()})


def _role(call: Call) -> Response:
    project, state = visible_project(call, call.path["project"]), call.state
    ids = {str(id): name for id, name in state.projects.roles.items()}
    name = ids.get(call.path["role"])
    if name is None:
        raise Refusal(404, f"Can not retrieve a role actor for a null project role {call.path['role']}.")
    actors = (_actor(call, actor) for actor in project.roles.get(name, ()))
    return Json(
        {
            "self": f"{call.base}/rest/api/2/project/{project.key}/role/{call.path['role']}",
            "name": name,
            "id": int(call.path["role"]),
            "actors": [actor for actor in actors if actor],
        }
    )


def _actor(call: Call, actor: Actor) -> dict[str, object] | None:
    if actor.kind == "group":
        return {"displayName": actor.name, "type": "atlassian-group-role-actor", "name": actor.name}
    account = call.state.account_with_key(actor.name)
    if account is None:
        return None
    return {"displayName": account.full_name, "type": "atlassian-user-role-actor", "name": account.username}


def _document(call: Call, project: Project, *, with_lead: bool) -> dict[str, object]:
    document: dict[str, object] = {
        "expand": "description,lead,url,projectKeys",
        "self": f"{call.base}/rest/api/2/project/{project.id}",
        "id": str(project.id),
        "key": project.key,
        "name": project.name,
        "archived": project.archived,
        "projectTypeKey": "software",
    }
    account = call.state.account_with_key(project.lead)
    if with_lead:
        document |= {"assigneeType": project.assignee_type} | ({"lead": lead(call, account)} if account else {})
    return document


def _is_visible(call: Call, project: Project) -> bool:
    return not project.hidden and call.caller is not None
