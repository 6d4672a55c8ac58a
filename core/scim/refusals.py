"""What a PATCH may not set to null: the library reads that as removal, which would empty a group by a slip."""

from typing import Any

from core.scim.attributes import NEVER_EMPTIED
from core.scim.paths import ResourceType


def emptied(operations: Any, resource_type: ResourceType) -> str | None:
    """The attribute that one of these strict operations sets to null although it may not; `None` where none does."""
    listed = operations if isinstance(operations, list) else []
    return next((name for each in listed if isinstance(each, dict) and (name := _emptied(each, resource_type))), None)


def _emptied(operation: dict[str, Any], resource_type: ResourceType) -> str | None:
    kept = NEVER_EMPTIED[resource_type]
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str):
        name = path.rsplit(":", 1)[-1].lower()
        return path if name in kept and operation.get("op") != "remove" and value is None else None
    if not isinstance(value, dict):
        return None
    return next((key for key, each in value.items() if each is None and key.lower() in kept), None)
