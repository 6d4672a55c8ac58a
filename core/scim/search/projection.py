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
_LINKED = {"groups": b',"groups":[', "members": b',"members":['}
"""What is not in a stored document, so that it is simply not read where it is not wanted; and how it begins in JSON."""


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
        if self.is_whole or self._is_left_out_of(resource):
            return resource
        document: dict[str, Any] = orjson.loads(resource)
        kept = {name: part for name, value in document.items() if (part := self._part(name, value)) not in (None, {})}
        if kind == "User" and ENTERPRISE not in kept:
            kept["schemas"] = [CORE_SCHEMA[kind]]
        return orjson.dumps(kept)

    def _is_left_out_of(self, resource: bytes) -> bool:
        """Whether all that is hidden is not there anyway: `excludedAttributes=members` of a group without any read."""
        return self.shown is None and all(name in _LINKED and _LINKED[name] not in resource for name in self.hidden)

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
        parts = ((sub, self._sub(f"{key}.{sub.lower()}", each)) for sub, each in value.items())
        return {sub: part for sub, part in parts if part not in (None, {})}

    def _sub(self, place: str, value: Any) -> Any:
        """What is shown of a sub-attribute; the manager in the extension has sub-attributes itself."""
        if self.shown is None:
            return None if place in self.hidden else self._inside(place, value) if isinstance(value, dict) else value
        if place in self.shown:
            return value
        return self._inside(place, value) if isinstance(value, dict) else None


_WHOLE = Projection()


@lru_cache(maxsize=256)
def _read(attributes: str, excluded: str) -> Projection:
    shown, hidden = (_places(attributes) if attributes.strip(" ,") else None), _places(excluded)
    if shown is not None and hidden:
        raise InvalidValueException(detail="attributes and excludedAttributes exclude one another: send one of them")
    return Projection(shown, hidden)


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
