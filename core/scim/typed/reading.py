"""Reads of one resource by its id, and the match queries by which IdPs look for one: nearly all of their reads."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE
from sqlalchemy import Connection

from core.scim.answers import Answer
from core.scim.conditions import conditions_of, met
from core.scim.representation import list_json, version_of
from core.scim.routing import PLACES, resource_at
from core.scim.search.projection import Projection
from core.scim.typed.showing import found_answer, resource_json, shown_user
from core.scim.writes import not_found
from core.store import identities, users_with_groups
from core.store.identities import Indexed, Kind, Stored

_MATCH = re.compile(r'(?P<name>[A-Za-z]+) +eq +"(?P<value>[^"\\]*)"', re.IGNORECASE)
_INDEXED: Mapping[Kind, Mapping[str, Indexed]] = {
    "User": {"username": "userName", "externalid": "externalId", "id": "id", "displayname": "displayName"},
    "Group": {"externalid": "externalId", "id": "id", "displayname": "displayName"},
}
_PAGES = frozenset(("sortby", "sortorder", "cursor"))


class _Asked(NamedTuple):
    """What a request looks for."""

    kind: Kind
    attribute: Indexed
    value: str
    one: bool
    """Whether it is about the one resource at its path; else it is a list of those found."""
    at_most: int | None = None
    """Of a list: resources on its page."""


def glance(connection: Connection, provider: str, request: ScimRequest) -> Answer | None:
    """Answer what takes one statement that reads a few rows; `None` for everything else.

    :raises SCIMException: where the id is not known, or the projection is contradictory.
    """
    asked = _asked(request)
    if asked is None or (asked.kind == "Group" and Projection.of(request.query).wants("members")):
        return None
    return _answer(connection, provider, asked, request)


def read(connection: Connection, provider: str, request: ScimRequest) -> Answer | None:
    """The same, and groups with their members, in however many statements that takes.

    :raises SCIMException: where the id is not known, or the projection is contradictory.
    """
    asked = _asked(request)
    return None if asked is None else _answer(connection, provider, asked, request)


def _asked(request: ScimRequest) -> _Asked | None:
    """The request as one that looks for an indexed value; `None` where it is anything else."""
    if request.method != "GET":
        return None
    if place := resource_at(request.path):
        return _Asked(place[0], "id", place[1], one=True)
    kind = PLACES.get(request.path)
    names = {key.lower(): value for key, value in request.query.items()}
    match = _MATCH.fullmatch(names.get("filter", ""))
    attribute = _INDEXED[kind].get(match["name"].lower()) if kind and match else None
    if kind is None or match is None or attribute is None or _PAGES & names.keys() or not _is_first_page(names):
        return None
    return _Asked(kind, attribute, match["value"], one=False, at_most=int(names["count"]) if "count" in names else None)


def _answer(connection: Connection, provider: str, asked: _Asked, request: ScimRequest) -> Answer | None:
    projection = Projection.of(request.query)
    found = _found(connection, provider, asked, request.base_url, projection)
    if not asked.one:
        if asked.at_most is not None and len(found) > asked.at_most:
            return None
        body = list_json([shown for _, shown in found], len(found), 1)
        return Answer(200, body, {"Content-Type": SCIM_MEDIA_TYPE}, is_stored=True)
    if not found:
        raise not_found(provider, asked.kind, asked.value)
    stored, shown = found[0]
    if not met(conditions_of(request), version_of(stored), "GET"):  # RFC 7644 §3.14
        return Answer(304, b"", {"ETag": version_of(stored)})
    return found_answer(request, asked.kind, stored, shown)


def _found(
    connection: Connection, provider: str, asked: _Asked, base_url: str, projection: Projection
) -> list[tuple[Stored, bytes]]:
    """The resources that are found, and how each is shown."""
    if asked.kind == "User":
        users = users_with_groups.find(connection, provider, asked.attribute, asked.value)
        return [(stored, shown_user(base_url, stored, groups, projection)) for stored, groups in users]
    groups = identities.find_equal(connection, provider, "Group", asked.attribute, asked.value)
    return [(stored, resource_json(connection, base_url, "Group", stored, projection)) for stored in groups]


def _is_first_page(names: Mapping[str, str]) -> bool:
    return names.get("startindex", "1") == "1" and names.get("count", "1").isdecimal()
