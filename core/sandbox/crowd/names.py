"""What Crowd accepts as names, and how it fills in those parts of a person's name that are left blank."""

from dataclasses import replace

from core.sandbox.crowd.answers import Reason, Refusal
from core.sandbox.crowd.directories import User

LONGEST = 255


def check_name(name: str, reason: Reason) -> None:
    """Refuse a name of a user or group that Crowd does not take.

    :raises Refusal: 400.
    """
    if not name.strip():
        raise Refusal(400, reason, "Name must not be blank")
    if name != name.strip():
        raise Refusal(400, reason, "Name may not contain leading or trailing whitespace")
    check_length(name, reason)


def check_length(text: str, reason: Reason) -> None:
    """Refuse what is longer than the database takes.

    :raises Refusal: 400.
    """
    if len(text) > LONGEST:
        raise Refusal(400, reason, f"'{text[:20]}...' exceeds maximum length of 255 characters")


def populated(user: User) -> User:
    """The user with a first, a last and a display name, each blank one made from the others."""
    shown = user.full_name if user.full_name.strip() else f"{user.first_name} {user.last_name}".strip() or user.username
    first, _, last = shown.strip().rpartition(" ")
    return replace(
        user,
        full_name=shown,
        first_name=user.first_name if user.first_name.strip() else first.strip(),
        last_name=user.last_name if user.last_name.strip() else last,
    )
