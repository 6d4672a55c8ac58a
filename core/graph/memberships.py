"""Who is in which group of the identity store, brought to what the mirror says.

Without nesting a change costs what changed, whatever the size of the group; with nesting the groups around it are
compared whole.
"""

from collections.abc import Collection, Iterable

from core.graph.scoping import ScopeView
from core.graph.session import Session
from core.graph.touched import Touched
from core.store import Transaction, graph_members, graph_moves, graph_objects, identities, member_rows
from core.store.graph_moves import Place
from core.store.graph_objects import Mirrored
from core.store.member_rows import Row


class MemberParts:
    """The memberships of some groups, in one transaction."""

    def __init__(self, tx: Transaction, session: Session, scope: ScopeView) -> None:
        self._tx = tx
        self._session = session
        self._provider = session.provider
        self._scope = scope
        self._touched = Touched()

    def follow(self, after: Place, last: Place) -> None:
        """Bring the memberships between two places up to date that are to be looked at: each by itself."""
        found = graph_moves.moves(self._tx.connection, self._provider, after, last)
        graph_moves.make(self._tx, self._provider, found)
        graph_moves.settle(self._tx, self._provider, after, last)
        come = sum(each.comes for each in found)
        self._session.tally.members_added += come
        self._session.tally.members_removed += len(found) - come

    def follow_nested(self, groups: Collection[str]) -> None:
        """Bring the groups up to date that have members of these, whose memberships are to be looked at."""
        self._compare({outer for group in groups for outer in self._scope.reach.get(group, ())})
        for each in groups:
            graph_members.settle(self._tx, self._provider, each)
        self._touched.write(self._tx, self._session)

    def compare(self, groups: Collection[str]) -> None:
        """Bring whole groups to what the mirror says, whatever was in them."""
        self._compare(groups)
        self._touched.write(self._tx, self._session)

    def _compare(self, groups: Collection[str]) -> None:
        known = graph_objects.of_ids(self._tx.connection, self._provider, groups)
        for group in known.values():
            if group.identity is None:
                continue
            inner = self._scope.members_count_in(group.id)
            wanted = set(graph_members.user_members(self._tx.connection, self._provider, inner).values())
            stored = identities.find(self._tx.connection, self._provider, "Group", group.identity)
            there = member_rows.members(self._tx.connection, stored.key) if stored else []
            others = {member.id for member in there} - wanted
            linked = graph_objects.of_identities(self._tx.connection, self._provider, others)
            binned = {identity for identity, each in linked.items() if each.state == "deleted"}
            self._bring(group, wanted, others - binned, group.exchange)

    def _bring(self, group: Mirrored, wanted: set[str], unwanted: set[str], exchange: int | None) -> None:
        """Have these in a group of the identity store, and those not."""
        tx = self._tx
        stored = identities.find(tx.connection, self._provider, "Group", group.identity or "")
        if stored is None or not (wanted or unwanted):
            return
        rows = self._rows(wanted | unwanted)
        there = member_rows.called(tx.connection, stored.key, rows.values())
        come = sorted(rows[each] for each in wanted if each in rows and rows[each] not in there)
        go = sorted(rows[each] for each in unwanted if each in rows and rows[each] in there)
        if not come and not go:
            return
        member_rows.add(tx, stored.key, ((nested, key, None) for nested, key in come), exchange)
        member_rows.remove(tx, stored.key, go)
        moved = [*come, *go]
        member_rows.count_users_up(tx, _keys(moved, nested=False))
        identities.count_version_up(tx, "Group", stored)
        self._touched.add("User", member_rows.user_ids(tx.connection, _keys(moved, nested=False)), exchange)
        self._touched.add("Group", member_rows.group_ids(tx.connection, _keys(moved, nested=True)), exchange)
        self._session.tally.members_added += len(come)
        self._session.tally.members_removed += len(go)

    def _rows(self, ids: set[str]) -> dict[str, Row]:
        """Which rows these are; nearly all of them are users."""
        users = graph_moves.user_keys(self._tx.connection, ids)
        found: dict[str, Row] = {ident: (False, key) for ident, key in users.items()}
        others = ids - users.keys()
        return found | member_rows.resolve(self._tx.connection, self._provider, others) if others else found


def _keys(rows: Iterable[Row], *, nested: bool) -> list[int]:
    return [key for is_group, key in rows if is_group is nested]
