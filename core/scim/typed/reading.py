"""Reads of one resource by its id, and the match queries by which IdPs look for one: nearly all of their reads."""

import re
from collections.abc import Mapping

from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE
from sqlalchemy import Connection

from core.scim.answers import Answer
from core.scim.conditions import conditions_of, met
from core.scim.representation import list_json
from core.scim.routing import PLACES, resource_at
from core.scim.search.projection import Projection
from core.scim.typed.showing import resource_answer, resource_json, version_of
from core.scim.writes import not_found
from core.store import identities
from core.store.identities import Indexed, Kind

_MATCH = re.compile(r'(?P<name>[A-Za-z]+) +eq +"(?P<value>[^"\\]*)"', re.IGNORECASE)
_INDEXED: Mapping[Kind, Mapping[str, Indexed]] = {
    "User": {"username": "userName", "externalid": "externalId", "id": "id", "displayname": "displayName"},
    "Group": {"externalid": "externalId", "id": "id", "displayname": "displayName"},
}
_TOLD = frozenset(("filter", "attributes", "excludedattributes", "startindex", "count"))
_PAGES = frozenset(("sortby", "sortorder", "cursor"))


def glance(connection: Connection, provider: str, request: ScimRequest) -> Answer | None:
    """Answer what takes no longer than reading a few rows; `None` for everything else.

    :raises SCIMException: where the id is not known, or the projection is contradictory.
    """
    if request.method != "GET":
        return None
    if kind := PLACES.get(request.path):
        return _matched(connection, provider, kind, request)
    place = resource_at(request.path)
    if place is None or (place[0] == "Group" and Projection.of(request.query).wants("members")):
        return None
    return read_one(connection, provider, request)


def read_one(connection: Connection, provider: str, request: ScimRequest) -> Answer | None:
    """The resource at `/Users/<id>` or `/Groups/<id>`; 304 where the client has this version (RFC 7644 §3.14).

    :raises SCIMException: where the id is not known, or the projection is contradictory.
    """
    place = resource_at(request.path)
    if request.method != "GET" or place is None:
        return None
    Projection.of(request.query)
    stored = identities.find(connection, provider, *place)
    if stored is None:
        raise not_found(provider, *place)
    if not met(conditions_of(request), version_of(stored), "GET"):
        return Answer(304, b"", {"ETag": version_of(stored)})
    return resource_answer(connection, request, place[0], stored)


def _matched(connection: Connection, provider: str, kind: Kind, request: ScimRequest) -> Answer | None:
    """Whoever has an indexed attribute of that value: one, none, or the few that share a displayName."""
    names = {key.lower(): value for key, value in request.query.items()}
    asked = _MATCH.fullmatch(names.get("filter", ""))
    attribute = _INDEXED[kind].get(asked["name"].lower()) if asked else None
    if asked is None or attribute is None or _PAGES & names.keys() or not _is_first_page(names):
        return None
    found = identities.find_equal(connection, provider, kind, attribute, asked["value"])
    if len(found) > int(names.get("count", len(found))):
        return None
    projection = Projection.of(request.query)
    shown = [resource_json(connection, request.base_url, kind, stored, projection) for stored in found]
    body = list_json(shown, len(found), 1)
    return Answer(200, body, {"Content-Type": SCIM_MEDIA_TYPE})


def _is_first_page(names: Mapping[str, str]) -> bool:
    return names.get("startindex", "1") == "1" and names.get("count", "1").isdecimal()
