"""The attributes of one resource as a provider sends them: what is not ours is left out, the rest put into shape.

It serves whole resources (POST, PUT) and the value of a PATCH operation without a path alike. Nulls stay here,
because they mean “absent” in the one and “remove” in the other.
"""

from core.scim.attributes import attribute_value, dropped_attribute
from core.scim.paths import CORE_SCHEMA, ENTERPRISE, Path, ResourceType, known_schema, of_unknown_schema
from core.scim.tolerances import Tolerance


def shaped(body: dict[str, object], resource_type: ResourceType, used: set[Tolerance]) -> dict[str, object]:
    """Put every attribute of a resource into the shape of its schema; nulls stay."""
    result: dict[str, object] = {}
    for key, value in body.items():
        if dropped := dropped_attribute(Path(None, key), resource_type):
            used.add(dropped)
        elif key.lower() == "schemas":
            result[key] = _schemas(value, resource_type, used)
        elif known_schema(key) == ENTERPRISE:
            result[key] = extension(value, resource_type, used)
        elif of_unknown_schema(key):
            used.add("unknown-schema-dropped")
        else:
            result[key] = attribute_value(Path(None, key), value, resource_type, used)
    return _with_manager_in_its_schema(result, used) if resource_type == "User" else result


def extension(value: object, resource_type: ResourceType, used: set[Tolerance]) -> object:
    """Put the attributes of the enterprise extension into shape (RFC 7643 §4.3)."""
    if not isinstance(value, dict):
        return value
    return {key: attribute_value(Path(ENTERPRISE, key), each, resource_type, used) for key, each in value.items()}


def without_nulls(body: dict[str, object], used: set[Tolerance]) -> dict[str, object]:
    """Leave out the attributes that are null: the same as absent (RFC 7643 §2.5)."""
    kept = {key: _inner_without_nulls(key, value, used) for key, value in body.items() if value is not None}
    if len(kept) < len(body):
        used.add("null-dropped")
    return kept


def _inner_without_nulls(key: str, value: object, used: set[Tolerance]) -> object:
    if not isinstance(value, dict) or not (known_schema(key) == ENTERPRISE or key.lower() == "name"):
        return value
    kept = {name: each for name, each in value.items() if each is not None}
    if len(kept) < len(value):
        used.add("null-dropped")
    return kept


def _schemas(value: object, resource_type: ResourceType, used: set[Tolerance]) -> object:
    """Keep the schemas we have, each once; where none is left (SCIM 1.1 URNs), name the resource's own."""
    if not isinstance(value, list) or not all(isinstance(urn, str) for urn in value):
        return value
    known = [known_schema(urn) for urn in value]
    if None in known:
        used.add("unknown-schema-dropped")
    kept = list(dict.fromkeys(urn for urn in known if urn is not None))
    return kept or ([CORE_SCHEMA[resource_type]] if value else value)


def _with_manager_in_its_schema(body: dict[str, object], used: set[Tolerance]) -> dict[str, object]:
    bare = next((key for key in body if key.lower() == "manager"), None)
    schema = next((key for key in body if known_schema(key) == ENTERPRISE), ENTERPRISE)
    inside = body.get(schema, {})
    if bare is None or not isinstance(inside, dict):
        return body
    used.add("manager-without-urn")
    named = any(key.lower() == "manager" for key in inside)
    rest = {key: value for key, value in body.items() if key.lower() != "manager"}
    return {**rest, schema: inside if named else {**inside, "manager": body[bare]}}
