"""The recycle bin, and objects of any kind by their ids.

Source: Microsoft Graph REST API v1.0 reference, directory deletedItems and directoryObject.
"""

from collections.abc import Iterable, Mapping

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.endpoint import DIRECTORY, GROUPS, USERS, Endpoint
from core.sandbox.graph.errors import bad_request, denied, no_segment, not_found
from core.sandbox.graph.listing import KINDS, of_one_kind, one
from core.sandbox.graph.objects import Group, User
from core.sandbox.graph.options import selection_of
from core.sandbox.graph.properties import Document, Selection, default_properties

_MOST_IDS = 1000
_READABLE_WITH = {User: USERS, Group: GROUPS}


def endpoints() -> Iterable[Endpoint]:
    """The endpoints about deleted and about any objects."""
    return [
        Endpoint("GET", "directory/deletedItems/{key}", _deleted),
        Endpoint("GET", "directoryObjects/{id}", _object, DIRECTORY),
        Endpoint("POST", "directoryObjects/getByIds", _by_ids, DIRECTORY, units=3),
    ]


def _deleted(call: Call) -> Reply:
    """The deleted objects of the kind that the path ends with, or the one of that id."""
    kind = KINDS.get(call.keys["key"])
    if kind is None:
        return _one_deleted(call)
    if kind not in _READABLE_WITH:
        raise no_segment(call.keys["key"])
    _check_permission(call, kind)
    tenant = call.state.tenant
    objects: Mapping[str, User | Group] = tenant.users if kind is User else tenant.groups
    items = [objects[key] for key in tenant.deleted if key in objects]
    selection = selection_of(call, kind)

    def show(key: str) -> Document | None:
        item = objects.get(key)
        return selection.show(item) if item and key in tenant.deleted and tenant.replica.shows(key) else None

    return of_one_kind(call, kind, items, "directoryObjects", show=show)


def _one_deleted(call: Call) -> Reply:
    tenant, key = call.state.tenant, call.keys["key"]
    item = tenant.users.get(key) or tenant.groups.get(key)
    if item is None or key not in tenant.deleted:
        raise not_found(key)
    _check_permission(call, type(item))
    document = one(call, item, selection_of(call, type(item), collection=False), "directoryObjects")
    return Reply({"@odata.type": item.odata_type, **document})


def _check_permission(call: Call, kind: type[User | Group]) -> None:
    if not any(call.grant.includes(each) for each in _READABLE_WITH[kind]):
        raise denied()


def _object(call: Call) -> Reply:
    item = call.state.tenant.object(call.keys["id"])
    if item is None:
        raise not_found(call.keys["id"])
    document = one(call, item, selection_of(call, type(item), collection=False), "directoryObjects")
    return Reply({"@odata.type": item.odata_type, **document})


def _by_ids(call: Call) -> Reply:
    """Those of up to 1000 objects that exist, whatever they are."""
    body = call.body if isinstance(call.body, dict) else {}
    ids = body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or len(ids) > _MOST_IDS:
        raise bad_request("The parameter 'ids' must be a collection of at most 1000 strings.")
    types = {str(each).lower() for each in body.get("types") or ()}
    tenant = call.state.tenant
    found = [item for each in ids if (item := tenant.object(each)) is not None and tenant.replica.shows(each)]
    shown = [
        {"@odata.type": item.odata_type, **Selection(type(item), default_properties(type(item))).show(item)}
        for item in found
        if not types or item.odata_type.removeprefix("#microsoft.graph.").lower() in types
    ]
    return Reply({"@odata.context": f"{call.base}/$metadata#directoryObjects", "value": shown})
