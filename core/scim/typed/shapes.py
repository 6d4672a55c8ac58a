"""What the typed path takes for a value of each attribute (RFC 7643 §4, §8.7.1): the type exactly, and nothing else.

Names are in the case of the schema; a client that writes them otherwise is served by the library.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from core.scim.paths import ENTERPRISE

ABSENT: Final = object()
"""What an empty list or object stands for: no value (RFC 7643 §2.5)."""
Shape = Callable[[Any], Any]
"""Gives the value as it is stored, `ABSENT`, or `None` where it is none of this path's business."""


def text(value: Any) -> Any:
    """A string."""
    return value if type(value) is str else None


def name_of_one(value: Any) -> Any:
    """A string that is not empty."""
    return value if type(value) is str and value else None


def boolean(value: Any) -> Any:
    """true or false."""
    return value if type(value) is bool else None


def complex_of(subs: Mapping[str, Shape]) -> Shape:
    """An object of these sub-attributes."""

    def shape(value: Any) -> Any:
        if type(value) is not dict:
            return None
        for name, each in value.items():
            sub = subs.get(name)
            if sub is None or sub(each) is None:
                return None
        return value or ABSENT

    return shape


def list_of(subs: Mapping[str, Shape]) -> Shape:
    """A list of objects with these sub-attributes, at most one of them primary (RFC 7643 §2.4), none empty."""
    element = complex_of(subs)

    def shape(value: Any) -> Any:
        if type(value) is not list:
            return None
        kept = [element(each) for each in value]
        if None in kept or ABSENT in kept or sum(1 for each in kept if each.get("primary")) > 1:
            return None
        return kept or ABSENT

    return shape


NAME: Mapping[str, Shape] = dict.fromkeys(
    ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"), text
)
_ENTRY: Mapping[str, Shape] = {"value": text, "display": text, "type": text, "primary": boolean}
_ADDRESS = dict.fromkeys(
    ("formatted", "streetAddress", "locality", "region", "postalCode", "country", "type"), text
) | {"primary": boolean}
LISTS: Mapping[str, Mapping[str, Shape]] = {
    "emails": _ENTRY,
    "phoneNumbers": _ENTRY,
    "addresses": _ADDRESS,
    "roles": _ENTRY,
    "entitlements": _ENTRY,
}
"""Multi-valued attributes and their sub-attributes. Photos, ims and certificates are rare, and the library's."""
MANAGER: Shape = complex_of({"value": name_of_one})
EXTENSION: Mapping[str, Shape] = dict.fromkeys(
    ("employeeNumber", "costCenter", "organization", "division", "department"), text
) | {"manager": MANAGER}
_TEXTS = ("externalId", "userName", "displayName", "nickName", "title", "userType", "preferredLanguage", "locale",
          "timezone")  # fmt: skip
USER: Mapping[str, Shape] = (
    dict.fromkeys(_TEXTS, text)
    | {"active": boolean, "name": complex_of(NAME), ENTERPRISE: complex_of(EXTENSION)}
    | {name: list_of(subs) for name, subs in LISTS.items()}
)
GROUP: Mapping[str, Shape] = {"externalId": text, "displayName": text}
MEMBERS: Shape = list_of({"value": name_of_one, "display": text, "type": text, "$ref": text})
