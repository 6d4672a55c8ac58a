"""A user's document as flat attributes: what mapping rules name, and planning reads.

    {"userName": …, "name": {"givenName": …}, "emails": [{"type": "work", "value": …}], "urn:…:User": {"department": …}}
    → userName, name.givenName, emails.work, enterprise.department

Only texts: a rule makes a text from a text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DIRECTORY = "urn:manciple:params:scim:schemas:extension:directory:2.0:User"
"""What is known of a user from reading the directory, and SCIM has no place for (`core.graph.details`)."""
_EXTENSIONS = {ENTERPRISE: "enterprise", DIRECTORY: "directory"}
_UNTYPED = "work"
"""An e-mail, phone number or address without a type counts as one of this type: some IdPs send none."""


def flattened(document: Mapping[str, Any]) -> dict[str, str]:
    """SCIM attribute path → value. Of several values of one type, the primary one counts, else the first."""
    return dict(_paths(document))


def _paths(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            yield from _below(_EXTENSIONS.get(name, name), value)
        elif isinstance(value, list):
            yield from _typed(name, value)


def _below(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, str):
            yield f"{name}.{key}", inner
        elif isinstance(inner, dict) and isinstance(inner.get("value"), str):
            yield f"{name}.{key}", inner["value"]


def _typed(name: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    elements = [each for each in values if isinstance(each, dict) and isinstance(each.get("value"), str)]
    for element in sorted(elements, key=lambda each: not each.get("primary")):
        kind = element.get("type")
        found.setdefault(f"{name}.{kind if isinstance(kind, str) else _UNTYPED}", element["value"])
    yield from found.items()
