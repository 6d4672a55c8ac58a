"""Whether a document can be kept in the identity store: what its texts may be."""

from collections.abc import Mapping
from typing import Any

from core.store.identities import storable


def trouble_with(document: Mapping[str, Any], name: str) -> str | None:
    """Why a document cannot be kept, whose name is in `name`; `None` where it can."""
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        return f"it has no {name}"
    if not value.isprintable():
        return f"its {name} holds characters that do not print"
    if not all(map(storable, _texts(document))):
        return "it holds characters that cannot be stored"
    return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]
