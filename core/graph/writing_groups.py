"""Groups of the directory, made groups of the identity store. Who is out of scope, deleted or gone is removed.

A group that is there already is taken over: by externalId, which is the object's id, then by displayName.
"""

from dataclasses import replace

from core.graph.documents import group_document
from core.graph.memberships import MemberParts
from core.graph.names import trouble_with
from core.graph.scoping import ScopeView
from core.graph.session import Session
from core.graph.touched import Touched
from core.store import Transaction, graph_members, graph_objects, identities, member_rows
from core.store.graph_objects import Mirrored
from core.store.identities import NameTaken, Stored

GONE_AFTER = 2
"""Readings in a row without a group, after which it is gone."""


class GroupWrites:
    """The groups of one part. `unlinked` has our ids of those that no object is linked to yet."""

    def __init__(self, tx: Transaction, session: Session, scope: ScopeView, unlinked: set[str]) -> None:
        self._tx = tx
        self._session = session
        self._provider = session.provider
        self._scope = scope
        self._unlinked = unlinked
        self._touched = Touched()
        self._after: dict[str, Mirrored] = {}
        self._linked: set[str] = set()
        self._adopted: set[str] = set()
        self._visiting: set[str] = set()

    def write(self, part: list[Mirrored]) -> None:
        """Bring these groups up to date, and note what follows from it."""
        tx, provider = self._tx, self._provider
        # Names of groups that go are free for those that come.
        for each in sorted(part, key=self._stays):
            if each.id not in self._after:
                self._one(each)
        gone = {each.id for each in self._after.values() if each.state == "gone"}
        graph_objects.keep(tx, (each for each in self._after.values() if each.id not in gone))
        graph_objects.forget(tx, provider, gone)
        graph_members.mark_groups_dirty(tx, provider, self._linked)
        self._touched.write(tx, self._session)
        if self._adopted:
            MemberParts(tx, self._session, self._scope).compare(self._adopted)

    def _one(self, mirrored: Mirrored) -> None:
        self._visiting.add(mirrored.id)
        stored = None
        if mirrored.identity is not None:
            stored = identities.find(self._tx.connection, self._provider, "Group", mirrored.identity)
        settled = replace(mirrored, dirty=False, problem=None, identity=stored.id if stored else None)
        if mirrored.state == "missing" and mirrored.missed < GONE_AFTER:
            pass
        elif self._stays(mirrored):
            settled = self._present(settled, stored)
        elif stored := stored or self._known(mirrored):
            self._remove(settled, stored)
            settled = replace(settled, identity=None)
        self._after[mirrored.id] = settled
        self._visiting.discard(mirrored.id)

    def _stays(self, group: Mirrored) -> bool:
        return group.state == "present" and group.id in self._scope.groups

    def _present(self, group: Mirrored, stored: Stored | None) -> Mirrored:
        if stored is None and (stored := self._known(group)) is not None:
            self._adopted.add(group.id)
            self._linked.add(group.id)
            self._session.tally.adopted += 1
        properties = group.document
        document = group_document(properties, group.id, stored.document if stored else None)
        if problem := trouble_with(document, "displayName"):
            return replace(group, problem=problem, identity=stored.id if stored else None)
        for _ in range(2):
            try:
                if stored is None:
                    stored = identities.create(self._tx, self._provider, "Group", document, group.exchange)
                    self._linked.add(group.id)
                    self._touched.add("Group", [stored.id], group.exchange)
                    self._session.tally.groups_created += 1
                elif document != stored.document:
                    identities.replace(self._tx, "Group", stored, document, group.exchange)
                    self._touched.add("Group", [stored.id], group.exchange)
                    self._session.tally.groups_changed += 1
                return replace(group, identity=stored.id)
            except NameTaken:
                if not self._made_room(document["displayName"]):
                    break
        problem = f"another group in scope is called {document['displayName']}: rename one of them in Entra"
        return replace(group, problem=problem, identity=stored.id if stored else None)

    def _known(self, group: Mirrored) -> Stored | None:
        """The group that is in the identity store already, and no object's yet."""
        if not self._unlinked:
            return None
        connection, provider = self._tx.connection, self._provider
        found = identities.find_equal(connection, provider, "Group", "externalId", group.id)
        name = group.document.get("displayName")
        if isinstance(name, str) and group.state == "present":
            found = found + identities.find_equal(connection, provider, "Group", "displayName", name)
        for each in found:
            if each.id in self._unlinked:
                self._unlinked.discard(each.id)
                return each
        return None

    def _remove(self, group: Mirrored, stored: Stored) -> None:
        """Leave a tombstone; all members are touched, since each of them loses the group."""
        rows = member_rows.called(self._tx.connection, stored.key, None)
        users = member_rows.user_ids(self._tx.connection, (key for nested, key in rows if not nested))
        inner = member_rows.group_ids(self._tx.connection, (key for nested, key in rows if nested))
        self._touched.add("User", users, group.exchange)
        self._touched.add("Group", {stored.id, *inner}, group.exchange)
        identities.remove(self._tx, "Group", stored, group.exchange)
        self._session.tally.groups_removed += 1

    def _made_room(self, name: str) -> bool:
        """Whether the group that has this name has another one now, or is none any more."""
        found = identities.find_equal(self._tx.connection, self._provider, "Group", "displayName", name)
        if not found:
            return True
        holder = found[0]
        known = next((each for each in self._after.values() if each.identity == holder.id), None)
        known = known or graph_objects.of_identities(self._tx.connection, self._provider, [holder.id]).get(holder.id)
        if known is None:
            return False
        if known.id in self._visiting:  # names that went round in a circle
            identities.replace(self._tx, "Group", holder, holder.document | {"displayName": f"{name} {known.id}"})
        elif known.state == "missing":
            self._remove(known, holder)
            self._after[known.id] = replace(known, identity=None)
        elif known.dirty and known.id not in self._after:
            self._one(known)
        return not identities.find_equal(self._tx.connection, self._provider, "Group", "displayName", name)
