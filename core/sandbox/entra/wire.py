"""The bodies of Entra's requests, in both of its dialects.

The flag in the tenant URL's query chooses the dialect: none means legacy, `aadOptscim062020` means compliant.
Creating is alike in both but for one schema URN; the dialects differ in PATCH.
Source: Microsoft, "Known issues with SCIM 2.0 protocol compliance of the provisioning service".
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol

from core.sandbox.entra.attributes import (
    CORE_GROUP,
    CORE_USER,
    ENTERPRISE_USER,
    MANAGER,
    Difference,
    Resource,
    Value,
    has_value_filter,
    nested,
)

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LEGACY_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
COMPLIANCE_FLAG = "aadOptscim062020"

Dialect = Literal["legacy", "compliant", "mixed"]
"""`mixed`: cycles are compliant, but every third object comes as legacy, as when admins also provision on demand
(which ignores the flag)."""


class Wire(Protocol):
    """How one dialect writes what it asks of the target."""

    group_schemas: tuple[str, ...]
    """The `schemas` of a new group."""

    def change(self, differences: Sequence[Difference]) -> Resource:
        """Return the PATCH that brings plain attributes of a user or group to what they should be."""

    def assign_manager(self, manager_id: str, *, present: bool) -> Resource:
        """Return the PATCH that gives a user a manager, or another one if one is `present`."""

    def add_members(self, user_ids: Sequence[str]) -> Resource:
        """Return the PATCH that adds members to a group."""

    def remove_members(self, user_ids: Sequence[str]) -> Resource:
        """Return the PATCH that removes members from a group."""


class Legacy:
    """Capitalised operations, one per attribute; booleans as words; removal by a list of values."""

    group_schemas: tuple[str, ...] = (CORE_GROUP, LEGACY_GROUP)

    def change(self, differences: Sequence[Difference]) -> Resource:
        """One operation per attribute, each with its path."""
        # str(False) is "False", which is what Entra sends for a boolean.
        return _patch(_operation("Replace" if one.present else "Add", one.path, str(one.value)) for one in differences)

    def assign_manager(self, manager_id: str, *, present: bool) -> Resource:
        """The bare id as a string, on the path with the URN."""
        return _patch([_operation("Replace" if present else "Add", MANAGER, manager_id)])

    def add_members(self, user_ids: Sequence[str]) -> Resource:
        """A list of values, each with a `$ref` of null."""
        return _patch([_operation("Add", "members", [{"$ref": None, "value": one} for one in user_ids])])

    def remove_members(self, user_ids: Sequence[str]) -> Resource:
        """A list of values on the bare path: remove these, not all."""
        return _patch([_operation("Remove", "members", [{"$ref": None, "value": one} for one in user_ids])])


class Compliant:
    """Lower-case operations; plain attributes merged without a path; booleans; removal by a value filter."""

    group_schemas: tuple[str, ...] = (CORE_GROUP,)

    def change(self, differences: Sequence[Difference]) -> Resource:
        """Elements one by one, then everything else in one operation per verb, under dotted and URN keys."""
        operations: list[Resource] = []
        merged: dict[str, Resource] = {}
        for one in differences:
            verb = "replace" if one.present else "add"
            if has_value_filter(one.path):
                operations.append(_operation(verb, one.path, one.value))
            else:
                merged.setdefault(verb, {})[one.path] = one.value
        return _patch([*operations, *({"op": verb, "value": value} for verb, value in merged.items())])

    def assign_manager(self, manager_id: str, *, present: bool) -> Resource:
        """The complex form of RFC 7643 §4.3."""
        return _patch([_operation("replace" if present else "add", MANAGER, {"value": manager_id})])

    def add_members(self, user_ids: Sequence[str]) -> Resource:
        """A list of values."""
        return _patch([_operation("add", "members", [{"value": one} for one in user_ids])])

    def remove_members(self, user_ids: Sequence[str]) -> Resource:
        """One operation per member, each naming it in its path."""
        return _patch({"op": "remove", "path": f'members[value eq "{one}"]'} for one in user_ids)


_LEGACY, _COMPLIANT = Legacy(), Compliant()


def wire_for(dialect: Dialect, object_id: str) -> Wire:
    """Return the dialect in which an object is sent; in a mixed one it is always the same for the same object."""
    if dialect == "legacy":
        return _LEGACY
    if dialect == "compliant":
        return _COMPLIANT
    return _COMPLIANT if zlib.crc32(object_id.encode()) % 3 else _LEGACY


def new_user(attributes: Mapping[str, Value], manager_id: str | None) -> Resource:
    """Return the body that creates a user; the manager is a plain string here, in both dialects."""
    body = {"schemas": [CORE_USER, ENTERPRISE_USER], **nested(attributes)}
    if manager_id is not None:
        body.setdefault(ENTERPRISE_USER, {})["manager"] = manager_id
    return body | {"roles": [], "meta": {"resourceType": "User"}}


def new_group(attributes: Mapping[str, Value], wire: Wire) -> Resource:
    """Return the body that creates a group, always without members: those follow as PATCH."""
    schemas = {"schemas": list(wire.group_schemas)}
    return schemas | nested(attributes) | {"meta": {"resourceType": "Group"}, "members": []}


def _patch(operations: Iterable[Resource]) -> Resource:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def _operation(verb: str, path: str, value: object) -> Resource:
    return {"op": verb, "path": path, "value": value}
