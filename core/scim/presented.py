"""The credential that a request presents in its Authorization header (RFC 6750 §2.1, RFC 7617).

A credential in the address is never read: it would stand in the logs of every proxy (RFC 7644 §7).
"""

import base64
import binascii
from dataclasses import dataclass

from core.scim.tolerances import Tolerance

LONGEST = 4096
"""Characters of an Authorization header at most; a secret of ours has 47."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer or access token."""

    secret: str
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name and a password."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing, or nothing that could be a credential."""

    detail: str
    """What is wrong with it."""


def presented(authorization: str) -> Bearer | Basic | Unreadable:
    """Read the header's value; it is empty where there is no such header."""
    if len(authorization) > LONGEST:
        return Unreadable(f"the Authorization header is longer than {LONGEST} characters")
    first, space, rest = authorization.strip().partition(" ")
    rest = rest.strip()
    match first.lower():
        case "":
            return Unreadable("no credential was sent")
        case "bearer":
            return Bearer(rest) if rest else Unreadable("no token follows the word Bearer")
        case "basic":
            return basic(rest) or Unreadable("the Authorization header holds no user name and password in base64")
    if space:
        return Unreadable("the Authorization header does not begin with the word Bearer")
    # Okta's custom apps send what the admin entered as it is, and many an admin enters the token alone.
    return Bearer(first, ("bearer-word-missing",))


def basic(credentials: str) -> Basic | None:
    """What follows the word Basic; None where it cannot be read."""
    try:
        user, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return Basic(user, password) if colon else None
