"""Our values as Crowd's JSON. An update replaces a user whole: what is left out becomes blank."""

import secrets
from collections.abc import Mapping
from typing import Any

from core.targets.crowd.reading import EXTERNAL_ID, NAME_PARTS
from core.targets.protocol import NewAccount

_ALL_CLASSES = "aA1!"
"""Ends the password, so that it has what directories demand: small and capital letters, digits, other characters."""


def new_user(account: NewAccount) -> dict[str, object]:
    """A new active user, with a random password that nobody learns, and its attributes."""
    return {
        "name": account.name,
        **_names(account.display_name, account.attributes),
        "email": account.email,
        "active": True,
        "password": {"value": secrets.token_urlsafe(24) + _ALL_CLASSES},
        "attributes": {"attributes": attribute_list(held(account))},
    }


def held(account: NewAccount) -> dict[str, str]:
    """The attributes that Crowd keeps of a new account beside its fields."""
    further = {name: value for name, value in account.attributes.items() if name not in NAME_PARTS and value}
    return further | ({EXTERNAL_ID: account.external_id} if account.external_id else {})


def attribute_list(attributes: Mapping[str, str]) -> list[dict[str, object]]:
    """Attributes with one value each."""
    return [{"name": name, "values": [value]} for name, value in sorted(attributes.items())]


def changed_user(
    user: Mapping[str, Any], *, display_name: str, email: str, attributes: Mapping[str, str]
) -> dict[str, object]:
    """The user object with another display name and e-mail.

    First and last name are those of `attributes`. Where these do not have them, they follow the display name if they
    did so before, and stay otherwise.
    """
    stored = {name: str(user.get(field) or "") for name, field in NAME_PARTS.items()}
    followed = _names(str(user.get("display-name") or ""), {})
    if display_name == user.get("display-name") or any(stored[name] != followed[NAME_PARTS[name]] for name in stored):
        attributes = {**stored, **attributes}
    return whole_user(user) | _names(display_name, attributes) | {"email": email}


def whole_user(user: Mapping[str, Any]) -> dict[str, object]:
    """All fields of a user object that an update must give."""
    texts = ("name", "first-name", "last-name", "display-name", "email")
    return {field: str(user.get(field) or "") for field in texts} | {"active": user.get("active") is not False}


def _names(display_name: str, attributes: Mapping[str, str]) -> dict[str, object]:
    """First, last and display name; those that are not given are the display name before and after its last space, as
    Crowd itself would have it."""
    first, _, last = display_name.strip().rpartition(" ")
    return {
        "first-name": attributes.get("first_name", first.strip()),
        "last-name": attributes.get("last_name", last),
        "display-name": display_name,
    }
