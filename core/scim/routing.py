"""Which provider, version and endpoint a path means: the one place that reads `/scim/<provider>/v2/…`.

It is tolerant where an admin's typing or an IdP's habit changes nothing about the meaning: slashes too many, and
the names of SCIM's own places in another case (`/users`, `/GROUPS`). What comes out is in the case of the standard,
so that everything behind it compares exactly. Ids are the resource's own and stay as they are.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.scim.paths import KNOWN_SCHEMAS
from core.store.identities import Kind

VERSION = "v2"
"""The only version of the protocol that is served (RFC 7644 §3.13)."""

_PLACES = ("Users", "Groups", "ServiceProviderConfig", "ResourceTypes", "Schemas", "Bulk", "Me", ".search")
_INSIDE = {"Users": (".search",), "Groups": (".search",), "ResourceTypes": ("User", "Group"), "Schemas": KNOWN_SCHEMAS}
"""What stands behind a place under a name of the standard; anything else behind it is an id."""
PLACES: Mapping[str, Kind] = {"/Users": "User", "/Groups": "Group"}
"""Where the resources of each kind are, as `Place.path` has it."""
_RESOURCE = re.compile(r"(/Users|/Groups)/([^/]+)")
_CASED = {name.lower(): name for name in _PLACES}
_CASED_INSIDE = {place: {name.lower(): name for name in names} for place, names in _INSIDE.items()}
_VERSION = re.compile(r"v\d+(\.\d+)*", re.IGNORECASE)


class Place(NamedTuple):
    """Where a request goes."""

    provider: str
    version: str
    """As the standard writes it: `v2`; any other is not served."""
    path: str
    """Within the provider's base URL: `/Users`, `/Users/<id>`, `/Groups/.search`, `/`."""

    @property
    def is_served(self) -> bool:
        """Whether its version is the one we have."""
        return self.version == VERSION


def place_of(path: str) -> Place | None:
    """Read the path of a URL, without its query; None where it is no provider's."""
    parts = [part for part in path.split("/") if part]
    if len(parts) < 3 or parts[0].lower() != "scim" or not (parts[2] == VERSION or _VERSION.fullmatch(parts[2])):
        return None
    return Place(parts[1], parts[2].lower(), _joined(parts[3:]))


def canonical(path: str) -> str:
    """A path within the base URL as the standard writes it: one slash each, none at the end, names in their case."""
    return _joined([part for part in path.split("/") if part])


def resource_at(path: str) -> tuple[Kind, str] | None:
    """The kind and the id of the resource at a path as `canonical` gives it; None where it is no resource's."""
    found = _RESOURCE.fullmatch(path)
    return (PLACES[found[1]], found[2]) if found and found[2] != ".search" else None


def _joined(parts: list[str]) -> str:
    if parts:
        parts[0] = _CASED.get(parts[0].lower(), parts[0])
    if len(parts) > 1:
        parts[1] = _CASED_INSIDE.get(parts[0], {}).get(parts[1].lower(), parts[1])
    return "/" + "/".join(parts)
