"""Users and groups as Entra's default provisioning mapping brings them by SCIM, made from Graph's properties.

Source: Microsoft, "Tutorial: Develop a SCIM endpoint", default attribute mapping of a non-gallery application. What the
mapping does not name stays as it is in a document that was there before, so that a provider that pushed its users by
SCIM can be read over Graph from one day to the next. One thing is better than there: what was cleared in the directory
is cleared in the document, which provisioning by SCIM never does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.store.attributes import DIRECTORY, ENTERPRISE

Document = dict[str, Any]
Properties = Mapping[str, Any]
CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

_GUEST_MARK = "#EXT#@"


def _property(name: str) -> Callable[[Properties], str | None]:
    return lambda user: user.get(name)


def user_name(user: Properties) -> str:
    """The userName; a guest's without what the tenant appends."""
    return str(user["userPrincipalName"]).split(_GUEST_MARK)[0]


def _whole_name(user: Properties) -> str | None:
    return " ".join(part for part in (user.get("givenName"), user.get("surname")) if part) or None


def _first_phone(user: Properties) -> str | None:
    phones = user.get("businessPhones")
    return str(phones[0]) if isinstance(phones, list) and phones else None


_SINGLE: tuple[tuple[str, Callable[[Properties], str | None]], ...] = (
    ("userName", user_name),
    ("displayName", _property("displayName")),
    ("title", _property("jobTitle")),
    ("preferredLanguage", _property("preferredLanguage")),
    ("externalId", _property("mailNickname")),
)
_INSIDE: tuple[tuple[str, str, Callable[[Properties], str | None]], ...] = (
    ("name", "givenName", _property("givenName")),
    ("name", "familyName", _property("surname")),
    ("name", "formatted", _whole_name),
    (ENTERPRISE, "employeeNumber", _property("employeeId")),
    (ENTERPRISE, "department", _property("department")),
)
_ENTRIES: tuple[tuple[str, str, str, Callable[[Properties], str | None]], ...] = (
    ("emails", "work", "value", _property("mail")),
    ("addresses", "work", "formatted", _property("officeLocation")),
    ("addresses", "work", "streetAddress", _property("streetAddress")),
    ("addresses", "work", "locality", _property("city")),
    ("addresses", "work", "region", _property("state")),
    ("addresses", "work", "postalCode", _property("postalCode")),
    ("addresses", "work", "country", _property("country")),
    ("phoneNumbers", "work", "value", _first_phone),
    ("phoneNumbers", "mobile", "value", _property("mobilePhone")),
    ("phoneNumbers", "fax", "value", _property("faxNumber")),
)


def user_document(
    user: Properties, *,
    active: bool, manager: str | None, before: Document | None = None, details: Mapping[str, str] | None = None,
) -> Document:  # fmt: skip
    """The document of a user, made of the one it had. `manager` is our id of the manager, `details` what SCIM would not
    bring."""
    document: Document = {**(before or {}), "active": active}
    for name, read in _SINGLE:
        _put(document, name, read(user))
    for name, sub, read in _INSIDE:
        _put_inside(document, name, sub, read(user))
    for name, kind, sub, read in _ENTRIES:
        _put_entry(document, name, kind, sub, read(user))
    held = (document.get(ENTERPRISE) or {}).get("manager")
    if manager is None or not isinstance(held, dict) or held.get("value") != manager:
        _put_inside(document, ENTERPRISE, "manager", None if manager is None else {"value": manager})
    _put(document, DIRECTORY, dict(details) if details else None)
    schemas = [CORE_USER, *(each for each in (ENTERPRISE, DIRECTORY) if each in document)]
    return {"schemas": schemas} | {name: value for name, value in document.items() if name != "schemas"}


def switched_off(document: Document) -> Document:
    """The document of a user who is deleted, or not in scope: nothing else about it is known any more."""
    return {**document, "active": False}


def group_document(group: Properties, object_id: str, before: Document | None = None) -> Document:
    """The document of a group, made of the one it had."""
    told = {"displayName": group["displayName"], "externalId": object_id}
    return {"schemas": [CORE_GROUP], **(before or {}), **told}


def _put(document: Document, name: str, value: Any) -> None:
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value


def _put_inside(document: Document, name: str, sub: str, value: Any) -> None:
    inside = dict(document.get(name) or {})
    _put(inside, sub, value)
    _put(document, name, inside or None)


def _put_entry(document: Document, name: str, kind: str, sub: str, value: str | None) -> None:
    """Set one part of the entry of a type; one that says nothing more is taken out."""
    entries = [dict(entry) for entry in document.get(name) or ()]
    entry = next((each for each in entries if str(each.get("type", "")).lower() == kind), None)
    if entry is None:
        if value is None:
            return
        # Only the work entry is marked, as Entra does it.
        entry = {"type": kind} | ({"primary": True} if kind == "work" else {})
        entries.append(entry)
    _put(entry, sub, value)
    kept = [each for each in entries if each.keys() - {"type", "primary"}]
    _put(document, name, kept or None)
