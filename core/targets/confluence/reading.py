"""Confluence's user and group JSON as our values. What is not an account or group that can be kept up is left out."""

from typing import Any

from core.planning.names import account_key
from core.planning.values import Account, TargetGroup
from core.targets import group_json
from core.targets.protocol import IncompleteRead

_INACTIVE = frozenset({"deactivated", "disabled", "inactive"})


def account(user: Any) -> Account | None:
    """One user object, without e-mail and groups; `None` for what is no account in any directory any more.

    :raises IncompleteRead: when it is no user object, or has no `userKey` or no `username`.
    """
    if not isinstance(user, dict) or not isinstance(user.get("type"), str):
        raise IncompleteRead("Confluence answered with something that is no user.")
    if user["type"] != "known":
        return None
    user_key, name = user.get("userKey"), user.get("username")
    if not isinstance(user_key, str) or not isinstance(name, str) or not user_key or not name:
        raise IncompleteRead("Confluence answered with a user that has no key or no name.")
    display_name = user.get("displayName")
    return Account(
        id=user_key,
        name=name,
        key=account_key(name),
        display_name=display_name if isinstance(display_name, str) else None,
        email=None,
        active=_is_active(user.get("status")),
    )


def group(document: Any) -> TargetGroup:
    """One group object.

    :raises IncompleteRead: when it has no name.
    """
    return group_json.group(document, "Confluence")


def profile_email(document: Any) -> str | None:
    """The e-mail in a profile; `None` where it has none, or one written so that machines do not find it."""
    email = document.get("email") if isinstance(document, dict) else None
    return email if isinstance(email, str) and "@" in email else None


def _is_active(status: Any) -> bool:
    """`status` is a word or an object around one, depending on the version; absent means active."""
    words = status.values() if isinstance(status, dict) else (status,)
    return not any(isinstance(word, str) and word.lower() in _INACTIVE for word in words)
