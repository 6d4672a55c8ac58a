"""What Bitbucket accepts as username, full name, e-mail address and group name, and how it makes slugs."""

import re2

from core.sandbox.bitbucket.answers import Refusal, invalid

LONGEST = 255
_NOT_IN_SLUGS = re2.compile(r"[^a-z0-9._~-]")


def check_username(username: str) -> None:
    """Refuse a username.

    :raises Refusal: 400.
    """
    _check(username, "name", "The username")


def check_details(full_name: str, email: str) -> None:
    """Refuse a full name or an e-mail address.

    :raises Refusal: 400.
    """
    _check(full_name, "displayName", "The display name")
    _check(email, "email", "The e-mail address")
    if "@" not in email:
        raise invalid("The e-mail address is not valid.", "email")


def check_group_name(name: str) -> None:
    """Refuse a group name.

    :raises Refusal: 400.
    """
    _check(name, "name", "The group name")


def slug_of(username: str) -> str:
    """The username as it stands in addresses."""
    return str(_NOT_IN_SLUGS.sub("_", username.lower()))


def _check(value: str, field: str, called: str) -> None:
    if not value.strip():
        raise invalid(f"{called} must not be blank.", field)
    if len(value) > LONGEST:
        raise Refusal(
            400,
            f"{called} must not be longer than {LONGEST} characters.",
            "validation.ConstraintViolationException",
            field,
        )
