"""Groups: listed, counted, followed, and one by one with their members, direct and through nesting.

Source: Microsoft Graph REST API v1.0 reference, group.
"""

from collections.abc import Iterable, Sequence

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.delta import delta
from core.sandbox.graph.endpoint import MEMBERS, Endpoint
from core.sandbox.graph.errors import not_found
from core.sandbox.graph.listing import cast_to, counted, of_any_kind, of_one_kind, one, shows
from core.sandbox.graph.objects import Group
from core.sandbox.graph.options import chosen, expansion_of, selection_of
from core.sandbox.graph.paging import Show
from core.sandbox.graph.properties import Document

_GROUP = "groups/{id}"


def endpoints() -> Iterable[Endpoint]:
    """The endpoints about groups."""
    return [
        Endpoint("GET", "groups", _groups, MEMBERS),
        Endpoint("GET", "groups/$count", _count, MEMBERS),
        Endpoint("GET", "groups/delta", lambda call: delta(call, Group), MEMBERS),
        Endpoint("GET", _GROUP, _group, MEMBERS),
        Endpoint("GET", f"{_GROUP}/members", _members, MEMBERS, units=3),
        Endpoint("GET", f"{_GROUP}/members/$count", _count_members, MEMBERS, units=3),
        Endpoint("GET", f"{_GROUP}/members/{{cast}}", _cast_members, MEMBERS, units=3),
        Endpoint("GET", f"{_GROUP}/transitiveMembers", _all_members, MEMBERS, units=5),
        Endpoint("GET", f"{_GROUP}/transitiveMembers/$count", _count_all_members, MEMBERS, units=5),
        Endpoint("GET", f"{_GROUP}/transitiveMembers/{{cast}}", _cast_all_members, MEMBERS, units=5),
        Endpoint("GET", f"{_GROUP}/memberOf", _outer, MEMBERS, units=2),
        Endpoint("GET", f"{_GROUP}/transitiveMemberOf", _all_outer, MEMBERS, units=2),
    ]


def _group_of(call: Call) -> Group:
    found = call.state.tenant.object(call.keys["id"])
    if not isinstance(found, Group):
        raise not_found(call.keys["id"])
    return found


def _groups(call: Call) -> Reply:
    return of_one_kind(call, Group, call.state.tenant.live_groups(), "groups", show=_with_members(call))


def _count(call: Call) -> Reply:
    return counted(call, chosen(call, Group, call.state.tenant.live_groups()))


def _group(call: Call) -> Reply:
    group, expand = _group_of(call), _with_members(call)
    document = one(call, group, selection_of(call, Group, collection=False), "groups")
    return Reply({**document, **((expand(group.id) or {}) if expand else {})})


def _with_members(call: Call) -> Show | None:
    """Shows groups with a few of the members that `$expand` asks for, and no word about the others."""
    if expansion_of(call, frozenset({"members"})) is None:
        return None
    tenant, limit = call.state.tenant, call.state.quirks.expand_limit
    show_group = shows(call, selection_of(call, Group))

    def show(group_id: str) -> Document | None:
        document = show_group(group_id)
        if document is None:
            return None
        members = (tenant.object(each) for each in tenant.memberships.members(group_id))
        present = [member for member in members if member is not None][:limit]
        expanded = [{"@odata.type": each.odata_type, "id": each.id} for each in present]
        return {**document, "members": expanded}

    return show


def _members_of(call: Call) -> Sequence[str]:
    group = _group_of(call)
    return tuple(call.state.tenant.memberships.members(group.id)) if _may_see(call, group) else ()


def _all_members_of(call: Call) -> Sequence[str]:
    group = _group_of(call)
    return call.state.tenant.members_through_nesting(group.id) if _may_see(call, group) else ()


def _may_see(call: Call, group: Group) -> bool:
    return group.visibility != "HiddenMembership" or call.grant.includes("Member.Read.Hidden")


def _present(call: Call, ids: Iterable[str]) -> Iterable[str]:
    return (each for each in ids if call.state.tenant.object(each) is not None)


def _members(call: Call) -> Reply:
    return of_any_kind(call, _members_of(call))


def _count_members(call: Call) -> Reply:
    return counted(call, _present(call, _members_of(call)))


def _cast_members(call: Call) -> Reply:
    return cast_to(call, _members_of(call))


def _all_members(call: Call) -> Reply:
    return of_any_kind(call, _all_members_of(call))


def _count_all_members(call: Call) -> Reply:
    return counted(call, _present(call, _all_members_of(call)))


def _cast_all_members(call: Call) -> Reply:
    return cast_to(call, _all_members_of(call))


def _outer(call: Call) -> Reply:
    return of_any_kind(call, tuple(call.state.tenant.memberships.groups_of(_group_of(call).id)))


def _all_outer(call: Call) -> Reply:
    return of_any_kind(call, call.state.tenant.groups_through_nesting(_group_of(call).id))
