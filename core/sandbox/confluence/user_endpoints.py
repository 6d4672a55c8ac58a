"""Reading users: by name or key, oneself, all of them, and the profile that shows the e-mail address.

Source: Confluence Data Center REST API reference, section User; the profile is an undocumented resource.
"""

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.confluence.answers import Invalid, Refusal, invalid
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.mutations import existing_account
from core.sandbox.confluence.paging import paged
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.representations import anonymous_user, group_named, known_user, user_named
from core.sandbox.version import Version

_LIST = "/rest/api/user/list"
_MEMBER_OF = "/rest/api/user/memberof"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints below `/rest/api/user` that read."""
    return [
        Endpoint("GET", "/rest/api/user", _user, Access.VIEWER),
        Endpoint("GET", "/rest/api/user/current", _current, Access.ANYONE),
        Endpoint("GET", "/rest/api/user/anonymous", _anonymous, Access.ANYONE),
        Endpoint("GET", _LIST, _list, Access.VIEWER, Version(8, 4)),
        Endpoint("GET", _MEMBER_OF, _member_of, Access.VIEWER),
        Endpoint("GET", "/rest/mobile/1.0/profile/{username}", _profile, Access.VIEWER),
    ]


def _user(call: Call) -> Response:
    if "key" in call.query:
        account = call.state.crowd.account_with_key(call.query["key"])
        if account is None:
            raise Refusal(404, f"No user found with key : {call.query['key']}")
    elif "username" in call.query:
        account = existing_account(call.state, call.query["username"])
    else:
        raise invalid([Invalid("user.required", "Either username or key must be given.")])
    return Json(known_user(call, account))


def _current(call: Call) -> Response:
    return Json(known_user(call, call.caller) if call.caller else anonymous_user(call))


def _anonymous(call: Call) -> Response:
    return Json(anonymous_user(call))


def _list(call: Call) -> Response:
    return paged(call, _LIST, call.state.crowd.accounts(), user_named)


def _member_of(call: Call) -> Response:
    account = existing_account(call.state, call.query.get("username", ""))
    return paged(call, _MEMBER_OF, sorted(call.state.crowd.groups_of(account.username)), group_named)


def _profile(call: Call) -> Response:
    account = existing_account(call.state, call.path["username"])
    return Json(
        {
            "userName": account.username,
            "fullName": account.full_name,
            "email": account.email,
            "anonymous": False,
            "unknownUser": False,
            "url": f"/display/~{account.username}",
        }
    )
