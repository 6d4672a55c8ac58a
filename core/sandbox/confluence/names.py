"""What Confluence accepts as username, full name, e-mail address and group name.

Source: Confluence Data Center REST API reference, Create user.
"""

import re2

from core.sandbox.confluence.answers import Invalid
from core.sandbox.confluence.quirks import Quirks

_FORBIDDEN_IN_USERNAME = frozenset("\\,+<>'\"")
_EMAIL = re2.compile(r"^[^\s@]+@[^\s@]+$")


def username_errors(username: str, quirks: Quirks) -> list[Invalid]:
    """Why this username is refused; empty when it is not."""
    if not username.strip():
        return [Invalid("username.required", "Username is required.")]
    errors = []
    if username != username.lower():
        errors.append(Invalid("username.lowercase", "Usernames must be in lower case."))
    if _FORBIDDEN_IN_USERNAME & set(username) or any(character.isspace() for character in username):
        errors.append(Invalid("username.characters", "Usernames must not contain \\ , + < > ' \" or spaces."))
    if username.lower() == "anonymous":
        errors.append(Invalid("username.reserved", "The username anonymous is reserved."))
    if len(username) > quirks.name_max:
        errors.append(Invalid("username.length", f"Usernames have at most {quirks.name_max} characters."))
    return errors


def full_name_errors(full_name: str) -> list[Invalid]:
    """Why this full name is refused."""
    if not full_name.strip():
        return [Invalid("fullname.required", "Full name is required.")]
    if "<" in full_name or ">" in full_name:
        return [Invalid("fullname.characters", "Full names must not contain < or >.")]
    if full_name.strip().lower() == "anonymous":
        return [Invalid("fullname.reserved", "The full name anonymous is reserved.")]
    return []


def email_errors(email: str) -> list[Invalid]:
    """Why this e-mail address is refused."""
    if not email.strip():
        return [Invalid("email.required", "E-mail address is required.")]
    if not _EMAIL.match(email):
        return [Invalid("email.invalid", "The e-mail address is not valid.")]
    return []


def group_name_errors(name: str, quirks: Quirks) -> list[Invalid]:
    """Why this group name is refused."""
    if not name.strip():
        return [Invalid("group.name.required", "Group name is required.")]
    if len(name) > quirks.name_max:
        return [Invalid("group.name.length", f"Group names have at most {quirks.name_max} characters.")]
    return []
