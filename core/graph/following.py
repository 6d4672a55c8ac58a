"""A feed of delta, followed to the end of one round: seed, steady, resync.

The effects of some pages are one transaction, with the link to the next page; the link to the next round is stored
with the effects of the last. So a pull that is interrupted goes on where it was, and nothing is told as read that was
not kept.

    seed ──last page──▶ steady ──link too old──▶ resync ──last page──▶ steady

A seed and a resync tell everything there is. What a resync does not tell is not there any more, perhaps: that is
looked into afterwards (`core.graph.confirming`).
"""

import asyncio
from dataclasses import dataclass, field, replace

from core.exchange import Exchange
from core.graph.client import Document
from core.graph.errors import DeltaExpired, GraphError
from core.graph.merging import MEMBERS, Merged, PageOf, merge
from core.graph.queries import KIND, first
from core.graph.session import Session, logged
from core.store import Transaction, graph_feeds, graph_members, graph_objects
from core.store.graph_feeds import Feed, FeedName

TOGETHER = 10_000
"""Memberships that are kept in one transaction: it holds up whoever writes as well."""
OBJECT_WEIGHT = 4
"""For how many memberships a user or a group counts."""
PAGE_WEIGHT = 100
"""What a page counts for besides: each is in the log with what it said."""
_MOST_RESTARTS = 3
"""Links that are too old, in one round."""


async def follow(session: Session, name: FeedName, origin: str) -> None:
    """Follow a feed to the end of a round. `origin` says whose directory it is: another one is read from the start.

    :raises GraphError: when it cannot be followed; what was read until then is kept.
    """
    feed = _opened(session, name, f"{origin} {first(name, details=session.settings.details)}")
    for _ in range(_MOST_RESTARTS):
        session.tally.phases[name] = feed.phase
        session.tell(f"{name}: {feed.phase}")
        try:
            await _round(session, feed)
            return
        except DeltaExpired:
            feed = await _after_expiry(session, name)
    raise GraphError(f"Graph ends the links of {name} faster than they can be followed.", "Run the pull again.")


def _opened(session: Session, name: FeedName, query: str) -> Feed:
    with session.store.read() as connection:
        feed = graph_feeds.feed(connection, session.provider, name)
    if feed is None or not feed.query:
        return Feed(session.provider, name, "seed", query)
    return feed if feed.query == query else graph_feeds.restarted(feed, query)


async def _after_expiry(session: Session, name: FeedName) -> Feed:
    """Where to go on once a link is too old: at the beginning of the round, if that link may still be good."""
    with session.store.read() as connection:
        feed = graph_feeds.feed(connection, session.provider, name)
    assert feed is not None, "a link that expired was stored"
    if feed.next_link is not None and feed.delta_link is not None:
        after = replace(feed, next_link=None)
    else:
        after = graph_feeds.restarted(feed, feed.query)
        session.tell(f"{name}: the link is too old; everything is read again, and compared")
    return await session.store.writer.write(lambda tx: graph_feeds.keep(tx, after))


async def _round(session: Session, feed: Feed) -> None:
    """Take page after page, many in one transaction; the next are read while those are written."""
    if feed.next_link is None:
        feed = replace(feed, round=feed.round + 1, started_at=None)
    start = feed.next_link or feed.delta_link or first(feed.feed, details=session.settings.details)
    reading = asyncio.create_task(_read(session, feed, start))
    try:
        while True:
            batch = await reading
            if batch.next_link is not None and batch.failure is None:
                reading = asyncio.create_task(_read(session, feed, batch.next_link))
            if batch.pages:
                feed = await _kept(session, feed, batch)
            if batch.failure is not None:
                raise batch.failure
            if feed.next_link is None:
                return
    finally:
        reading.cancel()


@dataclass(slots=True)
class _Batch:
    """Pages that were read, and are kept together."""

    pages: list[tuple[list[Document], list[Exchange]]] = field(default_factory=list)
    """The items of each, and the exchanges that brought it."""
    next_link: str | None = None
    delta_link: str | None = None
    failure: GraphError | None = None
    """Why no more came; the pages before it count."""


async def _read(session: Session, feed: Feed, target: str) -> _Batch:
    """Read pages until they are as many as one transaction bears. An empty page is none too few: only a deltaLink
    ends a round."""
    batch, weight = _Batch(), 0
    while weight < TOGETHER and batch.delta_link is None:
        try:
            with session.kept_exchanges() as exchanges:
                page = await session.client.get(target, session.preferences)
                _check(session, page, feed.feed)
        except GraphError as error:
            batch.failure = error
            break
        items = [item for item in page.get("value") or () if isinstance(item, dict) and item.get("id")]
        batch.pages.append((items, exchanges))
        batch.next_link, batch.delta_link = page.get("@odata.nextLink"), page.get("@odata.deltaLink")
        target = batch.next_link or ""
        weight += PAGE_WEIGHT + sum(OBJECT_WEIGHT + len(item.get(MEMBERS) or ()) for item in items)
        told = session.tally.read[feed.feed] = session.tally.read.get(feed.feed, 0) + len(items)
        session.tell(f"{feed.feed}: {feed.phase if batch.next_link else 'read'}, {told:,} told")
    return batch


def _check(session: Session, page: Document, name: FeedName) -> None:
    links = [page[key] for key in ("@odata.nextLink", "@odata.deltaLink") if page.get(key)]
    if len(links) == 1:
        session.client.url(links[0])
    else:
        raise GraphError(f"A page of {name} has neither nextLink nor deltaLink, or both: it is no page of delta.")


async def _kept(session: Session, feed: Feed, batch: _Batch) -> Feed:
    ids = {str(item["id"]) for items, _ in batch.pages for item in items}
    with session.store.read() as connection:
        known = graph_objects.of_ids(connection, session.provider, ids)

    def write(tx: Transaction) -> Feed:
        found = Merged()
        place = PageOf(session.provider, KIND[feed.feed], feed.round, feed.is_full)
        for items, exchanges in batch.pages:
            merge(replace(place, exchange=logged(tx, exchanges)), items, known, found)
        _store(tx, place, found)
        if session.settings.details:
            graph_objects.mark_reports_dirty(tx, session.provider, found.renamed)
        started = feed.started_at or tx.now
        if batch.delta_link is None:
            return graph_feeds.keep(tx, replace(feed, next_link=batch.next_link, started_at=started))
        if feed.is_full:
            _close_full(tx, place)
        full_round = feed.round if feed.is_full else feed.full_round
        return graph_feeds.keep(
            tx,
            replace(
                feed, phase="steady", next_link=None, delta_link=batch.delta_link, full_round=full_round,
                started_at=started, done_at=tx.now,
            ),
        )  # fmt: skip

    return await session.store.writer.write(write)


def _store(tx: Transaction, place: PageOf, found: Merged) -> None:
    graph_objects.keep(tx, found.objects.values())
    graph_members.end_group(tx, place.provider, found.ended)
    graph_members.take(tx, found.members.values())


def _close_full(tx: Transaction, place: PageOf) -> None:
    """Note what a round that tells everything did not tell.

    :raises GraphError: when it told nothing at all of what there was: an empty reading is no proof.
    """
    provider, kind = place.provider, place.kind
    untold = graph_objects.mark_unseen(tx, provider, kind, place.round)
    if untold and not graph_objects.count(tx.connection, provider, kind, ("present", "deleted")):
        raise GraphError(
            f"Graph tells no {kind} at all, where there were {untold}: nothing is changed.",
            "Look whether the app still has its permissions, and the tenant is the right one.",
        )
    if kind == "group":
        graph_members.end_untold(tx, provider, place.round)
