"""One PATCH operation as a provider sends it, made into the strict operations that mean the same (RFC 7644 §3.5.2).

It never widens a removal: a list of members to remove stays that list, and one that cannot be read is refused by
the strict core rather than taken for “all of them”. An operation that asks for nothing stays as one that changes
nothing, because a PATCH without operations is an error.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from core.scim.attributes import (
    NEVER_EMPTIED,
    attribute_value,
    dropped_attribute,
    is_empty,
    is_manager,
    is_multi_valued,
)
from core.scim.expansion import expand
from core.scim.paths import ENTERPRISE, Path, ResourceType, known_schema, parse_path, with_real_booleans
from core.scim.resources import extension, shaped, without_nulls
from core.scim.tolerances import Tolerance

Operation = dict[str, object]


def strict_operations(operation: object, resource_type: ResourceType, used: set[Tolerance]) -> list[object]:
    """Give the strict operations, one or more, for one that was sent; a malformed one comes back unchanged."""
    if not isinstance(operation, dict) or not isinstance(operation.get("op"), str):
        return [operation]
    op = operation["op"].lower()
    if op not in ("add", "replace", "remove"):
        return [operation]
    if op != operation["op"]:
        used.add("op-case")
    operation = {**operation, "op": op}
    text, value = operation.get("path"), operation.get("value")
    if isinstance(text, str):
        path = parse_path(text)
        return [operation] if path is None else [*_with_path(operation, path, resource_type, used)]
    if text is None and isinstance(value, dict) and op != "remove":
        return [*_without_path(operation, value, resource_type, used)]
    return [operation]


def _with_path(
    operation: Operation, sent: Path, resource_type: ResourceType, used: set[Tolerance]
) -> Iterator[Operation]:
    if (dropped := dropped_attribute(sent, resource_type)) and dropped != "meta-dropped":
        used.add(dropped)
        yield {"op": "replace", "value": {}}
        return
    path = _strict_path(sent, resource_type, used)
    operation = {**operation, "path": str(path)}
    if "value" not in operation:
        yield operation
    elif operation["op"] == "remove":
        yield from _removals(operation, path, resource_type, used)
    else:
        yield _assignment(operation, path, resource_type, used)


def _strict_path(path: Path, resource_type: ResourceType, used: set[Tolerance]) -> Path:
    strict = with_real_booleans(path)
    if strict != path:
        used.add("boolean-as-string-in-filter")
    if is_manager(strict, resource_type) and strict.schema is None:
        used.add("manager-without-urn")
        strict = replace(strict, schema=ENTERPRISE)
    return strict


def _assignment(operation: Operation, path: Path, resource_type: ResourceType, used: set[Tolerance]) -> Operation:
    if path.schema == ENTERPRISE and not path.attribute:
        return {**operation, "value": extension(operation["value"], resource_type, used)}
    value = attribute_value(path, operation["value"], resource_type, used)
    if is_manager(path, resource_type) and is_empty(value) and (path.sub or "value").lower() == "value":
        used.add("manager-empty")
        return {"op": "remove", "path": str(replace(path, sub=None))}
    if operation["op"] == "replace" and is_empty(value) and _may_be_emptied(path, resource_type):
        used.add("empty-as-removal")
        return {"op": "remove", "path": str(path)}
    return {**operation, "value": value}


def _may_be_emptied(path: Path, resource_type: ResourceType) -> bool:
    kept = path.schema != ENTERPRISE and path.attribute.lower() in NEVER_EMPTIED[resource_type]
    return bool(path.attribute) and (path.filter is not None or not kept)


def _removals(
    operation: Operation, path: Path, resource_type: ResourceType, used: set[Tolerance]
) -> Iterator[Operation]:
    """Remove the listed values only; a removal without its path is refused with noTarget (RFC 7644 §3.5.2.2)."""
    all_values = path.filter is None and (path.sub or "value").lower() == "value"
    if not is_multi_valued(path, resource_type) or not all_values:
        yield operation
        return
    value = operation["value"]
    if value is None:
        used.add("null-value-dropped")
        yield {key: each for key, each in operation.items() if key != "value"}
        return
    listed = [_identity(each) for each in (value if isinstance(value, list) else [value])]
    named = [identity for identity in listed if identity is not None]
    if len(named) < len(listed):
        used.add("unreadable-removal")
        yield {key: each for key, each in operation.items() if key != "path"}
        return
    used.add("removal-by-value")
    if not named:
        yield {"op": "add", "path": str(replace(path, sub=None)), "value": []}
    for identity in named:
        chosen = replace(path, filter=f"value eq {json.dumps(identity, ensure_ascii=False)}", sub=None)
        yield {"op": "remove", "path": str(chosen)}


def _identity(element: object) -> str | None:
    value = element.get("value") if isinstance(element, dict) else element
    return value if isinstance(value, str) and value else None


def _without_path(
    operation: Operation, value: dict[str, object], resource_type: ResourceType, used: set[Tolerance]
) -> Iterator[Operation]:
    expanded = expand(value, used)
    body = shaped(expanded.body, resource_type, used)
    emptied = list(_emptied(body, operation["op"] == "replace", resource_type))
    if emptied:
        used.add("empty-as-removal")
    body = _without(body, emptied)
    if operation["op"] == "add":
        body = without_nulls(body, used)
    if body or not (emptied or expanded.apart):
        yield {**{key: each for key, each in operation.items() if key != "path"}, "value": body}
    for path in emptied:
        yield {"op": "remove", "path": str(path)}
    for path, each in expanded.apart:
        yield from _with_path({"op": operation["op"], "path": str(path), "value": each}, path, resource_type, used)


def _emptied(body: dict[str, object], replacing: bool, resource_type: ResourceType) -> Iterator[Path]:
    """Give the attributes that the value takes away: all empty ones on replace, an empty manager on add too."""
    for path, value in _leaves(body):
        unmanaged = is_manager(path, resource_type) and value is None
        if unmanaged or (replacing and is_empty(value) and _may_be_emptied(path, resource_type)):
            yield path


def _leaves(body: dict[str, object]) -> Iterator[tuple[Path, object]]:
    for key, value in body.items():
        path = parse_path(key)
        if path is None or not path.whole:
            continue
        if not isinstance(value, dict):
            yield path, value
        elif (path.schema == ENTERPRISE and not path.attribute) or path.names("name"):
            for name, each in value.items():
                at = parse_path(name)
                if at is not None and at.schema is None and at.whole:
                    yield replace(path, sub=at.attribute) if path.attribute else replace(at, schema=ENTERPRISE), each


def _without(body: dict[str, object], paths: list[Path]) -> dict[str, object]:
    """Leave out what the paths name, and any object that is left with nothing by that."""
    gone = {str(path) for path in paths}
    result: dict[str, object] = {}
    for key, value in body.items():
        prefix = f"{ENTERPRISE}:" if known_schema(key) == ENTERPRISE else f"{key}."
        if key in gone:
            continue
        kept = value
        if isinstance(value, dict):
            kept = {name: each for name, each in value.items() if prefix + name not in gone}
        if kept or kept == value:
            result[key] = kept
    return result
