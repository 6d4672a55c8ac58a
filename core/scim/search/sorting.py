"""The order that no column holds: by the primary value of several, or by a part of a name (RFC 7644 §3.4.2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.scim.search.fields import Document, Field
from core.scim.search.walking import Found


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a resource that is sorted: the value it is sorted by, and where it is found."""

    value: Any
    """In the form in which it is compared; `None` for a resource without one."""
    part: int
    key: int


def entry_of(found: Found, field: Field | None) -> Entry:
    """The entry of a resource."""
    return Entry(None if field is None else _value(found.document, field), found.part, found.stored.key)


def in_order(entries: Iterable[Entry], *, is_descending: bool) -> list[Entry]:
    """Sorted; missing values are last, or first when descending, and ties stay as they came."""
    listed = list(entries)
    missing = [entry for entry in listed if entry.value is None]
    present = sorted(
        (entry for entry in listed if entry.value is not None), key=lambda entry: entry.value, reverse=is_descending
    )
    return missing + present if is_descending else present + missing


def after(ordered: list[Entry], last: Entry, *, is_descending: bool) -> list[Entry]:
    """What of an order is behind an entry, which may be there no more."""

    def is_behind(entry: Entry) -> bool:
        if entry.value == last.value:
            return (entry.part, entry.key) > (last.part, last.key)
        if entry.value is None or last.value is None:
            return (entry.value is None) is not is_descending
        return bool((entry.value > last.value) is not is_descending)

    return [entry for entry in ordered if is_behind(entry)]


def _value(document: Document, field: Field) -> Any:
    """Its value; of several the primary one, or else the first."""
    whole = Field(field.extension, field.attribute, None, field.is_list, field.is_exact, field.type)
    value = whole.reader()(document)
    if type(value) is list:
        value = next((entry for entry in value if type(entry) is dict and entry.get("primary") is True), value[0])
    if type(value) is dict:
        value = value.get(field.sub)
    is_time = field.type is datetime  # ours are written so that their text has their order
    return field.comparable(value) if type(value) is str and not is_time else value
