"""Direct memberships of a directory as its feed told them, row by row: a change costs the same in every group."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from core.store import tables
from core.store.graph_objects import OBJECTS
from core.store.parts import parts, rows_of
from core.store.writer import Transaction

MemberKind = Literal["user", "group", "other"]
MEMBERS = tables.GraphMember.metadata.tables["graph_members"]


@dataclass(frozen=True, slots=True)
class MirroredMember:
    """One membership; the fields are those of `core.store.tables.pulled.GraphMember`."""

    provider: str
    group: str
    member: str
    kind: MemberKind
    present: bool = True
    round: int = 0
    dirty: bool = True
    exchange: int | None = None


_COLUMNS = [field.name for field in fields(MirroredMember)]


def take(tx: Transaction, members: Iterable[MirroredMember]) -> None:
    """Store memberships as a page told them; those that are as they were are not dirty for that."""
    # In the order of the key: neighbours are on one page of the database.
    ordered = sorted(members, key=lambda each: (each.group, each.member))
    rows = [{name: getattr(each, name) for name in _COLUMNS} for each in ordered]
    if not rows:
        return
    new = tx.backend.insert(MEMBERS)
    told = new.excluded
    changed = {
        "present": told.present,
        "round": told.round,
        "exchange": told.exchange,
        "dirty": or_(MEMBERS.c.dirty, MEMBERS.c.present != told.present),
    }
    tx.execute(new.on_conflict_do_update(index_elements=["provider", "group", "member"], set_=changed), rows)


def end_untold(tx: Transaction, provider: str, round_: int) -> None:
    """End the memberships that a whole reading did not tell, of the groups that it told."""
    told_groups = select(OBJECTS.c.id).where(
        OBJECTS.c.provider == provider, OBJECTS.c.kind == "group", OBJECTS.c.round == round_
    )
    untold = [MEMBERS.c.provider == provider, MEMBERS.c.present, MEMBERS.c.round < round_]
    ended = update(MEMBERS).where(*untold, MEMBERS.c.group.in_(told_groups))
    tx.execute(ended.values(present=False, dirty=True))


def end_group(tx: Transaction, provider: str, groups: Collection[str]) -> None:
    """End all memberships in these groups."""
    for part in parts(groups):
        ended = update(MEMBERS).where(MEMBERS.c.provider == provider, MEMBERS.c.group.in_(part), MEMBERS.c.present)
        tx.execute(ended.values(present=False, dirty=True))


def end_member(tx: Transaction, provider: str, members: Collection[str]) -> None:
    """End all memberships of these members."""
    for part in parts(members):
        ended = update(MEMBERS).where(_by_member(provider), MEMBERS.c.member.in_(part), MEMBERS.c.present)
        tx.execute(ended.values(present=False, dirty=True))


def mark_members_dirty(tx: Transaction, provider: str, members: Collection[str]) -> None:
    """Have the memberships of these members looked at again."""
    for part in parts(members):
        marked = update(MEMBERS).where(_by_member(provider), MEMBERS.c.member.in_(part))
        tx.execute(marked.where(MEMBERS.c.dirty.is_(False)).values(dirty=True))


def mark_groups_dirty(tx: Transaction, provider: str, groups: Collection[str]) -> None:
    """Have the memberships in these groups looked at again."""
    for part in parts(groups):
        marked = update(MEMBERS).where(MEMBERS.c.provider == provider, MEMBERS.c.group.in_(part))
        tx.execute(marked.where(MEMBERS.c.dirty.is_(False)).values(dirty=True))


def mark_users_dirty(tx: Transaction, provider: str) -> None:
    """Have everybody looked at again whose memberships changed: who is in scope depends on them."""
    moved = select(MEMBERS.c.member).where(MEMBERS.c.provider == provider, MEMBERS.c.dirty)
    tx.execute(
        update(OBJECTS)
        .where(OBJECTS.c.provider == provider, OBJECTS.c.dirty.is_(False), OBJECTS.c.id.in_(moved))
        .values(dirty=True)
    )


def nesting_changed(connection: Connection, provider: str) -> bool:
    """Whether a group became or ceased to be a member of another since memberships were last looked at."""
    changed = select(MEMBERS.c.group).where(_by_member(provider), MEMBERS.c.dirty, MEMBERS.c.kind == "group")
    return connection.execute(changed.limit(1)).first() is not None


def nested_in(connection: Connection, provider: str) -> dict[str, set[str]]:
    """Group → the groups that are its direct members."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    nested = select(MEMBERS.c.group, MEMBERS.c.member).where(
        MEMBERS.c.provider == provider, MEMBERS.c.kind == "group", MEMBERS.c.present
    )
    for group, member in connection.execute(nested):
        found[group].add(member)
    return found


def groups_of(connection: Connection, provider: str, members: Collection[str]) -> dict[str, set[str]]:
    """Member → the groups that hold it directly."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    of_provider = select(MEMBERS.c.member, MEMBERS.c.group).where(_by_member(provider), MEMBERS.c.present)
    for member, group in rows_of(connection, of_provider, MEMBERS.c.member, members):
        found[member].add(group)
    return found


def user_members(connection: Connection, provider: str, groups: Collection[str]) -> dict[str, str]:
    """Object id → our id, of the direct members of these groups who are in the identity store."""
    linked = (
        select(MEMBERS.c.member, OBJECTS.c.identity)
        .join(OBJECTS, and_(OBJECTS.c.provider == MEMBERS.c.provider, OBJECTS.c.id == MEMBERS.c.member))
        .where(MEMBERS.c.provider == provider, MEMBERS.c.present, OBJECTS.c.kind == "user")
        .where(OBJECTS.c.identity.is_not(None))
    )
    return {row.member: row.identity for row in rows_of(connection, linked, MEMBERS.c.group, groups)}


def member_ids(connection: Connection, provider: str, groups: Collection[str]) -> set[str]:
    """Object ids of the direct members of these groups, whatever they are."""
    found = select(MEMBERS.c.member).where(MEMBERS.c.provider == provider, MEMBERS.c.present)
    return {member for (member,) in rows_of(connection, found, MEMBERS.c.group, groups)}


def dirty_groups(connection: Connection, provider: str, after: str, limit: int) -> list[str]:
    """The groups whose memberships are to be looked at, by id, from the one after `after` on."""
    found = select(MEMBERS.c.group).where(MEMBERS.c.provider == provider, MEMBERS.c.dirty, MEMBERS.c.group > after)
    return list(connection.execute(found.distinct().order_by(MEMBERS.c.group).limit(limit)).scalars())


def settle(tx: Transaction, provider: str, group: str) -> None:
    """Note that the memberships of a group are looked at. Those that ended are forgotten, but for those of users in
    the recycle bin, who may come back and have not lost them yet."""
    of_group = (MEMBERS.c.provider == provider, MEMBERS.c.group == group, MEMBERS.c.dirty)
    binned = select(OBJECTS.c.id).where(
        OBJECTS.c.provider == provider, OBJECTS.c.id == MEMBERS.c.member, OBJECTS.c.state == "deleted"
    )
    tx.execute(delete(MEMBERS).where(*of_group, MEMBERS.c.present.is_(False), ~binned.exists()))
    tx.execute(update(MEMBERS).where(*of_group).values(dirty=False))


def _by_member(provider: str) -> ColumnElement[bool]:
    """Of this provider, in a form that leads no database to walk the whole key, which begins with it."""
    return func.coalesce(MEMBERS.c.provider, "") == provider
