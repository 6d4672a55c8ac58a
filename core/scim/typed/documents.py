"""A whole user or group as sent by POST or PUT, made into the document that is stored."""

from collections.abc import Mapping
from typing import Any

from core.scim.paths import CORE_SCHEMA, ENTERPRISE
from core.scim.typed.shapes import ABSENT, GROUP, MEMBERS, USER, Shape
from core.store.identities import Kind

_SERVERS = frozenset(("id", "meta", "groups", "schemas", "members"))
"""Attributes that are the server's to write, or are kept elsewhere."""
_NAME: Mapping[Kind, str] = {"User": "userName", "Group": "displayName"}
_SHAPES: Mapping[Kind, Mapping[str, Shape]] = {"User": USER, "Group": GROUP}


def document_of(kind: Kind, sent: dict[str, Any]) -> dict[str, Any] | None:
    """The document to store for a strict resource; `None` where anything about it is for the library to judge."""
    if not _is_declared(kind, sent.get("schemas")):
        return None
    shapes = _SHAPES[kind]
    kept: dict[str, Any] = {"schemas": [CORE_SCHEMA[kind]]}
    for name, value in sent.items():
        if name in _SERVERS:
            continue
        shape = shapes.get(name)
        known = None if shape is None else shape(value)
        if known is None:
            return None
        if known is not ABSENT:
            kept[name] = known
    return with_schemas(kept) if is_name(kept.get(_NAME[kind])) else None


def members_of(sent: dict[str, Any]) -> dict[str, str | None] | None:
    """The members a strict group has, as id → display; `None` where they are for the library to judge."""
    return member_list(sent.get("members", []))


def member_list(value: Any) -> dict[str, str | None] | None:
    """A list of members as id → what the IdP calls it; `None` where it is for the library to judge."""
    if type(value) is list:  # Okta tells no display by null
        value = [_told(member) if type(member) is dict else member for member in value]
    members = MEMBERS(value)
    if members is None:
        return None
    if members is ABSENT:
        return {}
    if not all("value" in member for member in members):
        return None
    return {member["value"]: member.get("display") for member in members}


def is_strict(kind: Kind, sent: dict[str, Any]) -> bool:
    """Whether a resource is in strict form as it was sent: normalising it would change nothing but drop `meta`."""
    if "id" in sent or "groups" in sent or document_of(kind, sent) is None:
        return False
    if any(role.get("value", "").startswith("{") for role in sent.get("roles", ())):
        return False  # Entra's legacy style puts a JSON document there
    return kind == "User" or MEMBERS(sent.get("members", [])) is not None


def _told(member: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if value is not None} if None in member.values() else member


def is_name(value: Any) -> bool:
    """Whether it can name a user or a group: not blank, and no character that a terminal would act upon."""
    return type(value) is str and value.isprintable() and not value.isspace() and bool(value)


def with_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schemas that it has attributes of, first (RFC 7643 §3)."""
    schemas = [document["schemas"][0], *([ENTERPRISE] if document.get(ENTERPRISE) else [])]
    return {**document, "schemas": schemas}


def _is_declared(kind: Kind, schemas: Any) -> bool:
    """Whether the resource names its own schema, and no other kind's."""
    known = (CORE_SCHEMA[kind], ENTERPRISE) if kind == "User" else (CORE_SCHEMA[kind],)
    return type(schemas) is list and CORE_SCHEMA[kind] in schemas and all(urn in known for urn in schemas)
