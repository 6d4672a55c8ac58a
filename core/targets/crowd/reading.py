"""Crowd's JSON as our values."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from core.planning.names import account_key
from core.planning.values import Account
from core.targets.protocol import IncompleteRead

EXTERNAL_ID = "externalId"
"""The attribute in which the immutable id of the user at the provider is kept."""
NAME_PARTS: Mapping[str, str] = MappingProxyType({"first_name": "first-name", "last_name": "last-name"})
"""Attributes in `users.attributes` that are fields of their own in Crowd, with their names there."""


def account(user: Any, wanted: Collection[str]) -> Account:
    """One user object that was asked for with its attributes, of which `wanted` are kept; without groups.

    :raises IncompleteRead: when it is no whole user object.
    """
    name, key = (user.get("name"), user.get("key")) if isinstance(user, dict) else (None, None)
    if not isinstance(name, str) or not name:
        raise IncompleteRead("Crowd answered with a user that has no name.")
    if not isinstance(key, str) or not key:
        raise IncompleteRead(
            f"Crowd does not tell the key of the user {name}, by which it is known after a rename.",
            remedy="Upgrade Crowd to 2.7 or later.",
        )
    if not isinstance(user.get("active"), bool):
        raise IncompleteRead(f"Crowd answered with the user {name} and does not tell whether it is active.")
    attributes = attributes_of(user)
    shown = {each: attributes[each] for each in wanted if each in attributes}
    return Account(
        id=key,
        name=name,
        key=account_key(name),
        display_name=_text(user, "display-name"),
        email=_text(user, "email"),
        active=user["active"],
        external_id=attributes.get(EXTERNAL_ID) or None,
        attributes=MappingProxyType(shown),
    )


def attributes_of(user: Any) -> dict[str, str]:
    """The attributes of a user object that have a value: the first one of each, and the parts of the name."""
    found = {name: _text(user, field) for name, field in NAME_PARTS.items()}
    expanded = user.get("attributes")
    listed = expanded.get("attributes") if isinstance(expanded, dict) else None
    for entry in listed if isinstance(listed, list) else []:
        values = entry.get("values") if isinstance(entry, dict) else None
        if isinstance(values, list) and values and isinstance(entry.get("name"), str):
            found.setdefault(entry["name"], str(values[0]))
    return {name: value for name, value in found.items() if value}


def directory_of(account_id: str) -> str:
    """The id of the directory that an account is in, with which its key begins; empty where it does not."""
    directory, colon, _ = account_id.partition(":")
    return directory if colon and directory.isdigit() else ""


def _text(user: Mapping[str, Any], field: str) -> str:
    """A text of a user object; one that is left out is blank."""
    value = user.get(field)
    return value if isinstance(value, str) else ""
