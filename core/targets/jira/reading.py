"""Jira's JSON as our values. What is not an account any more is left out."""

from dataclasses import dataclass
from typing import Any

from core.planning.names import account_key
from core.planning.values import Account, TargetGroup
from core.targets import group_json
from core.targets.protocol import IncompleteRead


def account(user: Any) -> Account | None:
    """One user object without groups; `None` for one that was deleted and left its name behind.

    The e-mail is `None` where Jira hides it or writes it so that machines do not find it.

    :raises IncompleteRead: when it is no user object, or has no key or no name.
    """
    key, name = (user.get("key"), user.get("name")) if isinstance(user, dict) else (None, None)
    if not isinstance(key, str) or not isinstance(name, str) or not key or not name:
        raise IncompleteRead("Jira answered with a user that has no key or no name.")
    if user.get("deleted") is True:
        return None
    email, display_name = user.get("emailAddress"), user.get("displayName")
    return Account(
        id=key,
        name=name,
        key=account_key(name),
        display_name=display_name if isinstance(display_name, str) else None,
        email=email if isinstance(email, str) and "@" in email else None,
        active=user.get("active") is not False,
    )


def groups_of(user: Any) -> frozenset[str]:
    """Keys of the groups in a user object that was asked for them.

    :raises IncompleteRead: when they are missing, or fewer than announced.
    """
    groups = user.get("groups") if isinstance(user, dict) else None
    items = groups.get("items") if isinstance(groups, dict) else None
    if not isinstance(groups, dict) or not isinstance(items, list) or groups.get("size", len(items)) != len(items):
        raise IncompleteRead("Jira answered with a user without all of the user's groups.")
    return frozenset(group(item).key for item in items)


def group(document: Any) -> TargetGroup:
    """One group object.

    :raises IncompleteRead: when it has no name.
    """
    return group_json.group(document, "Jira")


def leader(document: Any) -> str | None:
    """Key of the name of the account that leads this project or component; `None` where nobody does."""
    lead = document.get("lead") if isinstance(document, dict) else None
    name = lead.get("name") if isinstance(lead, dict) else None
    return account_key(name) if isinstance(name, str) and name else None


@dataclass(frozen=True, slots=True)
class Project:
    """One project, as far as leads go."""

    id: str
    key: str
    name: str
    lead: str | None
    """Key of the account's name."""
    archived: bool


def project(document: Any) -> Project:
    """One project object.

    :raises IncompleteRead: when it has no id or no key.
    """
    ident, key = (document.get("id"), document.get("key")) if isinstance(document, dict) else (None, None)
    if not isinstance(ident, str) or not isinstance(key, str) or not ident or not key:
        raise IncompleteRead("Jira answered with a project that has no id or no key.")
    name = str(document.get("name") or key)
    return Project(ident, key, name, leader(document), document.get("archived") is True)


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a project."""

    id: str
    project: str
    """Key of the project."""
    name: str
    lead: str | None
    """Key of the account's name."""
    assignee_type: str | None


def component(document: Any) -> Component | None:
    """One component object; `None` for one that is deleted.

    :raises IncompleteRead: when it has no id or no project.
    """
    ident, key = (document.get("id"), document.get("project")) if isinstance(document, dict) else (None, None)
    if not isinstance(ident, str) or not isinstance(key, str) or not ident or not key:
        raise IncompleteRead("Jira answered with a component that has no id or no project.")
    if document.get("deleted") is True:
        return None
    kind = document.get("assigneeType")
    name = str(document.get("name") or ident)
    return Component(ident, key, name, leader(document), kind if isinstance(kind, str) else None)
