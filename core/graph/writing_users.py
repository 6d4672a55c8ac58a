"""Users of the directory, made users of the identity store, as Entra's provisioning by SCIM would make them.

Who is disabled, deleted or out of scope becomes inactive, and is not created for that; who is gone for good is
removed. A user that is there already is taken over: by externalId, then by userName.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from core.graph.details import DetailsView
from core.graph.documents import Document, switched_off, user_document, user_name
from core.graph.names import trouble_with
from core.graph.scoping import ScopeView
from core.graph.session import Session
from core.graph.touched import Touched
from core.store import Transaction, graph_members, graph_objects, identities
from core.store.graph_objects import Mirrored
from core.store.identities import NameTaken, Stored, name_key

_PASSED_ON = ("deleted", "missing", "gone")
"""States in which a user's name may be given to somebody else."""
_LONGEST_CHAIN = 60
"""Managers of managers that are followed at once; those beyond come in a further pass."""


class UserWrites:
    """The users of one part. `unlinked` has our ids of those that no object is linked to yet."""

    def __init__(
        self, tx: Transaction, session: Session, scope: ScopeView, unlinked: set[str], details: DetailsView | None
    ) -> None:
        self._tx = tx
        self._session = session
        self._provider = session.provider
        self._scope = scope
        self._unlinked = unlinked
        self._details = details
        self._touched = Touched()
        self._after: dict[str, Mirrored] = {}
        self._linked: set[str] = set()
        """Object ids of those that got an identity here."""
        self._lost: set[str] = set()
        """Object ids of those that lost theirs."""
        self._missed: dict[str, tuple[int, int | None]] = {}
        """Our id → readings in a row without that user, and the exchange that told."""
        self._visiting: set[str] = set()
        self._part: set[str] = set()
        self._groups_of: Mapping[str, set[str]] = {}
        self._managers: Mapping[str, Mirrored] = {}

    def write(self, part: list[Mirrored]) -> None:
        """Bring these users up to date, and note what follows from it."""
        tx, provider = self._tx, self._provider
        self._part = {each.id for each in part}
        self._groups_of = graph_members.groups_of(tx.connection, provider, self._part)
        managers = {each.manager for each in part if each.manager is not None}
        self._managers = graph_objects.of_ids(tx.connection, provider, managers)
        for each in part:
            if each.id not in self._after or self._after[each.id].dirty:
                self._one(each)
        gone = {each.id for each in self._after.values() if each.state == "gone"}
        graph_objects.keep(tx, (each for each in self._after.values() if each.id not in gone))
        graph_objects.forget(tx, provider, gone)
        graph_members.end_member(tx, provider, gone)
        graph_objects.mark_reports_dirty(tx, provider, self._linked | self._lost)
        graph_members.mark_members_dirty(tx, provider, self._linked | self._lost)
        self._write_missed()
        self._touched.write(tx, self._session)

    def _one(self, mirrored: Mirrored) -> None:
        mirrored = self._after.get(mirrored.id, mirrored)
        self._visiting.add(mirrored.id)
        stored = self._stored(mirrored)
        settled = replace(mirrored, dirty=False, problem=None, identity=stored.id if stored else None)
        if mirrored.state == "present":
            settled = self._present(settled, stored)
        elif stored is not None:
            settled = self._absent(settled, stored)
        self._after[mirrored.id] = settled
        self._visiting.discard(mirrored.id)

    def _stored(self, mirrored: Mirrored) -> Stored | None:
        if mirrored.identity is None:
            return None
        return identities.find(self._tx.connection, self._provider, "User", mirrored.identity)

    def _absent(self, user: Mirrored, stored: Stored) -> Mirrored:
        if user.state == "gone":
            self._remove(user, stored)
            return replace(user, identity=None)
        if user.state == "deleted":
            self._replace(user, stored, switched_off(stored.document))
        self._missed[stored.id] = (user.missed, user.exchange)
        return user

    def _present(self, user: Mirrored, stored: Stored | None) -> Mirrored:
        stored = stored or self._adopted(user)
        properties = user.document
        in_scope = self._scope.has_user(user, self._groups_of_one(user.id))
        active = in_scope and bool(properties.get("accountEnabled", True))
        if stored is None and not active:
            return user
        before = stored.document if stored else None
        if before is not None and not in_scope:
            document = switched_off(before)
        else:
            manager, details = self._manager(user), self._details_of(user)
            document = user_document(properties, active=active, manager=manager, before=before, details=details)
        if problem := trouble_with(document, "userName"):
            return replace(user, problem=problem, identity=stored.id if stored else None)
        return self._kept(user, stored, document)

    def _kept(self, user: Mirrored, stored: Stored | None, document: Document) -> Mirrored:
        for _ in range(2):
            try:
                if stored is None:
                    stored = self._create(user, document)
                else:
                    self._replace(user, stored, document)
                    self._missed[stored.id] = (user.missed, user.exchange)
                return replace(user, identity=stored.id)
            except NameTaken:
                if not self._made_room(document["userName"]):
                    break
        if stored is not None:  # everything else holds: a leaver does not stay for the sake of a name
            self._replace(user, stored, document | {"userName": stored.document["userName"]})
        problem = f"another user of this provider has the userName {document['userName']}"
        return replace(user, problem=problem, identity=stored.id if stored else None)

    def _adopted(self, user: Mirrored) -> Stored | None:
        """Who is in the identity store already, and no object's yet, for this user."""
        if not self._unlinked:
            return None
        properties = user.document
        connection, provider = self._tx.connection, self._provider
        named = identities.find_equal(connection, provider, "User", "userName", user_name(properties))
        alias = properties.get("mailNickname")
        aliased = identities.find_equal(connection, provider, "User", "externalId", alias) if alias else []
        alike = [each for each in aliased if each.id in self._unlinked]
        # Nicknames can be given twice; then the name decides.
        found = alike if len(alike) == 1 else [each for each in named if each.id in self._unlinked]
        if not found:
            return None
        self._unlinked.discard(found[0].id)
        self._linked.add(user.id)
        self._session.tally.adopted += 1
        return found[0]

    def _create(self, user: Mirrored, document: Document) -> Stored:
        stored = identities.create(self._tx, self._provider, "User", document, user.exchange)
        self._linked.add(user.id)
        self._touched.add("User", [stored.id], user.exchange)
        self._session.tally.users_created += 1
        return stored

    def _replace(self, user: Mirrored, stored: Stored, document: Document) -> None:
        if document == stored.document:
            return
        identities.replace(self._tx, "User", stored, document, user.exchange)
        self._touched.add("User", [stored.id], user.exchange)
        self._session.tally.users_changed += 1

    def _remove(self, user: Mirrored, stored: Stored) -> None:
        identities.remove(self._tx, "User", stored, user.exchange)
        self._lost.add(user.id)
        self._touched.add("User", [stored.id], user.exchange)
        self._session.tally.users_removed += 1

    def _write_missed(self) -> None:
        """Note how many readings in a row did not have each user, all of one number together."""
        together: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
        for ident, numbers in self._missed.items():
            together[numbers].append(ident)
        for (missed, exchange), ids in together.items():
            self._touched.add("User", graph_objects.set_missed_reads(self._tx, ids, missed), exchange)
        self._missed.clear()

    def _manager(self, user: Mirrored) -> str | None:
        """Our id of the user's manager, who is brought up to date first."""
        if user.manager is None:
            return None
        known = self._after.get(user.manager) or self._managers.get(user.manager) or self._looked_up(user.manager)
        if known is None:
            return None
        is_due = known.dirty and known.state != "unseen" and known.id not in self._visiting
        if is_due and len(self._visiting) < _LONGEST_CHAIN:
            self._one(known)
            known = self._after[known.id]
        return known.identity

    def _details_of(self, user: Mirrored) -> dict[str, str] | None:
        """What SCIM would not bring of a user; `None` where that is not asked for."""
        if self._details is None:
            return None
        groups = self._groups_of_one(user.id)
        reached = {outer for group in groups for outer in self._scope.reach.get(group, {group})}
        manager = None
        if user.manager is not None:
            manager = self._managers.get(user.manager) or self._looked_up(user.manager)
        return self._details.of(user, groups | reached, manager)

    def _looked_up(self, object_id: str) -> Mirrored | None:
        return graph_objects.of_ids(self._tx.connection, self._provider, [object_id]).get(object_id)

    def _groups_of_one(self, user_id: str) -> set[str]:
        if user_id in self._part:
            return self._groups_of.get(user_id, set())
        return graph_members.groups_of(self._tx.connection, self._provider, [user_id]).get(user_id, set())

    def _rename(self, user: Mirrored, stored: Stored) -> None:
        """Follow the name of a user who is out of scope, and was left alone for that."""
        for name in (user_name(user.document), f"{stored.document['userName']}#{user.id}"):
            with suppress(NameTaken):
                self._replace(user, stored, stored.document | {"userName": name})
                return

    def _made_room(self, name: str) -> bool:
        """Whether the user who has this name has another one now, or none: the directory gave it to somebody else."""
        found = identities.find_equal(self._tx.connection, self._provider, "User", "userName", name)
        if not found:
            return True
        holder = found[0]
        known = next((each for each in self._after.values() if each.identity == holder.id), None)
        known = known or graph_objects.of_identities(self._tx.connection, self._provider, [holder.id]).get(holder.id)
        if known is None:
            return False
        if known.state in _PASSED_ON:
            self._remove(known, holder)
            self._after[known.id] = replace(known, identity=None)
        elif known.id in self._visiting:  # names that went round in a circle
            identities.replace(self._tx, "User", holder, holder.document | {"userName": f"{name}#{known.id}"})
        elif known.dirty:
            self._one(known)
        elif name_key(user_name(known.document)) != name_key(name):
            self._rename(known, holder)
        remaining = identities.find_equal(self._tx.connection, self._provider, "User", "userName", name)
        return not remaining
