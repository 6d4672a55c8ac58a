"""From the mirror to the identity store: users first, then groups, then who is in them.

Level-triggered: what is dirty is made as the mirror and the scope say, whatever led there. Each part is one
transaction, with the pending keys that it touches; what was done is no longer dirty, so a pull that is interrupted
goes on with the rest. Users who moved between groups are pending once for all their groups, in the end: who they are
is kept with the memberships.
"""

from collections.abc import Callable
from functools import partial

from core.graph.details import details_of
from core.graph.memberships import MemberParts
from core.graph.scoping import ScopeView, fingerprint, scope_of
from core.graph.session import Session
from core.graph.touched import Touched
from core.graph.writing_groups import GroupWrites
from core.graph.writing_users import UserWrites
from core.store import Transaction, graph_feeds, graph_members, graph_moves, graph_objects
from core.store.graph_feeds import Feed
from core.store.graph_moves import Place
from core.store.graph_objects import Mirrored, ObjectKind

PART = 500
"""Objects in one transaction: it holds up whoever writes as well."""
MEMBERS_PART = 5000
"""Memberships in one transaction."""
MOVED_PART = 2000
"""Users who moved between groups, in one transaction."""
GROUPS_PART = 25
"""Groups whose members are compared in one transaction, where groups are nested."""
_PASSES = 5


async def reconcile(session: Session) -> None:
    """Bring the identity store to what the mirror says."""
    await session.store.writer.write(lambda tx: _mark_affected(tx, session))
    with session.store.read() as connection:
        scope = scope_of(connection, session.provider, session.settings)
        details = details_of(connection, session.provider) if session.settings.details else None
        free_users = {ident for _, ident in graph_objects.unlinked(connection, session.provider, "user")}
        free_groups = {ident for _, ident in graph_objects.unlinked(connection, session.provider, "group")}
    # A manager who came later is entered in a further pass over those who report to him.
    for _ in range(_PASSES):
        if not await _objects(session, "user", lambda tx: UserWrites(tx, session, scope, free_users, details).write):
            break
    await _objects(session, "group", lambda tx: GroupWrites(tx, session, scope, free_groups).write)
    await _members(session, scope)
    await _moved(session)


def _mark_affected(tx: Transaction, session: Session) -> None:
    """Have those looked at again who may be in scope now, or no longer, and those that could not be kept before."""
    provider = session.provider
    known = graph_feeds.feed(tx.connection, provider, "scope")
    wanted = fingerprint(session.settings)
    if known is None or known.query != wanted:
        graph_objects.mark_dirty(tx, provider)
        graph_feeds.keep(tx, Feed(provider, "scope", "steady", wanted))
    elif session.settings.nested and graph_members.nesting_changed(tx.connection, provider):
        graph_objects.mark_dirty(tx, provider)
    graph_objects.mark_dirty(tx, provider, graph_objects.OBJECTS.c.problem.is_not(None))
    # An assigned group gives and takes scope, and roles, with each membership.
    if session.settings.scope != "all" or session.settings.details:
        graph_members.mark_users_dirty(tx, provider)


async def _objects(
    session: Session, kind: ObjectKind, writes: Callable[[Transaction], Callable[[list[Mirrored]], None]]
) -> int:
    """Bring all dirty objects of a kind up to date, in the order of their ids; returns how many these were."""
    after, done = "", 0
    while True:
        with session.store.read() as connection:
            part = graph_objects.dirty(connection, session.provider, kind, after, PART)
        if not part:
            return done
        await session.store.writer.write(partial(_write_objects, writes=writes, part=part))
        after, done = part[-1].id, done + len(part)
        session.tell(f"{kind}s: {done:,} brought up to date")


def _write_objects(
    tx: Transaction, writes: Callable[[Transaction], Callable[[list[Mirrored]], None]], part: list[Mirrored]
) -> None:
    writes(tx)(part)


async def _members(session: Session, scope: ScopeView) -> None:
    if scope.nested:
        await _nested_members(session, scope)
        return
    after: Place | None = ("", "")
    while after is not None:
        with session.store.read() as connection:
            last = graph_moves.next_place(connection, session.provider, after, MEMBERS_PART)
        if last is not None:
            await session.store.writer.write(partial(_follow, session=session, scope=scope, after=after, last=last))
            _tell_members(session)
        after = last


async def _moved(session: Session) -> None:
    """Have those looked at who came into groups or left some: each once, in the order in which the store has them."""
    while await session.store.writer.write(partial(_touch_moved, session=session)):
        pass


def _touch_moved(tx: Transaction, session: Session) -> bool:
    moved = graph_moves.take_moved(tx, session.provider, MOVED_PART)
    touched = Touched()
    for exchange, ids in moved.items():
        touched.add("User", ids, exchange)
    touched.write(tx, session)
    return bool(moved)


async def _nested_members(session: Session, scope: ScopeView) -> None:
    after = ""
    while True:
        with session.store.read() as connection:
            groups = graph_members.dirty_groups(connection, session.provider, after, GROUPS_PART)
        if not groups:
            return
        await session.store.writer.write(partial(_follow_nested, session=session, scope=scope, groups=groups))
        after = groups[-1]
        _tell_members(session)


def _tell_members(session: Session) -> None:
    session.tell(f"memberships: {session.tally.members_added + session.tally.members_removed:,} changed")


def _follow(tx: Transaction, session: Session, scope: ScopeView, after: Place, last: Place) -> None:
    MemberParts(tx, session, scope).follow(after, last)


def _follow_nested(tx: Transaction, session: Session, scope: ScopeView, groups: list[str]) -> None:
    MemberParts(tx, session, scope).follow_nested(groups)
