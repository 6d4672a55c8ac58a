"""What of a PATCH is refused before the protocol sees it: more than others can wait for, and what no slip may empty."""

from collections.abc import Iterator
from typing import Any

from core.scim import answers
from core.scim.answers import Refused
from core.scim.attributes import NEVER_EMPTIED
from core.scim.filter_limits import check_filter
from core.scim.paths import ResourceType

MAX_PATCH_OPERATIONS = 5000
"""Operations of one PATCH at most. Entra sends a member each; a list of members in one operation has no limit."""


def check_size(document: dict[str, Any]) -> None:
    """Refuse a PATCH, as it was sent, that takes so long to work off that others would have to wait.

    :raises Refused: 413 where it has too many operations, 400 where a filter in a path asks for too much.
    """
    operations = next((value for key, value in document.items() if key.lower() == "operations"), None)
    if isinstance(operations, list) and len(operations) > MAX_PATCH_OPERATIONS:
        detail = f"the PATCH holds {len(operations)} operations, more than {MAX_PATCH_OPERATIONS}: send them in parts"
        raise Refused(answers.error(413, detail, scim_type="tooMany"))
    for operation in operations if isinstance(operations, list) else []:
        for path in _paths(operation):
            if "[" in path:
                check_filter(path)


def check_emptied(document: dict[str, Any], resource_type: ResourceType) -> None:
    """Refuse a strict PATCH that sets to null what may not be: the library reads that as removal.

    :raises Refused: 400, with the attribute.
    """
    operations = document.get("Operations")
    for operation in operations if isinstance(operations, list) else []:
        if isinstance(operation, dict) and (name := _emptied(operation, resource_type)):
            detail = f"{name} cannot be null: send the value that it is to have"
            raise Refused(answers.error(400, detail, scim_type="invalidValue"))


def _paths(operation: Any) -> Iterator[str]:
    """The path of an operation as it was sent; of one without, the keys of its value, which may be paths."""
    path, value = (operation.get("path"), operation.get("value")) if isinstance(operation, dict) else (None, None)
    if isinstance(path, str):
        yield path
    elif isinstance(value, dict):
        yield from value


def _emptied(operation: dict[str, Any], resource_type: ResourceType) -> str | None:
    kept = NEVER_EMPTIED[resource_type]
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str):
        name = path.rsplit(":", 1)[-1].lower()
        return path if name in kept and operation.get("op") != "remove" and value is None else None
    if not isinstance(value, dict):
        return None
    return next((key for key, each in value.items() if each is None and key.lower() in kept), None)
