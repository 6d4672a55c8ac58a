"""What Atlassian asks of users and groups beyond what the SCIM library checks.

Source: the introduction of the user provisioning REST API ("Limitations"), and the descriptions of its calls.
"""

from collections.abc import Iterable
from typing import Any

from scim2_models import (
    ConflictException,
    ForbiddenException,
    InvalidValueException,
    NotFoundException,
    SCIMException,
    TooManyException,
    UniquenessException,
)

from core.sandbox.cloud.models import Group, User
from core.sandbox.cloud.quirks import Quirks
from core.sandbox.cloud.settings import Settings

_LIMITS = {400: TooManyException, 403: ForbiddenException, 409: ConflictException}


def check_user(user: User[Any], settings: Settings) -> str:
    """The user's primary address.

    :raises SCIMException: 400 where there is none, or its domain is not verified.
    """
    address = primary_email(user)
    if not address:
        raise InvalidValueException(detail="emails is required and one email must be marked as primary")
    domain = address.rpartition("@")[2].lower()
    if settings.verified_domains is not None and domain not in settings.verified_domains:
        raise InvalidValueException(detail=f"Email domain {domain} is not verified for this organization")
    return address


def primary_email(user: User[Any]) -> str:
    """The address that counts; empty where there is none."""
    return next((email.value for email in user.emails or () if email.primary and email.value), "")


def check_group_name(name: str, taken: Iterable[str], settings: Settings) -> None:
    """Refuse a name that the organization has already.

    :raises SCIMException: 409.
    """
    if name.lower() in {each.lower() for each in settings.site_groups} or name.lower() in taken:
        raise UniquenessException(detail=f"Group with name {name} already exists")


def is_withheld(name: str, settings: Settings) -> bool:
    """Whether a group of this name is never synced, although its creation is answered with success."""
    return name.lower() in {each.lower() for each in settings.default_groups | settings.built_in_groups}


def check_members(group: Group, users: Iterable[str], method: str) -> None:
    """Refuse members that are no users.

    :raises SCIMException: 404 to a PATCH, 400 to the others.
    """
    unknown = sorted({str(member.value) for member in group.members or ()} - set(users))
    if not unknown:
        return
    detail = f"User {unknown[0]} does not exist"
    raise NotFoundException(detail=detail) if method == "PATCH" else InvalidValueException(detail=detail)


def beyond(what: str, limit: int, quirks: Quirks) -> SCIMException:
    """The refusal of what is too many."""
    return _LIMITS[quirks.limit_status](detail=f"The limit of {limit} {what} is exceeded")
