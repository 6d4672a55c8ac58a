"""Whether a document can be kept in the identity store: what its texts may be."""

from collections.abc import Mapping
from typing import Any

import orjson

from core.store.identities import storable

_NUL = rb"\u0000"
"""As JSON writes it; the same characters may also stand for themselves."""


def trouble_with(document: Mapping[str, Any], name: str) -> str | None:
    """Why a document cannot be kept, whose name is in `name`; `None` where it can."""
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        return f"it has no {name}"
    if not value.isprintable():
        return f"its {name} holds characters that do not print"
    if not _is_storable(document):
        return "it holds characters that cannot be stored"
    return None


def _is_storable(document: Mapping[str, Any]) -> bool:
    """Whether all its texts can be in the store; nearly always the document as a whole tells."""
    try:
        if _NUL not in orjson.dumps(document):
            return True
    except orjson.JSONEncodeError:  # half of a surrogate pair
        return False
    return all(map(storable, _texts(document)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]
