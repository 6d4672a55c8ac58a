"""A PATCH of plain attributes of a user or a group (RFC 7644 §3.5.2), read into edits and made on the document.

Taken are additions, replacements and removals of single values, of parts of `name`, of the enterprise extension, and
of one part of the one entry that a filter on its type chooses: what IdPs send. The edits copy what they change.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.scim.paths import ENTERPRISE
from core.scim.typed.documents import is_name, with_schemas
from core.scim.typed.shapes import ABSENT, EXTENSION, GROUP, LISTS, NAME, USER, Shape
from core.store.identities import Kind

Document = dict[str, Any]
_ONE_ENTRY = re.compile(r'(?P<list>[A-Za-z]+)\[type eq "(?P<type>[^"\\]*)"\]\.(?P<sub>[A-Za-z]+)')
_REQUIRED: Mapping[Kind, str] = {"User": "userName", "Group": "displayName"}
_SINGLE: Mapping[Kind, Mapping[str, Shape]] = {
    "User": {name: shape for name, shape in USER.items() if name not in LISTS and name not in ("name", ENTERPRISE)},
    "Group": GROUP,
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that is set, or taken away where it is `ABSENT`."""

    place: tuple[str, ...]
    """The attribute, or the complex attribute and its sub-attribute."""
    value: Any
    entry: str | None = None
    """The `type` of the entry meant, where the attribute is a list."""


def edits_of(kind: Kind, operation: dict[str, Any]) -> list[Edit] | None:
    """What one strict operation sets and takes away; `None` where it is for the library to judge."""
    verb, path, value = operation.get("op"), operation.get("path"), operation.get("value")
    if verb == "remove":
        return None if "value" in operation or type(path) is not str else _removal(kind, path)
    if verb not in ("add", "replace"):
        return None
    if path is not None:
        edit = _at(kind, path, value) if type(path) is str else None
        return None if edit is None else [edit]
    if type(value) is not dict:
        return None
    edits = list(_inside(kind, value))
    return None if None in edits else [edit for edit in edits if edit is not None]


def edited(kind: Kind, document: Document, edits: list[Edit]) -> Document | None:
    """The document with these edits made in order; `None` where what is stored makes them the library's."""
    for edit in edits:
        changed = _made(document, edit)
        if changed is None:
            return None
        document = changed
    return with_schemas(document) if is_name(document.get(_REQUIRED[kind])) else None


def _at(kind: Kind, path: str, value: Any) -> Edit | None:
    """The edit that a path asks for."""
    place, shape, entry = _place(kind, path)
    known = None if shape is None else shape(value)
    return None if known is None or known is ABSENT else Edit(place, known, entry)


def _removal(kind: Kind, path: str) -> list[Edit] | None:
    place, shape, entry = _place(kind, path)
    if shape is None or place[-1] in ("active", _REQUIRED[kind]):
        return None
    return [Edit(place, ABSENT, entry)]


def _place(kind: Kind, path: str) -> tuple[tuple[str, ...], Shape | None, str | None]:
    """Where a path leads, what its value must be like, and which entry of a list it means; no shape: not taken."""
    if (single := _SINGLE[kind].get(path)) is not None:
        return (path,), single, None
    if kind == "Group":
        return (path,), None, None
    if path.startswith("name."):
        sub = path.removeprefix("name.")
        return ("name", sub), NAME.get(sub), None
    if path.startswith(f"{ENTERPRISE}:"):
        sub = path.removeprefix(f"{ENTERPRISE}:")
        return (ENTERPRISE, sub), EXTENSION.get(sub), None
    if (found := _ONE_ENTRY.fullmatch(path)) and found["sub"] != "primary" and found["sub"] != "type":
        return (found["list"], found["sub"]), LISTS.get(found["list"], {}).get(found["sub"]), found["type"]
    return (path,), None, None


def _inside(kind: Kind, value: Document) -> Iterator[Edit | None]:
    """The edits that an operation without a path asks for; `None` for what is not taken."""
    for name, each in value.items():
        if name == "schemas":
            continue
        if kind == "User" and name in ("name", ENTERPRISE):
            subs = NAME if name == "name" else EXTENSION
            yield from _subs(name, subs, each)
        else:
            shape = _SINGLE[kind].get(name)
            known = None if shape is None else shape(each)
            yield None if known is None or known is ABSENT else Edit((name,), known)


def _subs(name: str, shapes: Mapping[str, Shape], value: Any) -> Iterator[Edit | None]:
    if type(value) is not dict or not value:
        yield None
        return
    for sub, each in value.items():
        shape = shapes.get(sub)
        known = None if shape is None else shape(each)
        yield None if known is None or known is ABSENT else Edit((name, sub), known)


def _made(document: Document, edit: Edit) -> Document | None:
    name = edit.place[0]
    if edit.entry is not None:
        entries = _with_entry(document.get(name) or [], edit)
        return None if entries is None else _put(document, name, entries)
    if len(edit.place) == 1:
        return _put(document, name, edit.value)
    sub, inside = edit.place[1], document.get(name) or {}
    if sub == "manager" and not _is_plain(inside.get("manager"), edit.value):
        return None
    return _put(document, name, _put(inside, sub, edit.value))


def _is_plain(manager: Any, new: Any) -> bool:
    """Whether a manager, as stored and as it is to be, is an id and nothing else, so that nothing could be merged."""
    return new is ABSENT or manager is None or manager.keys() <= {"value"}


def _with_entry(entries: list[Document], edit: Edit) -> list[Document] | None:
    """The list with one part of the entry of that type changed; a value for one that is not there makes it."""
    assert edit.entry is not None
    of_type = [at for at, entry in enumerate(entries) if str(entry.get("type", "")).lower() == edit.entry.lower()]
    if edit.value is ABSENT or len(of_type) > 1 or not edit.entry:
        return None
    if not of_type:
        return [*entries, {edit.place[1]: edit.value, "type": edit.entry}]
    at = of_type[0]
    return [*entries[:at], entries[at] | {edit.place[1]: edit.value}, *entries[at + 1 :]]


def _put(document: Document, name: str, value: Any) -> Document:
    """The object with that value; one that is absent, or empty, is taken out."""
    if value is ABSENT or value == {} or value == []:
        return {key: each for key, each in document.items() if key != name}
    return {**document, name: value}
