"""Users: read, create, update, rename, delete, and their attributes and passwords.

Source: Crowd REST API, usermanagement 1; CWD-4069 (key), CWD-4819 (rename).
"""

from urllib.parse import quote

from starlette.responses import Response

from core.sandbox.answers import no_content
from core.sandbox.crowd import user_mutations
from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.endpoint import API, Access, Call, Endpoint
from core.sandbox.crowd.representations import attribute_list, user
from core.sandbox.version import Version

_USER = f"{API}/user"
_RENAMES_SINCE = Version(2, 8, 4)


def endpoints() -> list[Endpoint]:
    """The endpoints about users."""
    application = Access.APPLICATION
    return [
        Endpoint("GET", _USER, _get, application),
        Endpoint("POST", _USER, _create, application, takes_json=True),
        Endpoint("PUT", _USER, _update, application, takes_json=True),
        Endpoint("DELETE", _USER, _delete, application),
        Endpoint("POST", f"{_USER}/rename", _rename, application, _RENAMES_SINCE, takes_json=True),
        Endpoint("PUT", f"{_USER}/password", _set_password, application, takes_json=True),
        Endpoint("GET", f"{_USER}/attribute", _attributes, application),
        Endpoint("POST", f"{_USER}/attribute", _set_attributes, application, takes_json=True),
        Endpoint("DELETE", f"{_USER}/attribute", _delete_attribute, application),
    ]


def _get(call: Call) -> Response:
    key = call.query.get("key")
    if not key:
        return call.answer("user", user(call, call.user(call.asked("username"))[1]))
    found = call.seen.with_key(key)
    if found is None:
        raise Refusal(404, "USER_NOT_FOUND", f"User <{key}> does not exist")
    return call.answer("user", user(call, found))


def _create(call: Call) -> Response:
    created = user_mutations.create_user(call)
    answers_user = call.state.quirks.create_answers_user
    response = call.answer("user", user(call, created), 201) if answers_user else Response(status_code=201)
    response.headers["Location"] = f"{call.base}{_USER}?username={quote(created.username, safe='')}"
    return response


def _update(call: Call) -> Response:
    user_mutations.update_user(call, call.asked("username"))
    return no_content()


def _delete(call: Call) -> Response:
    user_mutations.delete_user(call, call.asked("username"))
    return no_content()


def _rename(call: Call) -> Response:
    renamed = user_mutations.rename_user(call, call.asked("username"))
    return call.answer("user", user(call, renamed))


def _set_password(call: Call) -> Response:
    user_mutations.set_password(call, call.asked("username"))
    return no_content()


def _attributes(call: Call) -> Response:
    _, found = call.user(call.asked("username"))
    return call.answer("attributes", {"attributes": attribute_list(found)})


def _set_attributes(call: Call) -> Response:
    user_mutations.set_attributes(call, call.asked("username"))
    return no_content()


def _delete_attribute(call: Call) -> Response:
    user_mutations.delete_attribute(call, call.asked("username"), call.asked("attributename"))
    return no_content()
