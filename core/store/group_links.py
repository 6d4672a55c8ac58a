"""Links of groups: which target group an IdP group feeds, remembered by the IdP group's immutable id.

So a group that the IdP renames is followed and not made twice. One target group may be fed by several.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, delete, select, update

from core.planning.values import GroupLink
from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction

_LINKS = tables.GroupLink.metadata.tables["group_links"]
_KEYS = ("target", "group_id", "group_key")
_LISTED = select(_LINKS.c.group_id, _LINKS.c.group_key, _LINKS.c.source_name)


def all_links(connection: Connection, target: str) -> list[GroupLink]:
    """Every link of a group at a target."""
    return [GroupLink(*row) for row in connection.execute(_LISTED.where(_LINKS.c.target == target))]


def of_groups(connection: Connection, target: str, group_ids: Collection[str]) -> list[GroupLink]:
    """The links of these IdP groups."""
    return _read(connection, target, _LINKS.c.group_id, group_ids)


def of_keys(connection: Connection, target: str, group_keys: Collection[str]) -> list[GroupLink]:
    """The links to these target groups."""
    return _read(connection, target, _LINKS.c.group_key, group_keys)


def put(tx: Transaction, target: str, link: GroupLink, run: int, *, alone: bool = False) -> None:
    """Remember that an IdP group feeds a target group, `alone`: and no other any more. Where it did already, under
    which name it now does."""
    if alone:
        others = delete(_LINKS).where(_LINKS.c.target == target, _LINKS.c.group_id == link.group_id)
        tx.execute(others.where(_LINKS.c.group_key != link.group_key))
    row = {"target": target, "group_id": link.group_id, "group_key": link.group_key, "source_name": link.source_name}
    tx.execute(tx.backend.upsert(_LINKS, _KEYS, ("source_name",)), [row | {"since": tx.now, "run": run}])


def remove(tx: Transaction, target: str, group_id: str, group_key: str) -> None:
    """Forget that an IdP group feeds a target group."""
    ours = delete(_LINKS).where(_LINKS.c.target == target, _LINKS.c.group_id == group_id)
    tx.execute(ours.where(_LINKS.c.group_key == group_key))


def remove_key(tx: Transaction, target: str, group_key: str) -> None:
    """Forget which IdP groups feed a target group."""
    tx.execute(delete(_LINKS).where(_LINKS.c.target == target, _LINKS.c.group_key == group_key))


def rename(tx: Transaction, target: str, group_key: str, new_key: str) -> None:
    """Remember that a target group has another name, in the place of any earlier links to one of that name."""
    if new_key != group_key:
        remove_key(tx, target, new_key)
        renamed = update(_LINKS).where(_LINKS.c.target == target, _LINKS.c.group_key == group_key)
        tx.execute(renamed.values(group_key=new_key))


def _read(connection: Connection, target: str, column: ColumnElement[str], values: Collection[str]) -> list[GroupLink]:
    of_target = _LISTED.where(_LINKS.c.target == target)
    return [GroupLink(*row) for row in rows_of(connection, of_target, column, values)]
