"""Groups: read, create, describe, delete.

Source: Crowd REST API, usermanagement 1. There is no renaming.
"""

from starlette.responses import Response

from core.sandbox.answers import no_content
from core.sandbox.crowd import group_mutations
from core.sandbox.crowd.endpoint import API, Access, Call, Endpoint
from core.sandbox.crowd.representations import group

_GROUP = f"{API}/group"


def endpoints() -> list[Endpoint]:
    """The endpoints about groups."""
    application = Access.APPLICATION
    return [
        Endpoint("GET", _GROUP, _get, application),
        Endpoint("POST", _GROUP, _create, application, takes_json=True),
        Endpoint("PUT", _GROUP, _update, application, takes_json=True),
        Endpoint("DELETE", _GROUP, _delete, application),
    ]


def _get(call: Call) -> Response:
    return call.answer("group", group(call, call.group(call.asked("groupname"))))


def _create(call: Call) -> Response:
    return call.answer("group", group(call, group_mutations.create_group(call)), 201)


def _update(call: Call) -> Response:
    return call.answer("group", group(call, group_mutations.describe_group(call, call.asked("groupname"))))


def _delete(call: Call) -> Response:
    group_mutations.delete_group(call, call.asked("groupname"))
    return no_content()
