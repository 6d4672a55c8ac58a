"""What the log knows of a SCIM resource before a certain exchange: how it was shown the last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from core.exchange import Exchange
from core.resource_diff import resource_of
from core.store import tables

LOOKED_AT = 50_000
"""Exchanges before the one in question that are searched at most."""
_TRIED = 8
"""Answers that are read to find one with the resource in it: a group is often asked for without its members."""

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]


@dataclass(frozen=True, slots=True)
class LastShown:
    """A resource as an earlier exchange showed it."""

    exchange: int
    resource: Mapping[str, Any]


def last_shown(connection: Connection, number: int, exchange: Exchange) -> LastShown | None:
    """How the resource of an inbound exchange was shown the last time before it; `None` where the log does not tell."""
    kind, ident = place_of(exchange)
    if not ident:
        return None
    one = f"/{kind}/{ident}"
    listed = _EXCHANGES.c
    created = and_(listed.method == "POST", listed.path == f"/{kind}", listed.subject == exchange.subject)
    asked = or_(listed.path == one, listed.path.startswith(f"{one}?", autoescape=True), created)
    before = (
        select(listed.id, _BODIES.c.response_body)
        .join(_BODIES, _BODIES.c.exchange == listed.id)
        .where(listed.id.between(number - LOOKED_AT, number - 1), listed.direction == "in")
        .where(listed.party == exchange.party, listed.status.in_((200, 201)), asked)
        .order_by(listed.id.desc())
        .limit(_TRIED)
    )
    for row in connection.execute(before):
        resource = resource_of(row.response_body)
        if resource is not None and resource["id"] == ident:
            return LastShown(row.id, resource)
    return None


def place_of(exchange: Exchange) -> tuple[str, str]:
    """`Users` and the id that a path names, or the answer where the path names none; empty where neither does."""
    kind, _, ident = exchange.path.partition("?")[0].strip("/").partition("/")
    if kind not in ("Users", "Groups") or "/" in ident:
        return "", ""
    if not ident and exchange.method == "POST" and (made := resource_of(exchange.response_body)) is not None:
        return kind, str(made["id"])
    return kind, ident
