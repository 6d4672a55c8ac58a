"""Bitbucket's JSON as our values."""

from typing import Any

from core.planning.names import account_key
from core.planning.values import Account, TargetGroup
from core.targets import group_json
from core.targets.protocol import IncompleteRead


def account(user: Any) -> Account:
    """One user object without groups, active as its directory says.

    :raises IncompleteRead: when it is no user object, or has no id or no name.
    """
    ident, name = (user.get("id"), user.get("name")) if isinstance(user, dict) else (None, None)
    if not isinstance(ident, int) or isinstance(ident, bool) or not isinstance(name, str) or not name:
        raise IncompleteRead("Bitbucket answered with a user that has no id or no name.")
    email, display_name = user.get("emailAddress"), user.get("displayName")
    directory, mutable = user.get("directoryName"), user.get("mutableDetails")
    return Account(
        id=str(ident),
        name=name,
        key=account_key(name),
        display_name=display_name if isinstance(display_name, str) else None,
        email=email if isinstance(email, str) else None,
        active=user.get("active") is not False,
        directory=directory if isinstance(directory, str) and directory else None,
        read_only=not mutable if isinstance(mutable, bool) else None,
    )


def group(document: Any) -> TargetGroup:
    """One group object.

    :raises IncompleteRead: when it has no name.
    """
    return group_json.group(document, "Bitbucket")


def permission(document: Any) -> str:
    """The permission of one grant.

    :raises IncompleteRead: when it has none.
    """
    name = document.get("permission") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name:
        raise IncompleteRead("Bitbucket answered with a grant that has no permission.")
    return name
