"""Listings of directory objects: of one kind, or of whatever a group holds, as their properties are asked for."""

from collections.abc import Iterable
from typing import Any

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.endpoint import GROUPS, MEMBERS, USERS
from core.sandbox.graph.errors import Refusal, no_segment, not_found
from core.sandbox.graph.objects import DirectoryObject, Group, OtherObject, ServicePrincipal, User
from core.sandbox.graph.options import check_options, chosen, filter_of, selection_of
from core.sandbox.graph.paging import Show, first_page, next_page
from core.sandbox.graph.properties import Document, Selection, default_properties, has_property

KINDS: dict[str, type[Any]] = {
    "microsoft.graph.user": User,
    "microsoft.graph.group": Group,
    "microsoft.graph.servicePrincipal": ServicePrincipal,
    "microsoft.graph.device": OtherObject,
}
"""What a path can be cast to."""
_READABLE_WITH: dict[type[Any], tuple[str, ...]] = {User: USERS, Group: (*MEMBERS, *GROUPS)}


def of_one_kind(
    call: Call, kind: type[Any], items: Iterable[Any], context: str, *, cast: bool = False, show: Show | None = None
) -> Reply:
    """A page of objects of one kind, filtered and in order."""
    if "$skiptoken" in call.query:
        check_options(call, filter_of(call, kind), cast=cast)
        return next_page(call)
    ids = [item.id for item in chosen(call, kind, items, cast=cast)]
    return first_page(call, ids, show or shows(call, selection_of(call, kind)), context)


def of_any_kind(call: Call, ids: Iterable[str]) -> Reply:
    """A page of what a group holds, or of what something is a member of, each with its type."""
    if "$skiptoken" in call.query:
        return next_page(call)
    tenant = call.state.tenant
    present = [each for each in ids if tenant.object(each) is not None]
    return first_page(call, present, _shows_any(call), "directoryObjects")


def cast_to(call: Call, ids: Iterable[str], *, plain: bool = False) -> Reply:
    """The objects of the kind that the path ends with; unless `plain`, that is an advanced query.

    :raises Refusal: 400 for a kind that there is not.
    """
    kind = KINDS.get(call.keys["cast"])
    if kind is None:
        raise no_segment(call.keys["cast"])
    found = (call.state.tenant.object(each) for each in ids)
    items = (item for item in found if isinstance(item, kind))
    return of_one_kind(call, kind, items, f"{call.keys['cast'].removeprefix('microsoft.graph.')}s", cast=not plain)


def counted(call: Call, items: Iterable[Any]) -> Reply:
    """The number of objects, as plain text.

    :raises Refusal: 400 without `ConsistencyLevel: eventual`.
    """
    if not call.eventual:
        raise Refusal(400, "Request_BadRequest", "$count is not currently supported.")
    return Reply(str(sum(1 for _ in items)))


def one(call: Call, item: DirectoryObject, selection: Selection, context: str) -> Document:
    """One object as its own answer.

    :raises Refusal: 404 when the replica has not heard of it.
    """
    if not call.state.tenant.replica.shows(item.id):
        raise not_found(item.id)
    return {"@odata.context": f"{call.base}/$metadata#{context}/$entity", **selection.show(item)}


def shows(call: Call, selection: Selection) -> Show:
    """Shows objects by their ids, except those that the replica has not heard of."""
    tenant = call.state.tenant

    def show(object_id: str) -> Document | None:
        item = tenant.object(object_id)
        return selection.show(item) if item is not None and tenant.replica.shows(object_id) else None

    return show


def _shows_any(call: Call) -> Show:
    tenant = call.state.tenant
    named = [name.strip() for name in call.query.get("$select", "").split(",") if name.strip()]
    selections: dict[type[Any], Selection] = {}

    def show(object_id: str) -> Document | None:
        item = tenant.object(object_id)
        if item is None or not tenant.replica.shows(object_id):
            return None
        kind = type(item)
        if kind not in selections:
            selections[kind] = Selection(kind, _names(kind, named))
        document = {"@odata.type": item.odata_type, **selections[kind].show(item)}
        readable = any(call.grant.includes(each) for each in _READABLE_WITH.get(kind, ())) or kind not in _READABLE_WITH
        # What the client may not read comes with type and id, and everything else null.
        return document if readable else {**dict.fromkeys(document), "@odata.type": item.odata_type, "id": item.id}

    return show


def _names(kind: type[Any], named: list[str]) -> Iterable[str]:
    return [name for name in named if has_property(kind, name)] if named else default_properties(kind)
