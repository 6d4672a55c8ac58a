"""One edit of a user or a group: the new value, and which properties became different by it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from core.sandbox.graph.objects import Group, User
from core.sandbox.graph.properties import fields_of, property_name

ObjectT = TypeVar("ObjectT", User, Group)


def edited(before: ObjectT, values: Mapping[str, Any]) -> tuple[ObjectT, frozenset[str]]:
    """The object with those fields changed, and the properties that are different now."""
    different = {name for name, value in values.items() if getattr(before, name) != value}
    changed = {"assignedLicenses" if name == "licences" else property_name(name) for name in different - {"further"}}
    if "further" in different:
        both = before.further.keys() | values["further"].keys()
        changed |= {name for name in both if before.further.get(name) != values["further"].get(name)}
    after = replace(before, **values)
    fields = fields_of(type(before))
    empty = {name for name in changed if _value(after, name, fields) in (None, (), [])}
    return replace(after, cleared=(before.cleared | empty) - (changed - empty)), frozenset(changed)


def _value(item: Any, name: str, fields: dict[str, str]) -> Any:
    return getattr(item, fields[name]) if name in fields else item.further.get(name)
