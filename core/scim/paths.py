"""Reading attribute paths and keys: schema URN, attribute, filter, sub-attribute (RFC 7644 §3.5.2, figure 7).

A URN holds dots and colons itself (“2.0:User”), so the longest known URN is taken off first, whatever its case.
Filters are found, not understood: that is left to the strict core.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

ResourceType = Literal["User", "Group"]

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CORE_SCHEMA: dict[ResourceType, str] = {"User": USER, "Group": GROUP}
KNOWN_SCHEMAS = tuple(sorted((USER, GROUP, ENTERPRISE), key=len, reverse=True))

_NAME = r"[A-Za-z$][A-Za-z0-9_$-]*"
_PATH = re.compile(rf"({_NAME})(?:\[(.*)\])?(?:\.({_NAME}))?", re.DOTALL)
# Inside a quoted text the quotes would be escaped, so this meets comparisons only.
_BOOLEAN_AS_TEXT = re.compile(r'\b(primary\s+(?:eq|ne)\s+)"(true|false)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Path:
    """One attribute path in its parts; `attribute` is empty where the path is a schema's URN alone."""

    schema: str | None
    attribute: str
    filter: str | None = None
    sub: str | None = None

    def __str__(self) -> str:
        path = self.attribute if self.filter is None else f"{self.attribute}[{self.filter}]"
        path = path if self.sub is None else f"{path}.{self.sub}"
        return ":".join(part for part in (self.schema, path) if part)

    @property
    def whole(self) -> bool:
        """Whether the path means the whole attribute, neither a part nor a choice of its values."""
        return self.filter is None and self.sub is None

    def names(self, attribute: str) -> bool:
        """Whether the path is about this attribute; SCIM compares names without case (RFC 7643 §2.1)."""
        return self.attribute.lower() == attribute.lower()


def parse_path(text: str) -> Path | None:
    """Read a path; None where it is not one, or belongs to a schema we do not have."""
    schema, rest = _split_schema(text)
    if schema is not None and not rest:
        return Path(schema, "")
    found = _PATH.fullmatch(rest)
    return None if found is None else Path(schema, found[1], found[2], found[3])


def known_schema(urn: object) -> str | None:
    """Give a schema's URN in its own case; None for one that we do not have."""
    return next((known for known in KNOWN_SCHEMAS if isinstance(urn, str) and urn.lower() == known.lower()), None)


def of_unknown_schema(key: str) -> bool:
    """Whether a key is, or begins with, the URI of a schema that we do not have."""
    return key.lower().startswith(("urn:", "http://", "https://")) and _split_schema(key)[0] is None


def with_real_booleans(path: Path) -> Path:
    """Write the booleans in the filter as booleans: Entra compares `primary` with the text “True”."""
    if path.filter is None:
        return path
    return replace(path, filter=_BOOLEAN_AS_TEXT.sub(lambda found: found[1] + found[2].lower(), path.filter))


def _split_schema(text: str) -> tuple[str | None, str]:
    for known in KNOWN_SCHEMAS:
        rest = text[len(known) :]
        if text[: len(known)].lower() == known.lower() and rest[:1] in ("", ":", "."):
            return known, rest[1:]
    return None, text
