"""What the texts of a resource must be like before it is stored."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import orjson
from scim2_models import InvalidValueException

from core.store.identities import Kind, storable

NAMES: dict[Kind, str] = {"User": "userName", "Group": "displayName"}
"""The attribute that names a resource: required, and unique among a provider's live ones."""


def check_texts(kind: Kind, document: dict[str, Any]) -> None:
    """Refuse what no product could take as a name, and what no database could keep.

    :raises InvalidValueException: with the attribute and the remedy (RFC 7644 §3.12).
    """
    name = str(document.get(NAMES[kind], ""))
    if not name.strip():
        raise InvalidValueException(detail=f"{NAMES[kind]}: it is empty, and every {kind.lower()} needs one")
    control = (
        None
        if name.isprintable()
        else next((character for character in name if unicodedata.category(character) == "Cc"), None)
    )
    if control is not None:
        code = f"U+{ord(control):04X}"
        raise InvalidValueException(detail=f"{NAMES[kind]}: it holds the control character {code}: send it without")
    if _is_storable(document):
        return
    for path, text in _texts(document, ""):
        if not storable(text):
            raise InvalidValueException(detail=f"{path}: it holds the character U+0000: send it without")


def _is_storable(document: dict[str, Any]) -> bool:
    """Whether no text in it can be one that no database keeps: nearly always, and soon known."""
    try:
        return rb"\u0000" not in orjson.dumps(document)
    except TypeError:
        return False


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}" if path else key)
