"""What a SCIM request did to a resource, in terms of its attributes: from two states of it, or from what was asked.

Attributes are named as a PATCH would name them (RFC 7644 section 3.5.2): `name.familyName`, `emails[work].value`.
Members and groups are told by who came and who went, not by their place in a list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_UNTOLD = frozenset({"schemas", "id", "meta"})
"""What says nothing about a person or a group."""
_LONG_LISTS = frozenset({"members", "groups"})
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_KEYS = ("type", "value", "$ref")


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute, before and after; `None` is none."""

    attribute: str
    before: str | None
    after: str | None


def resource_of(body: bytes) -> Mapping[str, Any] | None:
    """The resource that a body is; `None` where it is something else, or was cut."""
    try:
        document = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) and "id" in document else None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The attributes that differ, by name. One that `after` does not show at all stays as it was: it was not asked for
    in the answer.
    """
    old, new = (dict(_attributes(document)) for document in (before, after))
    shown = {_top(name) for name in new} | set(map(_plain, after))
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [Difference(name, old.get(name), new.get(name)) for name in changed if _top(name) in shown]


def asked(body: bytes) -> list[str]:
    """What a PATCH asks for, one operation a line: `replace active: false`, `add members: 3`."""
    try:
        document = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        return []
    operations = _member(document, "operations") if isinstance(document, dict) else None
    if not isinstance(operations, list):
        return []
    return [text for operation in operations if isinstance(operation, dict) for text in _operation(operation)]


def _operation(operation: Mapping[str, Any]) -> Iterator[str]:
    op, path, value = (_member(operation, name) for name in ("op", "path", "value"))
    verb = f"{op or 'replace'}".lower()
    if path is None and isinstance(value, dict):
        yield from (f"{verb} {name}: {_short(part)}" for name, part in value.items())
    else:
        yield f"{verb} {path or ''}".rstrip() + (f": {_short(value)}" if value is not None else "")


def _member(document: Mapping[str, Any], name: str) -> Any:
    """A member whatever its case: Entra writes `Operations` or `operations`."""
    return next((value for key, value in document.items() if key.lower() == name), None)


def _short(value: Any) -> str:
    if isinstance(value, list):
        named = [str(each.get("value", each)) if isinstance(each, dict) else str(each) for each in value]
        return named[0] if len(named) == 1 else f"{len(named)} ({', '.join(named[:3])}{', ...' if named[3:] else ''})"
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return _text(value)


def _attributes(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        if prefix or key not in _UNTOLD:
            yield from _of(prefix + _plain(key), value)


def _of(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _attributes(value, f"{name}.")
    elif isinstance(value, list):
        yield from _of_list(name, value)
    elif value is not None:
        yield name, _text(value)


def _of_list(name: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    for place, each in enumerate(values):
        if not isinstance(each, dict):
            yield f"{name}[{_text(each)}]", "yes"
        elif name in _LONG_LISTS:
            yield f"{name}[{each.get('display') or each.get('value')}]", "yes"
        else:
            key = next((str(each[key]) for key in _KEYS if each.get(key)), str(place))
            inner = {part: value for part, value in each.items() if part not in ("type", "$ref", "primary")}
            yield from _attributes(inner, f"{name}[{key}].")


def _plain(name: str) -> str:
    """`enterprise` for the URN of that extension, as the configuration calls it."""
    return "enterprise" if name == _ENTERPRISE else name


def _top(name: str) -> str:
    return name.partition(".")[0].partition("[")[0]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
