"""Users one by one: who am I, read, create, update with rename and activity, delete, password.

Source: Jira Data Center REST API reference, section User.
"""

from urllib.parse import quote

from starlette.responses import Response

from core.sandbox.answers import Json, no_content
from core.sandbox.embedded_crowd import Account
from core.sandbox.jira import user_mutations
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.editing import existing_account
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import user

_USER = "/rest/api/2/user"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about one user."""
    known, admin = Access.KNOWN, Access.ADMINISTRATOR
    return [
        Endpoint("GET", "/rest/api/2/myself", _myself, known),
        Endpoint("GET", _USER, _user, known),
        Endpoint("POST", _USER, _create, admin, takes_json=True),
        Endpoint("PUT", _USER, _update, admin, takes_json=True),
        Endpoint("DELETE", _USER, _delete, admin),
        Endpoint("PUT", f"{_USER}/password", _set_password, admin, takes_json=True),
    ]


def _myself(call: Call) -> Response:
    if call.caller is None:
        raise Refusal(401)
    return Json(user(call, call.caller))


def _user(call: Call) -> Response:
    return Json(user(call, _asked_for(call)))


def _create(call: Call) -> Response:
    account = user_mutations.create_account(call)
    location = f"{call.base}{_USER}?username={quote(account.username, safe='')}"
    return Json(user(call, account), 201, {"Location": location})


def _update(call: Call) -> Response:
    changed = user_mutations.update_account(call, _asked_for(call).username)
    return Json(user(call, existing_account(call.state, changed.username)))


def _delete(call: Call) -> Response:
    user_mutations.delete_account(call, _asked_for(call).username)
    return no_content()


def _set_password(call: Call) -> Response:
    user_mutations.set_password(call, _asked_for(call).username)
    return no_content()


def _asked_for(call: Call) -> Account:
    """The user that `username` or `key` names."""
    if "key" in call.query:
        account = call.state.account_with_key(call.query["key"])
        if account is None:
            raise Refusal(404, f"The user with the key '{call.query['key']}' does not exist")
        return account
    if not call.query.get("username"):
        raise Refusal(404, "Either the 'username' or the 'key' query parameters need to be provided")
    return existing_account(call.state, call.query["username"])
