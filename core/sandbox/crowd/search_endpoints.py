"""The search for users and groups, which is also the listing of all.

Source: Crowd REST API, usermanagement 1: a query in CQL, or a restriction in the body.
"""

from starlette.responses import Response

from core.sandbox.crowd import paging
from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.cql import Condition, Entity, NotUnderstood, condition
from core.sandbox.crowd.directories import User
from core.sandbox.crowd.endpoint import API, Access, Call, Endpoint

_SEARCH = f"{API}/search"
_USER_FIELDS = frozenset({"name", "email", "firstName", "lastName", "displayName", "active"})
_GROUP_FIELDS = frozenset({"name", "description", "active"})


def endpoints() -> list[Endpoint]:
    """The endpoints that search."""
    return [
        Endpoint("GET", _SEARCH, _by_query, Access.APPLICATION),
        Endpoint("POST", _SEARCH, _by_body, Access.APPLICATION, takes_json=True),
    ]


def _by_query(call: Call) -> Response:
    is_user = _is_about_users(call)
    try:
        wanted = condition(call.query.get("restriction", ""), _USER_FIELDS if is_user else _GROUP_FIELDS)
    except NotUnderstood as error:
        raise Refusal(400, "ILLEGAL_ARGUMENT", f"Invalid restriction: {error}") from error
    return _found(call, wanted, is_user=is_user)


def _by_body(call: Call) -> Response:
    """One restriction on one property, or none."""
    is_user = _is_about_users(call)
    named = call.body.get("property")
    if not isinstance(named, dict):
        return _found(call, lambda entity: True, is_user=is_user)
    field, value = str(named.get("name")), str(call.body.get("value", "")).lower()
    if field not in (_USER_FIELDS if is_user else _GROUP_FIELDS):
        raise Refusal(400, "ILLEGAL_ARGUMENT", f"Unknown property {field}")
    if call.text("match-mode") == "CONTAINS":
        return _found(call, lambda entity: value in entity[field].lower(), is_user=is_user)
    return _found(call, lambda entity: value == entity[field].lower(), is_user=is_user)


def _is_about_users(call: Call) -> bool:
    kind = call.query.get("entity-type")
    if kind not in ("user", "group"):
        raise Refusal(400, "ILLEGAL_ARGUMENT", f"entity-type must be user or group, and is {kind}")
    return kind == "user"


def _found(call: Call, wanted: Condition, *, is_user: bool) -> Response:
    if is_user:
        return paging.users(call, [user for user in call.seen.users() if wanted(_user_fields(call, user))])
    return paging.groups(call, [group for group in call.seen.groups() if wanted(_group_fields(call, group))])


def _user_fields(call: Call, user: User) -> Entity:
    return {
        "name": call.seen.shown_user(user),
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "displayName": user.full_name,
        "active": str(user.active).lower(),
    }


def _group_fields(call: Call, group: str) -> Entity:
    return {"name": call.seen.shown_group(group), "description": call.seen.description(group), "active": "true"}
