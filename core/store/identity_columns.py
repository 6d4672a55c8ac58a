"""What of a resource's document stands in columns of its own: what it is found by, and what planning asks for."""

import unicodedata
from typing import Any, Literal

import orjson

Kind = Literal["User", "Group"]
IN_COLUMNS = ("externalId", "displayName", "userName", "emails", "active")
"""Attributes of a document that stand in columns as well."""


def name_key(name: str) -> str:
    """The form in which userName and displayName are compared: caseExact is false (RFC 7643 §4.1.1), so folded NFC."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())


def exact_key(text: str) -> str:
    """The form in which ids and externalIds are compared: caseExact is true, so NFC alone."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def storable(text: str) -> bool:
    """Whether a text can be in the store: PostgreSQL has no NUL in text, and UTF-8 no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def columns(kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    """The columns of a user or a group with this document."""
    display, external = document.get("displayName"), document.get("externalId")
    common = {
        "external_id": None if external is None else exact_key(external),
        "display_name": display,
        "display_name_key": None if display is None else name_key(display),
        "document": orjson.dumps(document),
    }
    if kind == "Group":
        return common
    emails = [email for email in document.get("emails") or [] if email.get("value") is not None]
    keys = email_keys(document)
    return common | {
        "user_name": document["userName"],
        "user_name_key": name_key(document["userName"]),
        "email": _email(emails),
        "email_key": keys[0] if len(keys) == 1 else None,
        "active": document.get("active", True),
    }


def email_keys(document: dict[str, Any]) -> list[str]:
    """The different addresses of a user, in the form in which they are compared."""
    values = (email.get("value") for email in document.get("emails") or [])
    return sorted({name_key(value) for value in values if value is not None})


def _email(emails: list[dict[str, Any]]) -> str | None:
    """The work address, else the primary, else the first."""
    if len(emails) == 1:
        return str(emails[0]["value"])
    ranked = sorted(emails, key=lambda email: (email.get("type") != "work", not email.get("primary")))
    return ranked[0]["value"] if ranked else None
