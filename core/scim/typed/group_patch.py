"""A PATCH of a group: its members by their ids, and its name and externalId, in the order of the operations.

It touches only the rows of the members it names; only a replacement of all members looks at all of them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from core.scim.members import WantedMembers
from core.scim.typed.documents import member_list
from core.scim.typed.edits import Edit, edits_of

_ONE_MEMBER = re.compile(r'members\[value eq "(?P<id>[^"\\]+)"\]')


@dataclass(slots=True)
class GroupPatch:
    """What one request asks of a group."""

    members: WantedMembers | None = None
    """Nothing where no operation is about members."""
    edits: list[Edit] = field(default_factory=list)


def group_patch(operations: list[Any]) -> GroupPatch | None:
    """Strict operations as one change of a group; `None` where one of them is for the library to judge."""
    patch = GroupPatch()
    for operation in operations:
        if type(operation) is not dict or not _take(patch, operation):
            return None
    return patch


def _take(patch: GroupPatch, operation: dict[str, Any]) -> bool:
    """Take one operation into the patch; False where it is not taken."""
    verb, path, value = operation.get("op"), operation.get("path"), operation.get("value")
    if path is None and type(value) is dict and "members" in value:
        rest = {name: each for name, each in value.items() if name != "members"}
        is_taken = not rest or _take(patch, {**operation, "value": rest})
        return is_taken and _take_members(patch, verb, value["members"])
    if path == "members" and "value" in operation:
        return _take_members(patch, verb, value)
    if type(path) is str and verb == "remove" and "value" not in operation:
        if path == "members":
            return _take_members(patch, "replace", [])
        if one := _ONE_MEMBER.fullmatch(path):
            _wanted(patch).remove({one["id"]})
            return True
    edits = edits_of("Group", operation)
    if edits is None:
        return False
    patch.edits += edits
    return True


def _take_members(patch: GroupPatch, verb: Any, value: Any) -> bool:
    members = member_list(value)
    if members is None or verb not in ("add", "replace"):
        return False
    if verb == "add":
        _wanted(patch).add(members)
    else:
        _wanted(patch).replace(members)
    return True


def _wanted(patch: GroupPatch) -> WantedMembers:
    patch.members = patch.members or WantedMembers()
    return patch.members
