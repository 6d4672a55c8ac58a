"""What of a resource a client asked to see: `attributes` or `excludedAttributes` (RFC 7644 §3.4.2.5, §3.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from scim2_models import InvalidValueException

from core.scim.paths import CORE_SCHEMA, ENTERPRISE, known_schema, parse_path
from core.store.identities import Kind

_ALWAYS = frozenset(("id", "schemas"))
"""Returned whatever was asked (RFC 7643 §3.1)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The attributes to show, or those not to show, in lower case; a sub-attribute after a dot."""

    shown: frozenset[str] | None = None
    """`None`: all."""
    hidden: frozenset[str] = frozenset()

    @staticmethod
    def of(query: Mapping[str, str]) -> "Projection":
        """What the parameters of a query ask for; their names are read in any case.

        :raises InvalidValueException: where both are given, which exclude one another.
        """
        if not query:
            return _WHOLE
        names = {key.lower(): value for key, value in query.items()}
        return _read(names.get("attributes", ""), names.get("excludedattributes", ""))

    @property
    def is_whole(self) -> bool:
        """Whether nothing was asked, so that everything is shown."""
        return self.shown is None and not self.hidden

    def wants(self, name: str) -> bool:
        """Whether any of a top-level attribute is shown."""
        key = name.lower()
        if self.shown is not None:
            return key in _ALWAYS or any(each == key or each.startswith(f"{key}.") for each in self.shown)
        return key in _ALWAYS or key not in self.hidden

    def apply(self, kind: Kind, resource: bytes) -> bytes:
        """The resource with nothing but what is shown."""
        if self.is_whole:
            return resource
        document: dict[str, Any] = orjson.loads(resource)
        kept = {name: part for name, value in document.items() if (part := self._part(name, value)) not in (None, {})}
        if kind == "User" and ENTERPRISE not in kept:
            kept["schemas"] = [CORE_SCHEMA[kind]]
        return orjson.dumps(kept)

    def _part(self, name: str, value: Any) -> Any:
        key = name.lower()
        if key in _ALWAYS:
            return value
        if self.shown is not None and key in self.shown:
            return value
        if self.shown is None and key in self.hidden:
            return None
        if isinstance(value, dict):
            return self._inside(key, value)
        if isinstance(value, list):
            parts = [self._inside(key, each) if isinstance(each, dict) else each for each in value]
            return [part for part in parts if part != {}] or None
        return None if self.shown is not None else value

    def _inside(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        if self.shown is not None:
            return {sub: each for sub, each in value.items() if self._shows(f"{key}.{sub.lower()}")}
        return {sub: each for sub, each in value.items() if f"{key}.{sub.lower()}" not in self.hidden}

    def _shows(self, place: str) -> bool:
        assert self.shown is not None
        return place in self.shown or any(each.startswith(f"{place}.") for each in self.shown)


_WHOLE = Projection()


@lru_cache(maxsize=256)
def _read(attributes: str, excluded: str) -> Projection:
    shown, hidden = _places(attributes), _places(excluded)
    if shown and hidden:
        raise InvalidValueException(detail="attributes and excludedAttributes exclude one another: send one of them")
    return Projection(shown or None, hidden)


def _places(listed: str) -> frozenset[str]:
    return frozenset(place for name in listed.split(",") if (place := _place(name.strip())))


def _place(name: str) -> str | None:
    if known_schema(name) == ENTERPRISE:
        return ENTERPRISE.lower()
    path = parse_path(name)
    if path is None or not path.attribute:
        return None
    inside = [ENTERPRISE] if path.schema == ENTERPRISE else []
    return ".".join(part for part in (*inside, path.attribute, path.sub) if part).lower()
