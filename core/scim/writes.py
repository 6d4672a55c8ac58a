"""What a request changes in the identity store, on documents: the one way in for the typed path and the library alike.

It runs inside one transaction. It notes which keys it touched, so that targets look at these and at no others: a
group is touched only where its own document or its place in others changes: all its members are planned then.
"""

from typing import Any

from scim2_models import NotFoundException, PreconditionFailedException, UniquenessException
from sqlalchemy import Connection

from core.scim.members import MemberChanges
from core.scim.representation import version_of
from core.scim.texts import NAMES, check_texts
from core.store import Transaction, identities, member_rows
from core.store.identities import Kind, NameTaken, Stored

Document = dict[str, Any]


class Writes:
    """The changes of one request to the resources of one provider."""

    def __init__(self, provider: str, tx: Transaction, exchange: int | None = None) -> None:
        self.provider = provider
        self.tx = tx
        self.exchange = exchange
        self.touched: dict[Kind, set[str]] = {"User": set(), "Group": set()}
        """Ids of what was changed here, members that came or went included: the keys that targets must look at."""

    @property
    def connection(self) -> Connection:
        """Reads inside the transaction."""
        return self.tx.connection

    def find(self, kind: Kind, ident: str) -> Stored:
        """A live resource.

        :raises NotFoundException: where there is none.
        """
        stored = identities.find(self.connection, self.provider, kind, ident)
        if stored is None:
            raise not_found(self.provider, kind, ident)
        return stored

    def create(self, kind: Kind, document: Document) -> Stored:
        """Store a new resource.

        :raises UniquenessException: where its name is taken.
        :raises InvalidValueException: where a text of it cannot be kept.
        """
        check_texts(kind, document)
        try:
            stored = identities.create(self.tx, self.provider, kind, document, self.exchange)
        except NameTaken:
            raise _taken(kind, document) from None
        self.touched[kind].add(stored.id)
        return stored

    def replace(self, kind: Kind, stored: Stored, document: Document) -> Stored:
        """Give a resource another document; one that stays the same keeps its version and is not touched.

        :raises UniquenessException: where its new name is taken.
        :raises InvalidValueException: where a text of it cannot be kept.
        """
        if document == stored.document:
            return stored
        check_texts(kind, document)
        try:
            stored = identities.replace(self.tx, kind, stored, document, self.exchange)
        except NameTaken:
            raise _taken(kind, document) from None
        self.touched[kind].add(stored.id)
        return stored

    def change_members(self, group: Stored, changes: MemberChanges, *, counted: bool = False) -> Stored:
        """Write these changes of a group's members; `counted` where its version went up with its document already."""
        if not changes:
            return group
        changes.write(self.tx, group, self.exchange)
        self.touched["User"] |= changes.users
        self.touched["Group"] |= changes.groups
        return group if counted else identities.count_version_up(self.tx, "Group", group)

    def delete(self, kind: Kind, stored: Stored) -> None:
        """Leave a tombstone; the members of a group are touched, since each loses it."""
        self.touched[kind].add(stored.id)
        if kind == "Group":
            rows = member_rows.called(self.connection, stored.key, None)
            self.touched["User"] |= member_rows.user_ids(self.connection, (key for nested, key in rows if not nested))
            self.touched["Group"] |= member_rows.group_ids(self.connection, (key for nested, key in rows if nested))
        identities.remove(self.tx, kind, stored, self.exchange)


def check_version(kind: Kind, stored: Stored, version: str | None) -> None:
    """Let a write go on.

    :raises PreconditionFailedException: where the resource no longer has that version; `None` is any.
    """
    if version is not None and version != version_of(stored):
        raise PreconditionFailedException(detail=f"{kind} {stored.id!r} was changed meanwhile: read it again")


def not_found(provider: str, kind: Kind, ident: str) -> NotFoundException:
    """What an id that is not known is answered with."""
    return NotFoundException(detail=f"{kind} {ident!r} is not known to provider {provider!r}")


def _taken(kind: Kind, document: Document) -> UniquenessException:
    name = NAMES[kind]
    return UniquenessException(
        detail=f"another {kind} of this provider has {name} {document[name]!r}: match it, or rename one"
    )
