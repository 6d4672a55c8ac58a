"""Atlassian's users and groups as our values."""

from collections.abc import Mapping
from dataclasses import replace

from core.planning.names import account_key, group_key
from core.planning.values import Account, TargetGroup
from core.targets.cloud import wire
from core.targets.protocol import IncompleteRead

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ATTRIBUTES: Mapping[str, str] = {
    "title": "title",
    "department": f"{ENTERPRISE}:department",
    "organization": f"{ENTERPRISE}:organization",
    "timezone": "timezone",
    "preferredLanguage": "preferredLanguage",
    "nickName": "nickName",
    "givenName": "name.givenName",
    "familyName": "name.familyName",
}
"""The further attributes of accounts, and where they stand."""


def account(user: wire.User) -> Account:
    """One user without groups.

    :raises IncompleteRead: when it has no name.
    """
    if not user.id or not user.user_name:
        raise IncompleteRead("Atlassian answered with a user that has no id or no userName.")
    return Account(
        id=user.id,
        name=user.user_name,
        key=account_key(user.user_name),
        display_name=user.display_name or (user.name.formatted if user.name else None),
        email=primary_email(user),
        active=user.active is not False,
        external_id=user.external_id,
        attributes={name: value for name, value in _attributes(user).items() if value},
    )


def with_groups(user: wire.User) -> Account | None:
    """One user with the groups that it tells; `None` where it does not tell all of them by name."""
    if user.groups is None or not all(group.display for group in user.groups):
        return None
    return replace(account(user), groups=frozenset(group_key(str(group.display)) for group in user.groups))


def group(document: wire.Group) -> TargetGroup:
    """One group.

    :raises IncompleteRead: when it has no name.
    """
    if not document.id or not document.display_name:
        raise IncompleteRead("Atlassian answered with a group that has no id or no displayName.")
    return TargetGroup(document.display_name, group_key(document.display_name), document.id)


def member_ids(document: wire.Group) -> list[str]:
    """The ids of the users in a group, each once.

    :raises IncompleteRead: when a member has no id.
    """
    users = [member for member in document.members or () if (member.type or "User").lower() == "user"]
    if not all(member.value for member in users):
        raise IncompleteRead(f"Atlassian answered with a member of {document.display_name} that has no id.")
    return list(dict.fromkeys(str(member.value) for member in users))


def primary_email(user: wire.User) -> str | None:
    """The address that counts: the primary one, else the only one."""
    emails = [email for email in user.emails or () if email.value]
    primary = [email for email in emails if email.primary]
    found = primary or (emails if len(emails) == 1 else [])
    return found[0].value if found else None


def _attributes(user: wire.User) -> dict[str, str | None]:
    extension, name = user[wire.Enterprise], user.name
    return {
        "title": user.title,
        "department": (extension.department if extension else None) or user.department,
        "organization": (extension.organization if extension else None) or user.organization,
        "timezone": user.timezone,
        "preferredLanguage": user.preferred_language,
        "nickName": user.nick_name,
        "givenName": name.given_name if name else None,
        "familyName": name.family_name if name else None,
    }
