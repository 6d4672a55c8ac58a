"""The shapes in which identity providers send the value of one attribute, put into the shape of its schema.

Only shapes that were met in practice are put right. A value that fits nothing here stays as it was, for the strict
core to refuse with the proper error.
"""

from collections.abc import Mapping

import orjson

from core.scim.paths import ENTERPRISE, Path, ResourceType
from core.scim.tolerances import Tolerance

MULTI_VALUED: dict[ResourceType, frozenset[str]] = {
    "User": frozenset(
        ("emails", "phonenumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509certificates")
    ),
    "Group": frozenset(("members",)),
}
"""Attributes with a list of values (RFC 7643 §4.1.2, §4.2), in lower case."""

NEVER_EMPTIED: dict[ResourceType, frozenset[str]] = {
    "User": frozenset(("username", "active")),
    "Group": frozenset(("displayname", "members")),
}
"""Required, or their loss would enable a user again or empty a group: the core is to refuse null there."""

_DROPPED: Mapping[str, Tolerance] = {
    "meta": "meta-dropped",
    "password": "password-dropped",
    "groups": "groups-dropped",
}

_SIMPLE = frozenset(
    [
        "username",
        "displayname",
        "nickname",
        "profileurl",
        "title",
        "usertype",
        "preferredlanguage",
        "locale",
        "timezone",
        "externalid",
        "active",
        "employeenumber",
        "costcenter",
        "organization",
        "division",
        "department",
    ]
)


def dropped_attribute(path: Path, resource_type: ResourceType) -> Tolerance | None:
    """The name under which a client's value at this path is thrown away; `None` where it is taken.

    A user's groups are read-only (RFC 7643 §4.1.2); SailPoint writes them all the same, beside the group's members.
    """
    name = path.attribute.lower()
    if path.schema == ENTERPRISE or (name == "groups" and resource_type != "User"):
        return None
    return _DROPPED.get(name)


def is_multi_valued(path: Path, resource_type: ResourceType) -> bool:
    """Whether the path's attribute holds a list; no attribute of the enterprise extension does."""
    return path.schema != ENTERPRISE and path.attribute.lower() in MULTI_VALUED[resource_type]


def is_manager(path: Path, resource_type: ResourceType) -> bool:
    """Whether the path is about the manager, with the enterprise URN or without any (Entra, legacy style)."""
    return resource_type == "User" and path.schema in (None, ENTERPRISE) and path.names("manager")


def is_empty(value: object) -> bool:
    """Whether a value stands for “no value”: null (RFC 7643 §2.5), or the empty text that some clients send."""
    return value is None or value == ""


def attribute_value(path: Path, value: object, resource_type: ResourceType, used: set[Tolerance]) -> object:
    """Put the value at a path into the shape of its schema; what fits no known shape is given back as it was."""
    if is_manager(path, resource_type):
        return _manager(value, used) if path.whole else _scalar(value, used)
    if is_multi_valued(path, resource_type) and path.sub is None:
        return _elements(path, value, used)
    if path.sub is None and path.attribute.lower() not in _SIMPLE:
        return value
    value = _scalar(value, used)
    boolean = path.sub.lower() == "primary" if path.sub else path.names("active")
    return _boolean(value, used) if boolean else value


def _scalar(value: object, used: set[Tolerance]) -> object:
    while isinstance(value, list) and len(value) == 1:
        used.add("scalar-in-list")
        only = value[0]
        value = only["value"] if isinstance(only, dict) and "value" in only else only
    return value


def _boolean(value: object, used: set[Tolerance]) -> object:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        used.add("boolean-as-string")
        return value.lower() == "true"
    return value


def _manager(value: object, used: set[Tolerance]) -> object:
    """Give the manager as an object, or None for no manager."""
    while isinstance(value, list) and len(value) == 1:
        used.add("manager-not-complex")
        value = value[0]
    if is_empty(value) or value == [] or (isinstance(value, dict) and "value" in value and is_empty(value["value"])):
        used.add("manager-empty")
        return None
    if isinstance(value, str):
        used.add("manager-not-complex")
        return {"value": value}
    return _without_null_ref(value, used) if isinstance(value, dict) else value


def _elements(path: Path, value: object, used: set[Tolerance]) -> object:
    if isinstance(value, dict) and path.filter is None:
        used.add("object-for-list")
        value = [value]
    if isinstance(value, list):
        return [_element(path, each, used) for each in value]
    return _element(path, value, used)


def _element(path: Path, element: object, used: set[Tolerance]) -> object:
    if not isinstance(element, dict):
        return element
    element = _without_null_ref(element, used)
    if path.filter is None:  # with one, it is merged into an entry, and null takes something away
        element = _without_nulls(element, used)
    if path.names("roles"):
        element = _role(element, used)
    return {
        key: _boolean(value, used) if isinstance(key, str) and key.lower() == "primary" else value
        for key, value in element.items()
    }


def _role(role: dict[str, object], used: set[Tolerance]) -> dict[str, object]:
    """Open the JSON that Entra's legacy style puts into `value`, and call the name `display` (RFC 7643 §2.4)."""
    while (inner := _json_object(role.get("value"))) is not None:
        used.add("role-as-json-string")
        role = {**role, **{key: inner[key] for key in ("value", "display", "displayName") if key in inner}}
    if "displayName" in role:
        used.add("role-display-name")
        name = role["displayName"]
        role = {"display": name, **{key: value for key, value in role.items() if key != "displayName"}}
    return role


def _json_object(text: object) -> dict[str, object] | None:
    """Read a text as a JSON object with a `value`; None where it is anything else."""
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return None
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) and "value" in parsed else None


def _without_null_ref(value: dict[str, object], used: set[Tolerance]) -> dict[str, object]:
    if "$ref" not in value or value["$ref"] is not None:
        return value
    used.add("null-ref-dropped")
    return {key: each for key, each in value.items() if key != "$ref"}


def _without_nulls(element: dict[str, object], used: set[Tolerance]) -> dict[str, object]:
    kept = {key: value for key, value in element.items() if value is not None or key.lower() == "value"}
    if len(kept) < len(element):
        used.add("null-dropped")
    return kept
