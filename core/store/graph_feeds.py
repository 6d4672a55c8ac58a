"""How far the feeds of a directory have been read, and what is assigned to the application."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

import orjson
from sqlalchemy import ColumnElement, Connection, delete, select, update

from core.store import tables
from core.store.writer import Transaction

FeedName = Literal["users", "groups", "scope"]
Phase = Literal["seed", "steady", "resync"]

_FEEDS = tables.GraphFeed.metadata.tables["graph_feeds"]
_ASSIGNMENTS = tables.GraphAssignment.metadata.tables["graph_assignments"]


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as it stands; the fields are those of `core.store.tables.pulled.GraphFeed`."""

    provider: str
    feed: FeedName
    phase: Phase
    query: str
    next_link: str | None = None
    delta_link: str | None = None
    round: int = 0
    full_round: int = 0
    started_at: int | None = None
    done_at: int | None = None
    error: str | None = None
    failed_at: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether its round tells everything there is."""
        return self.phase != "steady"

    @property
    def is_settled(self) -> bool:
        """Whether a round came to its end after the last one that told everything: two complete readings."""
        return self.phase == "steady" and self.next_link is None and self.round > self.full_round


_LISTED = select(*(_FEEDS.c[field.name] for field in fields(Feed)))


def feed(connection: Connection, provider: str, name: FeedName) -> Feed | None:
    """One feed; `None` where it was never read."""
    row = connection.execute(_LISTED.where(_FEEDS.c.provider == provider, _FEEDS.c.feed == name)).one_or_none()
    return Feed(*row) if row is not None else None


def feeds(connection: Connection, provider: str) -> list[Feed]:
    """All feeds of a provider, by name."""
    rows = connection.execute(_LISTED.where(_FEEDS.c.provider == provider).order_by(_FEEDS.c.feed))
    return [Feed(*row) for row in rows]


def keep(tx: Transaction, feed: Feed) -> Feed:
    """Store a feed as it stands now."""
    values = {each.name: getattr(feed, each.name) for each in fields(Feed)}
    tx.execute(tx.backend.upsert(_FEEDS, ["provider", "feed"]).values(values))
    return feed


def fail(tx: Transaction, provider: str, error: str) -> None:
    """Note why the last pull of a provider failed."""
    if feed(tx.connection, provider, "users") is None:
        keep(tx, Feed(provider, "users", "seed", ""))
    tx.execute(
        update(_FEEDS)
        .where(_FEEDS.c.provider == provider, _FEEDS.c.feed == "users")
        .values(error=error, failed_at=tx.now)
    )


def succeed(tx: Transaction, provider: str) -> None:
    """Note that the last pull of a provider came to its end."""
    tx.execute(update(_FEEDS).where(_FEEDS.c.provider == provider).values(error=None, failed_at=None))


def restarted(feed: Feed, query: str) -> Feed:
    """The feed, to be read from the start: for the first time, or again to compare."""
    phase: Phase = "seed" if feed.full_round == 0 else "resync"
    return replace(feed, phase=phase, query=query, next_link=None, delta_link=None)


def assignments(connection: Connection, provider: str) -> dict[str, str]:
    """Object ids of the users and groups that are assigned to the application, and which of both they are."""
    rows = connection.execute(
        select(_ASSIGNMENTS.c.principal, _ASSIGNMENTS.c.kind).where(_ASSIGNMENTS.c.provider == provider)
    )
    return {row.principal: row.kind for row in rows}


def roles(connection: Connection, provider: str) -> dict[str, list[str]]:
    """Object ids of the users and groups that are assigned to the application → the ids of the roles."""
    rows = connection.execute(
        select(_ASSIGNMENTS.c.principal, _ASSIGNMENTS.c.roles)
        .where(_ASSIGNMENTS.c.provider == provider, _ASSIGNMENTS.c.roles.is_not(None))
    )  # fmt: skip
    return {row.principal: orjson.loads(row.roles) for row in rows}


@dataclass(frozen=True, slots=True)
class Assigned:
    """A user or group that a reading found assigned."""

    kind: str
    roles: frozenset[str] = frozenset()
    """The ids of the roles that it is assigned with."""

    @property
    def stored(self) -> bytes:
        """The roles as they are kept."""
        return orjson.dumps(sorted(self.roles))


def take_assignments(
    tx: Transaction, provider: str, told: Mapping[str, Assigned], missed_reads: int, *, with_roles: bool = False
) -> dict[str, str]:
    """Bring the assignments to what was read; one that is missing stays until `missed_reads` readings in a row had
    not got it, since replicas lag. Returns those that came or went, and `with_roles` those with other roles."""
    known = {
        row.principal: row
        for row in tx.connection.execute(select(_ASSIGNMENTS).where(_ASSIGNMENTS.c.provider == provider))
    }
    changed = {
        principal: each
        for principal, each in told.items()
        if principal not in known or (with_roles and known[principal].roles != each.stored)
    }
    if changed:
        rows = [
            {"provider": provider, "principal": principal, "kind": each.kind, "missed": 0}
            | {"roles": each.stored if with_roles else None}
            for principal, each in changed.items()
        ]
        tx.execute(tx.backend.upsert(_ASSIGNMENTS, ["provider", "principal"]), rows)
    seen_again = [each for each, row in known.items() if each in told and row.missed]
    _set_missed(tx, provider, seen_again, 0)
    missing = [row for each, row in known.items() if each not in told]
    gone = {row.principal: row.kind for row in missing if row.missed + 1 >= missed_reads}
    for row in missing:
        if row.principal not in gone:
            _set_missed(tx, provider, [row.principal], row.missed + 1)
    for principal in gone:
        tx.execute(delete(_ASSIGNMENTS).where(*_at(provider, principal)))
    return {principal: each.kind for principal, each in changed.items()} | gone


def _set_missed(tx: Transaction, provider: str, principals: Iterable[str], missed: int) -> None:
    for principal in principals:
        tx.execute(update(_ASSIGNMENTS).where(*_at(provider, principal)).values(missed=missed))


def _at(provider: str, principal: str) -> tuple[ColumnElement[bool], ...]:
    return (_ASSIGNMENTS.c.provider == provider, _ASSIGNMENTS.c.principal == principal)
