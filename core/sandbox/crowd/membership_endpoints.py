"""Memberships of users: direct ones, and those through groups inside groups.

What is missing and stands in the URL is a 404, what is missing and stands in the body a 400.
Source: Crowd REST API, usermanagement 1; CWD-4433 and CWD-4470 (the groups of nobody).
"""

from starlette.responses import Response

from core.sandbox.answers import no_content
from core.sandbox.crowd import membership_mutations, paging
from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.directories import User
from core.sandbox.crowd.endpoint import API, Access, Call, Endpoint
from core.sandbox.crowd.nesting import around, inside
from core.sandbox.crowd.representations import short_group, short_user
from core.sandbox.embedded_crowd import name_key

_MEMBERS = f"{API}/group/user"
_GROUPS = f"{API}/user/group"


def endpoints() -> list[Endpoint]:
    """The endpoints about memberships of users."""
    application = Access.APPLICATION
    return [
        Endpoint("GET", f"{_MEMBERS}/direct", _direct_members, application),
        Endpoint("GET", f"{_MEMBERS}/nested", _nested_members, application),
        Endpoint("POST", f"{_MEMBERS}/direct", _add_user, application, takes_json=True),
        Endpoint("DELETE", f"{_MEMBERS}/direct", _remove, application),
        Endpoint("GET", f"{_GROUPS}/direct", _direct_groups, application),
        Endpoint("GET", f"{_GROUPS}/nested", _nested_groups, application),
        Endpoint("POST", f"{_GROUPS}/direct", _add_to_group, application, takes_json=True),
        Endpoint("DELETE", f"{_GROUPS}/direct", _remove, application),
    ]


def _direct_members(call: Call) -> Response:
    return _members(call, call.seen.members(call.group(call.asked("groupname"))))


def _nested_members(call: Call) -> Response:
    groups = inside(call.seen, call.group(call.asked("groupname")))
    found = {user.user_key: user for group in groups for user in call.seen.members(group)}
    return _members(call, sorted(found.values(), key=lambda user: name_key(user.username)))


def _members(call: Call, found: list[User]) -> Response:
    """These users; or the one that the query names, if he is one of them."""
    name = call.query.get("username")
    if not name:
        return paging.users(call, found)
    asked = call.seen.home(name)
    if asked is None or asked[1] not in found:
        raise Refusal(404, "MEMBERSHIP_NOT_FOUND", f"User <{name}> is not a member of <{call.query['groupname']}>")
    return call.answer("user", short_user(call, asked[1]))


def _direct_groups(call: Call) -> Response:
    return _groups_of(call, nested=False)


def _nested_groups(call: Call) -> Response:
    return _groups_of(call, nested=True)


def _groups_of(call: Call, *, nested: bool) -> Response:
    name = call.asked("username")
    if call.seen.home(name) is None and call.state.quirks.groups_of_nobody == "empty":
        return paging.groups(call, [])
    found = call.seen.groups_of(call.user(name)[1])
    groups = around(call.seen, found) if nested else found
    group = call.query.get("groupname")
    if not group:
        return paging.groups(call, sorted(groups))
    if name_key(group) not in groups:
        raise Refusal(404, "MEMBERSHIP_NOT_FOUND", f"User <{name}> is not a member of <{group}>")
    return call.answer("group", short_group(call, group))


def _add_user(call: Call) -> Response:
    group = call.group(call.asked("groupname"))
    membership_mutations.add_member(call, call.user(call.text("name"), status=400), group)
    return Response(status_code=201)


def _add_to_group(call: Call) -> Response:
    found = call.user(call.asked("username"))
    membership_mutations.add_member(call, found, call.group(call.text("name"), status=400))
    return Response(status_code=201)


def _remove(call: Call) -> Response:
    group = call.group(call.asked("groupname"))
    membership_mutations.remove_member(call, call.user(call.asked("username")), group)
    return no_content()
