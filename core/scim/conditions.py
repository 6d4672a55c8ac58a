"""Conditional requests: which version of a resource a client means (RFC 7644 §3.14)."""

from scim2_models import PreconditionFailedException
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest


def conditions_of(request: ScimRequest) -> Conditions:
    """The conditions of a request, whose headers are a mapping with names in lower case."""
    assert isinstance(request.headers, dict)
    return Conditions(request.headers.get("if-match"), request.headers.get("if-none-match"))


def met(conditions: Conditions, version: str | None, method: str) -> bool:
    """Whether a request goes on, for a resource of this version; False where a read has no news for its client.

    :raises PreconditionFailedException: where a write means another version.
    """
    if conditions.if_match is None and conditions.if_none_match is None:
        return True
    try:
        return conditions.check(version, method)
    except PreconditionFailedException:
        detail = f"the resource was changed meanwhile: its version is now {version}. Read it again, and change that"
        raise PreconditionFailedException(detail=detail) from None
