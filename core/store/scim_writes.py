"""The requests of an identity provider that were to change something, as the log has them: whom each was about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import orjson
from sqlalchemy import Connection, select

from core.resource_diff import resource_of
from core.store import log_times, tables

MOST = 20_000
"""Requests that are read at most: the newest."""
Kind = Literal["User", "Group"]

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]
_WRITING = ("POST", "PUT", "PATCH", "DELETE")
_KINDS: dict[str, Kind] = {"Users": "User", "Groups": "Group"}


@dataclass(frozen=True, slots=True)
class ScimWrite:
    """One such request."""

    exchange: int
    at: int
    """When it began: milliseconds since 1970-01-01 UTC."""
    method: str
    kind: Kind
    resource: str
    """Our id of the user or group; empty where none was made or named."""
    subject: str
    """The name that it was about."""
    status: int | None

    @property
    def is_refused(self) -> bool:
        """Whether it changed nothing. What is deleted twice is gone all the same."""
        return self.status is None or (self.status >= 400 and not (self.method == "DELETE" and self.status == 404))


def writes(connection: Connection, provider: str, since: int) -> list[ScimWrite]:
    """The requests of a provider that began at `since` or later, oldest first."""
    first = log_times.first_since(connection, since)
    if first is None:
        return []
    listed = _EXCHANGES.c
    mine = (
        select(listed.id, listed.at, listed.method, listed.path, listed.subject, listed.status)
        .where(listed.id >= first, listed.at >= since, listed.direction == "in", listed.party == provider)
        .where(listed.method.in_(_WRITING))
        .order_by(listed.id.desc())
        .limit(MOST)
    )
    found: list[ScimWrite] = []
    for row in connection.execute(mine).all():
        kind, resource = _place(row.path)
        if kind is not None:
            resource = resource or _made(connection, row.id)
            found.append(ScimWrite(row.id, row.at, row.method, kind, resource, row.subject, row.status))
    return sorted(found, key=lambda each: (each.at, each.exchange))


def _place(path: str) -> tuple[Kind | None, str]:
    kind, _, ident = path.partition("?")[0].strip("/").partition("/")
    return _KINDS.get(kind), ident


def _made(connection: Connection, exchange: int) -> str:
    """The id of what a request made: by the header that says where it is, or by the answer itself."""
    columns = (_BODIES.c.response_headers, _BODIES.c.response_body)
    row = connection.execute(select(*columns).where(_BODIES.c.exchange == exchange)).one_or_none()
    if row is None:
        return ""
    return next(_ids(orjson.loads(row.response_headers), row.response_body), "")


def _ids(headers: dict[str, str], body: bytes) -> Iterator[str]:
    location = next((value for name, value in headers.items() if name.lower() == "location"), "")
    if location:
        yield location.rstrip("/").rpartition("/")[2]
    if (made := resource_of(body)) is not None:
        yield str(made["id"])
