"""Users: listed, counted, followed, and one by one with manager, reports, groups and licences.

Source: Microsoft Graph REST API v1.0 reference, user.
"""

from collections.abc import Iterable

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.delta import delta
from core.sandbox.graph.endpoint import LICENCES, MEMBERS, USERS, Endpoint
from core.sandbox.graph.errors import not_found
from core.sandbox.graph.listing import cast_to, counted, of_any_kind, of_one_kind, one, shows
from core.sandbox.graph.objects import User
from core.sandbox.graph.options import chosen, expansion_of, selection_of
from core.sandbox.graph.paging import Show
from core.sandbox.graph.properties import Document, Selection, default_properties

_USER = "users/{id}"


def endpoints() -> Iterable[Endpoint]:
    """The endpoints about users."""
    return [
        Endpoint("GET", "users", _users, USERS, units=2),
        Endpoint("GET", "users/$count", _count, USERS, units=2),
        Endpoint("GET", "users/delta", lambda call: delta(call, User), USERS, units=2),
        Endpoint("GET", _USER, _user, USERS),
        Endpoint("GET", f"{_USER}/manager", _manager, USERS),
        Endpoint("GET", f"{_USER}/directReports", _reports, USERS),
        Endpoint("GET", f"{_USER}/licenseDetails", _licences, (*LICENCES, *USERS)),
        Endpoint("GET", f"{_USER}/memberOf", _groups, (*MEMBERS, *USERS), units=2),
        Endpoint("GET", f"{_USER}/transitiveMemberOf", _all_groups, (*MEMBERS, *USERS), units=2),
        Endpoint("GET", f"{_USER}/memberOf/{{cast}}", _cast_groups, (*MEMBERS, *USERS), units=2),
        Endpoint("GET", f"{_USER}/transitiveMemberOf/{{cast}}", _cast_all_groups, (*MEMBERS, *USERS), units=2),
    ]


def _user_of(call: Call) -> User:
    """The user whose id or name the path holds.

    :raises Refusal: 404.
    """
    tenant = call.state.tenant
    found = tenant.object(call.keys["id"]) or tenant.user_named(call.keys["id"])
    if not isinstance(found, User):
        raise not_found(call.keys["id"])
    return found


def _users(call: Call) -> Reply:
    return of_one_kind(call, User, call.state.tenant.live_users(), "users", show=_with_manager(call))


def _count(call: Call) -> Reply:
    return counted(call, chosen(call, User, call.state.tenant.live_users()))


def _user(call: Call) -> Reply:
    user, expand = _user_of(call), _with_manager(call)
    document = one(call, user, selection_of(call, User, collection=False), "users")
    return Reply({**document, **((expand(user.id) or {}) if expand else {})})


def _with_manager(call: Call) -> Show | None:
    """Shows users with the manager that `$expand` asks for; None where it does not."""
    expansion = expansion_of(call, frozenset({"manager"}))
    if expansion is None:
        return None
    tenant = call.state.tenant
    show_user, selection = shows(call, selection_of(call, User)), Selection(User, _expanded(expansion[1]))

    def show(user_id: str) -> Document | None:
        document, user = show_user(user_id), tenant.users.get(user_id)
        manager = tenant.object(user.manager_id) if user and user.manager_id else None
        if document is None or manager is None:
            return document
        return {**document, "manager": {"@odata.type": manager.odata_type, **selection.show(manager)}}

    return show


def _expanded(names: tuple[str, ...]) -> Iterable[str]:
    return names or default_properties(User)


def _manager(call: Call) -> Reply:
    manager = call.state.tenant.object(_user_of(call).manager_id or "")
    if manager is None:
        raise not_found("manager")
    document = one(call, manager, selection_of(call, User, collection=False), "directoryObjects")
    return Reply({"@odata.type": manager.odata_type, **document})


def _reports(call: Call) -> Reply:
    return of_any_kind(call, tuple(call.state.tenant.reports_of(_user_of(call).id)))


def _groups(call: Call) -> Reply:
    return of_any_kind(call, tuple(call.state.tenant.memberships.groups_of(_user_of(call).id)))


def _all_groups(call: Call) -> Reply:
    return of_any_kind(call, call.state.tenant.groups_through_nesting(_user_of(call).id))


def _cast_groups(call: Call) -> Reply:
    return cast_to(call, tuple(call.state.tenant.memberships.groups_of(_user_of(call).id)))


def _cast_all_groups(call: Call) -> Reply:
    return cast_to(call, call.state.tenant.groups_through_nesting(_user_of(call).id))


def _licences(call: Call) -> Reply:
    user = _user_of(call)
    rows = [
        {
            "id": f"{user.id[:8]}{sku.id}",
            "skuId": sku.id,
            "skuPartNumber": sku.part_number,
            "servicePlans": [
                {"servicePlanId": plan, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"}
                for plan, name in sku.service_plans
            ],
        }
        for sku in call.state.tenant.skus
        if sku.id in user.licences
    ]
    context = f"{call.base}/$metadata#users('{user.id}')/licenseDetails"
    return Reply({"@odata.context": context, "value": rows})
