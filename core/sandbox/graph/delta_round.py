"""One round of a delta query: what it tells, in which order, and how far a client has come in it.

A round is fixed when it begins, but shows each object as it is when its page is asked for. So what changes during a
round may be told twice, here and in the next; nothing is ever left out of both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from core.sandbox.graph.contents import Contents
from core.sandbox.graph.feed import Changed, Feed
from core.sandbox.graph.objects import Group, User
from core.sandbox.graph.properties import Selection

RELATIONS: dict[type[Any], str] = {User: "manager", Group: "members"}
"""The relation that a delta query of such objects can follow."""
_WHOLE = Changed(whole=True)


@dataclass(frozen=True, slots=True)
class DeltaQuery:
    """What the first request of a series asked for; links carry it on."""

    kind: type[Any]
    select: str
    """`$select` as it was sent."""
    selection: Selection
    related: bool
    """Whether the relation is followed as well."""
    filter: str
    """`$filter` as it was sent."""
    only: frozenset[str] | None
    """The objects that it names; None is all."""

    def wakes(self, object_id: str, changed: Changed) -> bool:
        """Whether a change is told: of the objects asked for, and of properties that were selected."""
        if self.only is not None and object_id not in self.only:
            return False
        if changed.whole or changed.left or (self.related and changed.related):
            return True
        return not changed.properties.isdisjoint(self.selection.names)


@dataclass(frozen=True, slots=True)
class DeltaToken:
    """What a deltaLink stands for."""

    query: DeltaQuery
    position: int
    """How much of the log was told."""
    owed: frozenset[str] = frozenset()
    """Objects that should have been told and were not, because the replica had not heard of them."""


@dataclass(slots=True)
class Round:
    """What one round tells, and the token that it ends with."""

    query: DeltaQuery
    changes: list[tuple[str, Changed]]
    ends_with: DeltaToken
    related: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    """Groups too large for one page: their members when the first were told, so that the pages fit together."""


def begin_round(tenant: Contents, query: DeltaQuery, token: DeltaToken | None, *, tells_deleted: bool) -> Round:
    """The round that begins now; without a token it tells everything there is."""
    feed = feed_of(tenant, query.kind)
    end = len(feed)
    found = _seed(tenant, query, tells_deleted=tells_deleted) if token is None else _steady(token, feed, end)
    changes, owed = [], set()
    for object_id, changed in found:
        if not query.wakes(object_id, changed):
            continue
        if changed.left or tenant.replica.shows(object_id):
            changes.append((object_id, changed))
        else:
            owed.add(object_id)
    return Round(query, changes, DeltaToken(query, end, frozenset(owed)))


def shuffle(round_: Round, rng: Random) -> None:
    """Put a round into any order."""
    rng.shuffle(round_.changes)


def feed_of(tenant: Contents, kind: type[Any]) -> Feed:
    """The log of users or of groups."""
    return tenant.user_feed if kind is User else tenant.group_feed


def _seed(tenant: Contents, query: DeltaQuery, *, tells_deleted: bool) -> Iterator[tuple[str, Changed]]:
    objects: dict[str, Any] = dict(tenant.users if query.kind is User else tenant.groups)
    for object_id in objects:
        if object_id not in tenant.deleted:
            yield object_id, _WHOLE
        elif tells_deleted:
            yield object_id, Changed(left=True)


def _steady(token: DeltaToken, feed: Feed, end: int) -> Iterator[tuple[str, Changed]]:
    changed = feed.folded(token.position, end)
    for object_id in sorted(token.owed):
        changed.setdefault(object_id, Changed()).whole = True
    yield from changed.items()
