"""What Jira accepts as username, full name, e-mail address and group name.

Source: Jira's DefaultUserService. The keys are those of the error document.
"""

import re2

from core.sandbox.jira.quirks import Quirks

_FORBIDDEN_IN_USERNAME = frozenset("<>&")
_EMAIL = re2.compile(r"^[^\s@]+@[^\s@]+$")
LONGEST = 255


def username_errors(username: str, quirks: Quirks) -> dict[str, str]:
    """Why this username is refused; empty when it is not."""
    if not username.strip():
        return {"username": "You must specify a username."}
    if len(username) > LONGEST:
        return {"username": "The username must not exceed 255 characters in length."}
    if _FORBIDDEN_IN_USERNAME & set(username):
        return {"username": "The username must not contain '<', '>' or '&'."}
    if quirks.upper_case_usernames == "refuse" and username != username.lower():
        return {"username": "The username must be in lower case."}
    return {}


def full_name_errors(full_name: str) -> dict[str, str]:
    """Why this full name is refused."""
    if not full_name.strip():
        return {"fullname": "You must specify a full name."}
    if len(full_name) > LONGEST:
        return {"fullname": "The full name must not exceed 255 characters in length."}
    return {}


def email_errors(email: str) -> dict[str, str]:
    """Why this e-mail address is refused."""
    if not email.strip():
        return {"email": "You must specify an email address."}
    if len(email) > LONGEST:
        return {"email": "The email address must not exceed 255 characters in length."}
    if not _EMAIL.match(email):
        return {"email": "You must specify a valid email address."}
    return {}


def group_name_errors(name: str) -> dict[str, str]:
    """Why this group name is refused."""
    if not name.strip():
        return {"name": "You must specify a group name."}
    if len(name) > LONGEST:
        return {"name": "The group name must not exceed 255 characters in length."}
    return {}
