"""A stored resource as the body of an answer, with no more of it read than the client asked for."""

from collections.abc import Sequence

from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE
from sqlalchemy import Connection

from core.scim.answers import Answer
from core.scim.representation import group_json, location, user_json, version_of
from core.scim.search.projection import Projection
from core.store import member_rows
from core.store.identities import Kind, Stored
from core.store.member_rows import Member


def resource_json(connection: Connection, base_url: str, kind: Kind, stored: Stored, projection: Projection) -> bytes:
    """A resource; its members or groups are read only where the client is to see them."""
    if kind == "Group":
        members = member_rows.members(connection, stored.key) if projection.wants("members") else None
        return projection.apply("Group", group_json(base_url, stored, members))
    groups = member_rows.groups_of(connection, stored.key) if projection.wants("groups") else None
    return shown_user(base_url, stored, groups, projection)


def shown_user(base_url: str, stored: Stored, groups: Sequence[Member] | None, projection: Projection) -> bytes:
    """A user with its groups, which are shown where the client is to see them."""
    return projection.apply("User", user_json(base_url, stored, groups))


def resource_answer(connection: Connection, request: ScimRequest, kind: Kind, stored: Stored) -> Answer:
    """200 with a resource (RFC 7644 §3.4.1, §3.5)."""
    body = resource_json(connection, request.base_url, kind, stored, Projection.of(request.query))
    return found_answer(request, kind, stored, body)


def found_answer(request: ScimRequest, kind: Kind, stored: Stored, body: bytes) -> Answer:
    """200 with a resource whose body is there."""
    place = location(request.base_url, kind, stored.id)
    headers = {"Content-Type": SCIM_MEDIA_TYPE, "Content-Location": place, "ETag": version_of(stored)}
    return Answer(200, body, headers, is_stored=True)


def created_answer(connection: Connection, request: ScimRequest, kind: Kind, stored: Stored) -> Answer:
    """201 with a resource (RFC 7644 §3.3); a new user is in no group yet."""
    projection = Projection.of(request.query)
    if kind == "User":
        body = shown_user(request.base_url, stored, (), projection)
    else:
        body = resource_json(connection, request.base_url, kind, stored, projection)
    place = location(request.base_url, kind, stored.id)
    headers = {"Content-Type": SCIM_MEDIA_TYPE, "Location": place, "ETag": version_of(stored)}
    return Answer(201, body, headers, is_stored=True)


def patched_answer(connection: Connection, request: ScimRequest, kind: Kind, stored: Stored) -> Answer:
    """200 with the user, but 204 for a group, which may have 100,000 members (RFC 7644 §3.5.2 allows both).

    A client that asks for attributes gets them in either case, as the RFC demands.
    """
    if kind == "Group" and Projection.of(request.query).is_whole:
        return Answer(204, b"", {"ETag": version_of(stored)})
    return resource_answer(connection, request, kind, stored)
