"""The keys of a PATCH value without a path, spread out: dotted keys, keys with a URN, keys with a filter.

Entra's SCIM-compliant style merges changes into one value under keys that are paths; RFC 7644 §3.5.2 wants nested
attributes. A key with a filter cannot be nested: it is handed back apart, to become an operation with a path.
"""

from dataclasses import dataclass, field, replace

from core.scim.paths import ENTERPRISE, Path, parse_path
from core.scim.tolerances import Tolerance


@dataclass(frozen=True, slots=True)
class Expanded:
    """The nested attributes, and what has to become operations of its own."""

    body: dict[str, object] = field(default_factory=dict)
    apart: list[tuple[Path, object]] = field(default_factory=list)


def expand(value: dict[str, object], used: set[Tolerance]) -> Expanded:
    """Nest the attributes of a value whose keys may be paths; keys that are no paths stay as they are."""
    expanded = Expanded()
    for key, each in value.items():
        if key.lower() == "id":
            used.add("id-dropped")
            continue
        path = parse_path(key)
        if path is None:
            expanded.body[key] = each
        elif path.attribute:
            _note(path, used)
            _place(path, each, expanded)
        else:
            _expand_schema(path, key, each, expanded, used)
    return expanded


def _expand_schema(path: Path, key: str, value: object, expanded: Expanded, used: set[Tolerance]) -> None:
    """Spread what stands under a schema's URN; the core schema's attributes belong to the top (RFC 7643 §3.3)."""
    if not isinstance(value, dict) or not value:
        expanded.body[key] = _own(value)
        return
    for name, each in value.items():
        inner = parse_path(name)
        if inner is None or inner.schema is not None:
            kept = expanded.body.setdefault(key, {})
            if isinstance(kept, dict):
                kept[name] = each
            continue
        if path.schema != ENTERPRISE:
            used.add("urn-key")
        _note(inner, used)
        _place(replace(inner, schema=path.schema), each, expanded)


def _note(path: Path, used: set[Tolerance]) -> None:
    if path.schema is not None:
        used.add("urn-key")
    if path.filter is not None:
        used.add("value-path-key")
    elif path.sub is not None:
        used.add("dotted-key")


def _place(path: Path, value: object, expanded: Expanded) -> None:
    """Nest a value at its path; where something else than an object is in the way, it goes apart."""
    if path.filter is not None:
        expanded.apart.append((path, value))
        return
    schema = [ENTERPRISE] if path.schema == ENTERPRISE else []
    names = [*schema, path.attribute, *([path.sub] if path.sub else [])]
    inside = expanded.body
    for key in names[:-1]:
        found = inside.setdefault(_same_name(inside, key), {})
        if not isinstance(found, dict):
            expanded.apart.append((path, value))
            return
        inside = found
    name = _same_name(inside, names[-1])
    there = inside.get(name)
    inside[name] = {**there, **value} if isinstance(there, dict) and isinstance(value, dict) else _own(value)


def _own(value: object) -> object:
    # A later dotted key writes into this object, which must not be the sender's.
    return dict(value) if isinstance(value, dict) else value


def _same_name(inside: dict[str, object], name: str) -> str:
    return next((key for key in inside if key.lower() == name.lower()), name)
