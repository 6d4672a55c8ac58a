"""Every list and query, answered (RFC 7644 §3.4.2, §3.4.3; RFC 9865)."""

from collections.abc import Sequence
from typing import Any

from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE
from sqlalchemy import Connection

from core.scim.answers import Answer
from core.scim.representation import list_json, user_json
from core.scim.search.asked import Asked, asked_by
from core.scim.search.cursors import seal, unseal
from core.scim.search.paging import Row, Searching
from core.scim.search.planning import plan_of
from core.scim.search.projection import Projection
from core.scim.typed.showing import resource_json
from core.store import listing
from core.store.clock import now_ms

LOGGED = 10
"""Resources of a page that the log keeps whole; of the others it keeps the ids."""


def search(
    connection: Connection, provider: str, request: ScimRequest, document: dict[str, Any] | None = None
) -> Answer | None:
    """The answer to a list or a query; `None` for every other request. `document` is the body in strict form.

    :raises SCIMException: 400, where a parameter is none that can be answered, or too much would have to be looked at.
    """
    asked = asked_by(request, document)
    if asked is None:
        return None
    plan = plan_of(asked.kinds, asked.filter, asked.sort_by)
    now = now_ms()
    begin = None if asked.cursor is None else unseal(provider, asked, now)
    page = Searching(connection, provider, request.base_url, plan, asked).page(begin)
    following = None if page.next is None else seal(provider, asked, page.next, now)
    shown = _shown(connection, request.base_url, page.rows, asked.projection)
    body = list_json(shown, page.total, _start(asked), following)
    logged = None
    if len(shown) > LOGGED:
        ids = [b'{"id":"%s"}' % stored.id.encode() for _, stored in page.rows[LOGGED:]]
        logged = list_json([*shown[:LOGGED], *ids], page.total, _start(asked), following)
    return Answer(200, body, {"Content-Type": SCIM_MEDIA_TYPE}, is_stored=True, logged=logged)


def _start(asked: Asked) -> int | None:
    return asked.start if asked.cursor is None else None


def _shown(connection: Connection, base_url: str, rows: Sequence[Row], projection: Projection) -> list[bytes]:
    """The resources of a page; the groups of all its users are read at once, and only where they are to be seen."""
    users = [stored.key for kind, stored in rows if kind == "User"] if projection.wants("groups") else []
    groups = listing.groups_of(connection, users)
    return [
        projection.apply("User", user_json(base_url, stored, groups.get(stored.key)))
        if kind == "User"
        else resource_json(connection, base_url, kind, stored, projection)
        for kind, stored in rows
    ]
