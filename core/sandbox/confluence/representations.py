"""How Confluence writes users and groups in JSON. Only the list of licensed users shows e-mail addresses."""

from urllib.parse import quote

from core.sandbox.confluence.endpoint import Call
from core.sandbox.confluence.mutations import existing_account
from core.sandbox.embedded_crowd import Account

_PICTURE = {"path": "/images/icons/profilepics/default.svg", "width": 48, "height": 48, "isDefault": True}
_ANONYMOUS_PICTURE = _PICTURE | {"path": "/images/icons/profilepics/anonymous.svg"}


def known_user(call: Call, account: Account) -> dict[str, object]:
    """A user, with his status where `expand=status` asks for it."""
    user: dict[str, object] = {
        "type": "known",
        "username": account.username,
        "userKey": account.user_key,
        "profilePicture": _PICTURE,
        "displayName": account.full_name,
        "_links": {"self": f"{call.base}/rest/api/user?key={account.user_key}"},
        "_expandable": {"status": ""},
    }
    if call.expands("status"):
        user |= {"status": _status(call, account), "_expandable": {}}
    return user


def licensed_user(call: Call, account: Account) -> dict[str, object]:
    """A user of the list of licensed users, which does carry the e-mail address."""
    return known_user(call, account) | {"email": account.email}


def anonymous_user(call: Call) -> dict[str, object]:
    """The visitor who is not logged in."""
    return {
        "type": "anonymous",
        "profilePicture": _ANONYMOUS_PICTURE,
        "displayName": "Anonymous",
        "_links": {"self": f"{call.base}/rest/api/user/anonymous"},
    }


def group(call: Call, name: str) -> dict[str, object]:
    """A group."""
    return {
        "type": "group",
        "name": name,
        "_links": {"self": f"{call.base}/rest/api/group/{quote(name, safe='')}"},
    }


def user_named(call: Call, name: str) -> dict[str, object]:
    """The user with this name key, who exists."""
    return known_user(call, existing_account(call.state, name))


def licensed_user_named(call: Call, name: str) -> dict[str, object]:
    """The same, with the e-mail address."""
    return licensed_user(call, existing_account(call.state, name))


def group_named(call: Call, name: str) -> dict[str, object]:
    """The group with this key, under its name as stored."""
    return group(call, call.state.crowd.group(name) or name)


def _status(call: Call, account: Account) -> object:
    word = "CURRENT" if account.active else "DEACTIVATED"
    return {"status": word} if call.state.quirks.status_shape == "object" else word.lower()
