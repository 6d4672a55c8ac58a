"""Our values as Atlassian's users: the body that creates one, and the operations that change one."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.targets.cloud import wire
from core.targets.cloud.reading import ATTRIBUTES
from core.targets.protocol import NewAccount

Operation = tuple[str, str, Any]
"""Operation, path and value of a PATCH."""
_WORK = "work"


def new_user(account: NewAccount) -> dict[str, Any]:
    """The body that creates this account, active."""
    given = {name: value for name, value in account.attributes.items() if value and name in ATTRIBUTES}
    user = wire.User(
        user_name=account.name,
        external_id=account.external_id,
        display_name=account.display_name,
        active=True,
        emails=[wire.Email(value=account.email, type=_WORK, primary=True)],
        title=given.get("title"),
        timezone=given.get("timezone"),
        preferred_language=given.get("preferredLanguage"),
        nick_name=given.get("nickName"),
    )
    if {"givenName", "familyName"} & given.keys():
        user.name = wire.Name(given_name=given.get("givenName"), family_name=given.get("familyName"))
    if {"department", "organization"} & given.keys():
        user[wire.Enterprise] = wire.Enterprise(
            department=given.get("department"), organization=given.get("organization")
        )
    return wire.creation(user)


def updates(
    user: wire.User, display_name: str, email: str, attributes: Mapping[str, str] | None
) -> Sequence[Operation]:
    """What sets display name, e-mail and further attributes; an empty attribute is taken out."""
    operations: list[Operation] = [
        ("replace", "displayName", display_name),
        ("replace", "emails", _emails(user, email)),
    ]
    for name, value in (attributes or {}).items():
        path = ATTRIBUTES[name]
        operations.append(("replace", path, value) if value else ("remove", path, None))
    return operations


def _emails(user: wire.User, email: str) -> list[dict[str, Any]]:
    """All addresses of the user, this one as the primary in the place of that."""
    others = [each for each in user.emails or () if not each.primary and each.value != email]
    kind = next((each.type for each in user.emails or () if each.primary and each.type), _WORK)
    kept = [{"value": each.value, "type": each.type, "primary": False} for each in others if len(user.emails or ()) > 1]
    return [{"value": email, "type": kind, "primary": True}, *kept]
