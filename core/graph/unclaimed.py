"""Users and groups of the identity store that the directory does not have: from the time before it was read.

A directory that was read whole and followed does not have them, so that counts as a reading without them, each time.
"""

from core.graph.session import Session
from core.graph.touched import Touched
from core.store import Transaction, graph_feeds, graph_objects, identities, member_rows
from core.store.graph_feeds import Feed

_MOST_COUNTED = 100
"""No target waits for more readings (`users.missed_reads`)."""


async def miss_unclaimed(session: Session) -> None:
    """Count a reading without each user, and remove the groups; nothing where the directory was not read whole."""
    with session.store.read() as connection:
        feeds = {feed.feed: feed for feed in graph_feeds.feeds(connection, session.provider)}
        users = {ident for _, ident in graph_objects.unlinked(connection, session.provider, "user")}
        groups = {ident for _, ident in graph_objects.unlinked(connection, session.provider, "group")}
    users = users if _is_whole(feeds.get("users")) else set()
    settled = feeds.get("groups")
    groups = groups if settled is not None and settled.is_settled else set()
    if users or groups:
        await session.store.writer.write(lambda tx: _miss(tx, session, users, groups))


def _is_whole(feed: Feed | None) -> bool:
    return feed is not None and feed.phase == "steady" and feed.next_link is None


def _miss(tx: Transaction, session: Session, users: set[str], groups: set[str]) -> None:
    touched = Touched()
    touched.add("User", graph_objects.miss_unlinked(tx, session.provider, users, _MOST_COUNTED), None)
    for ident in sorted(groups):
        stored = identities.find(tx.connection, session.provider, "Group", ident)
        if stored is None:
            continue
        rows = member_rows.called(tx.connection, stored.key, None)
        touched.add("User", member_rows.user_ids(tx.connection, (key for nested, key in rows if not nested)), None)
        touched.add("Group", {ident}, None)
        identities.remove(tx, "Group", stored)
        session.tally.groups_removed += 1
    touched.write(tx, session)
