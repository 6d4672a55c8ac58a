"""What a reading did not tell of: looked for in the recycle bin, and read by itself, before it counts as missed.

Graph answers from many replicas, and one that lags behind does not have what was written a moment ago (Microsoft
Graph, "Best practices"). So a single absence proves nothing. Two readings without it make a group gone, and a user as
many as `users.missed_reads` of each target says.
"""

from dataclasses import replace
from functools import partial

from core.exchange import Exchange
from core.graph import queries
from core.graph.errors import NotThere
from core.graph.merging import PageOf, is_renamed, member_kind, read_object
from core.graph.session import Session, logged
from core.store import Transaction, graph_members, graph_objects
from core.store.graph_members import MirroredMember
from core.store.graph_objects import Mirrored, ObjectKind

MOST_AT_ONCE = 2000
"""Objects that one pull looks for, one by one; the next goes on."""
_KINDS: tuple[ObjectKind, ...] = ("user", "group")


async def confirm(session: Session) -> None:
    """Look for every object that a reading did not tell of, or told of in part."""
    for kind in _KINDS:
        with session.store.read() as connection:
            sought = graph_objects.in_states(connection, session.provider, kind, ("unseen", "missing"), MOST_AT_ONCE)
        if not sought:
            continue
        session.tell(f"{len(sought)} {kind}s that were not told of are looked for")
        binned = {str(item["id"]) async for item in session.client.items(queries.recycle_bin(kind))}
        for each in sought:
            if each.id in binned:
                await session.store.writer.write(partial(_keep, found=replace(each, state="deleted")))
            else:
                await _look(session, each)


async def _look(session: Session, sought: Mirrored) -> None:
    with session.kept_exchanges() as exchanges:
        try:
            document = await session.client.get(queries.one(sought.kind, sought.id, details=session.settings.details))
            related = await _related(session, sought)
        except NotThere:
            await session.store.writer.write(lambda tx: _miss(tx, sought, exchanges))
            session.tally.missing += 1
            return
        await session.store.writer.write(lambda tx: _found(tx, sought, document, related, exchanges))


async def _related(session: Session, sought: Mirrored) -> list[tuple[str, graph_members.MemberKind]]:
    """The members of a group, or the groups of a user."""
    target = queries.members(sought.id) if sought.kind == "group" else queries.groups_of(sought.id)
    return [(str(item["id"]), member_kind(item)) async for item in session.client.items(target)]


def _keep(tx: Transaction, found: Mirrored) -> None:
    graph_objects.keep(tx, [replace(found, missed=0, dirty=True)])


def _miss(tx: Transaction, sought: Mirrored, exchanges: list[Exchange]) -> None:
    number = logged(tx, exchanges)
    missed = replace(sought, state="missing", missed=sought.missed + 1, dirty=True, exchange=number)
    graph_objects.keep(tx, [missed])


def _found(
    tx: Transaction, sought: Mirrored, document: dict[str, object],
    related: list[tuple[str, graph_members.MemberKind]], exchanges: list[Exchange],
) -> None:  # fmt: skip
    number = logged(tx, exchanges)
    place = PageOf(sought.provider, sought.kind, sought.round, True, number)
    found = read_object(place, document, sought)
    graph_objects.keep(tx, [found])
    if sought.kind == "user" and is_renamed(sought, found):
        graph_objects.mark_reports_dirty(tx, sought.provider, [sought.id])
    if sought.kind == "group":
        graph_members.end_group(tx, sought.provider, [sought.id])
        pairs = [(sought.id, ident, kind) for ident, kind in related]
    else:
        graph_members.mark_members_dirty(tx, sought.provider, [sought.id])
        groups = graph_objects.of_ids(tx.connection, sought.provider, {ident for ident, _ in related})
        pairs = [(each.id, sought.id, "user") for each in groups.values() if each.state == "present"]
    rows = [
        MirroredMember(sought.provider, group, member, kind, round=sought.round, exchange=number)
        for group, member, kind in pairs
    ]
    graph_members.take(tx, rows)
