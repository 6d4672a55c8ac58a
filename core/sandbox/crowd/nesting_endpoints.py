"""Groups inside groups, and the one call that tells all memberships at once.

Source: Crowd REST API, usermanagement 1. All memberships come in XML whatever is asked for.
"""

from xml.sax.saxutils import quoteattr

from starlette.responses import Response

from core.sandbox.answers import no_content
from core.sandbox.crowd import membership_mutations, paging
from core.sandbox.crowd.answers import Refusal, xml
from core.sandbox.crowd.endpoint import API, Access, Call, Endpoint
from core.sandbox.crowd.nesting import around, inside
from core.sandbox.crowd.representations import short_group
from core.sandbox.embedded_crowd import name_key

_CHILDREN = f"{API}/group/child-group"
_PARENTS = f"{API}/group/parent-group"


def endpoints() -> list[Endpoint]:
    """The endpoints about groups inside groups."""
    application = Access.APPLICATION
    return [
        Endpoint("GET", f"{_CHILDREN}/direct", _children, application),
        Endpoint("GET", f"{_CHILDREN}/nested", _all_children, application),
        Endpoint("POST", f"{_CHILDREN}/direct", _add, application, takes_json=True),
        Endpoint("DELETE", f"{_CHILDREN}/direct", _remove, application),
        Endpoint("GET", f"{_PARENTS}/direct", _parents, application),
        Endpoint("GET", f"{_PARENTS}/nested", _all_parents, application),
        Endpoint("GET", f"{API}/group/membership", _memberships, application),
    ]


def _children(call: Call) -> Response:
    return _listed(call, call.seen.children(call.group(call.asked("groupname"))), "child-groupname")


def _all_children(call: Call) -> Response:
    group = call.group(call.asked("groupname"))
    return _listed(call, inside(call.seen, group) - {name_key(group)}, "child-groupname")


def _parents(call: Call) -> Response:
    return _listed(call, call.seen.parents(call.group(call.asked("groupname"))), "parent-groupname")


def _all_parents(call: Call) -> Response:
    group = call.group(call.asked("groupname"))
    return _listed(call, around(call.seen, [name_key(group)]) - {name_key(group)}, "parent-groupname")


def _listed(call: Call, found: set[str], parameter: str) -> Response:
    """These groups; or the one that the query names, if it is one of them."""
    name = call.query.get(parameter)
    if not name:
        return paging.groups(call, sorted(found))
    if name_key(name) not in found:
        raise Refusal(404, "MEMBERSHIP_NOT_FOUND", f"<{name}> and <{call.query['groupname']}> are not nested")
    return call.answer("group", short_group(call, name))


def _add(call: Call) -> Response:
    parent = call.group(call.asked("groupname"))
    membership_mutations.add_child(call, call.group(call.text("name"), status=400), parent)
    return Response(status_code=201)


def _remove(call: Call) -> Response:
    parent = call.group(call.asked("groupname"))
    membership_mutations.remove_child(call, call.group(call.asked("child-groupname")), parent)
    return no_content()


def _memberships(call: Call) -> Response:
    return xml(f"<memberships>{''.join(_membership(call, group) for group in call.seen.groups())}</memberships>")


def _membership(call: Call, group: str) -> str:
    users = "".join(f"<user name={quoteattr(call.seen.shown_user(user))}/>" for user in call.seen.members(group))
    inner = sorted(call.seen.children(group))
    groups = "".join(f"<group name={quoteattr(call.seen.shown_group(each))}/>" for each in inner)
    name = quoteattr(call.seen.shown_group(group))
    return f"<membership group={name}><users>{users}</users><groups>{groups}</groups></membership>"
