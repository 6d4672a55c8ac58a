"""The identity store as `scim2-server` wants it: five calls on whole resources of one provider.

It runs inside one transaction (writes) or one read, so a request sees one moment and leaves all or nothing. It loads
whole resources and is the slow, right path; memberships are compared and only the differences are written.
"""

from datetime import UTC, datetime
from typing import Any, cast

from scim2_models import (
    Group,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy import Connection

from core.scim.filters import Lookup, lookup_of
from core.scim.member_patch import MemberPatch
from core.scim.members import MemberChanges, member_changes
from core.scim.models import MODELS
from core.scim.texts import NAMES, check_texts
from core.store import Transaction, identities, member_rows
from core.store.identities import Kind, NameTaken, Stored
from core.store.member_rows import Member

_OURS = ("id", "meta", "groups", "members", "password")
"""What a document does not hold: made by us, kept as rows, or never kept at all."""


class IdentityStorage(ScimStorage):
    """The resources of one provider. Without a transaction it only reads."""

    def __init__(
        self, provider: str, connection: Connection, transaction: Transaction | None = None, exchange: int | None = None
    ) -> None:
        self._provider = provider
        self._connection = connection
        self._transaction = transaction
        self._exchange = exchange
        self.touched: dict[Kind, set[str]] = {"User": set(), "Group": set()}
        """Ids of what was changed here, members that came or went included: the keys that targets must look at."""

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One resource, with its members or groups."""
        kind = _kind(resource_type)
        return self._resource(kind, self._find(kind, resource_id))

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """One page of the resources that match; without a filter or a sort, only that page is read."""
        kinds = [_kind(resource_type) for resource_type in resource_types]
        start = search_request.start_index_0 or 0
        if len(kinds) == 1 and search_request.filter is None and search_request.sort_by is None:
            total, rows = identities.page(self._connection, self._provider, kinds[0], start, search_request.count)
            return SearchPage(total, [self._resource(kinds[0], row) for row in rows])
        found = [resource for kind in kinds for resource in self._matching(kind, search_request)]
        stop = None if search_request.count is None else start + search_request.count
        return SearchPage(len(found), _sorted(found, search_request)[start:stop])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Store a new resource."""
        kind = _kind(resource_type)
        document = _document(kind, resource)
        try:
            stored = identities.create(self._writing, self._provider, kind, document, self._exchange)
        except NameTaken:
            raise _taken(kind, document) from None
        self.touched[kind].add(stored.id)
        self._write_members(stored, self._member_changes(stored, resource))
        return self._resource(kind, stored)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace a resource that still has `expected_version`; one that stays the same keeps it and is not touched.

        A group is touched only where its document changes: that makes all its members be planned.
        """
        kind = _kind(resource_type)
        stored = self._expected(kind, cast(str, resource.id), expected_version)
        document, members = _document(kind, resource), self._member_changes(stored, resource)
        if document != stored.document:
            try:
                stored = identities.replace(self._writing, kind, stored, document, self._exchange)
            except NameTaken:
                raise _taken(kind, document) from None
            self.touched[kind].add(stored.id)
        elif members:
            stored = identities.count_version_up(self._writing, kind, stored)
        self._write_members(stored, members)
        return self._resource(kind, stored)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Leave a tombstone of a resource that still has `expected_version`."""
        kind = _kind(resource_type)
        stored = self._expected(kind, resource_id, expected_version)
        self.touched[kind].add(stored.id)
        if kind == "Group":
            members = member_rows.members(self._connection, stored.key)
            self.touched["User"] |= {member.id for member in members if not member.nested}
        identities.remove(self._writing, kind, stored, self._exchange)

    @property
    def _writing(self) -> Transaction:
        assert self._transaction is not None, "a write outside a transaction"
        return self._transaction

    def _find(self, kind: Kind, resource_id: str) -> Stored:
        stored = identities.find(self._connection, self._provider, kind, resource_id)
        if stored is None:
            raise NotFoundException(detail=f"{kind} {resource_id!r} is not known to provider {self._provider!r}")
        return stored

    def _expected(self, kind: Kind, resource_id: str, version: str | None) -> Stored:
        stored = self._find(kind, resource_id)
        if version is not None and version != _version(stored):
            raise PreconditionFailedException(detail=f"{kind} {resource_id!r} was changed meanwhile: read it again")
        return stored

    def _matching(self, kind: Kind, request: SearchRequest[Any]) -> list[Resource[Any]]:
        if request.filter is None:
            return [self._resource(kind, row) for row in self._all(kind)]
        scim_filter = _bound(request.filter, kind)
        lookup = lookup_of(scim_filter, kind)
        rows = self._all(kind) if lookup is None else self._equal(kind, lookup)
        return [found for row in rows if scim_filter.match(found := self._resource(kind, row))]

    def _equal(self, kind: Kind, lookup: Lookup) -> list[Stored]:
        return identities.find_equal(self._connection, self._provider, kind, lookup.attribute, lookup.value)

    def _all(self, kind: Kind) -> list[Stored]:
        return identities.page(self._connection, self._provider, kind, 0, None)[1]

    def _resource(self, kind: Kind, stored: Stored) -> Resource[Any]:
        document = stored.document | {"id": stored.id}
        if kind == "Group":
            document["members"] = [_member(m) for m in member_rows.members(self._connection, stored.key)]
        else:
            document["groups"] = [_group(m) for m in member_rows.groups_of(self._connection, stored.key)]
        resource = MODELS[kind].model_validate(document)
        resource.meta = Meta(
            resource_type=kind,
            created=_time(stored.created_at),
            last_modified=_time(stored.modified_at),
            version=_version(stored),
        )
        return resource

    def _member_changes(self, stored: Stored, resource: Resource[Any]) -> MemberChanges:
        if not isinstance(resource, Group):
            return MemberChanges()
        return member_changes(self._connection, self._provider, stored, resource)

    def patch_members(self, patch: MemberPatch) -> str | None:
        """Make a change of members alone; returns the group's version then, `None` where there is no such group.

        :raises InvalidValueException: when somebody to be added is not known.
        """
        group = identities.find(self._connection, self._provider, "Group", patch.group_id)
        if group is None:
            return None
        changes = patch.changes(self._connection, self._provider, group)
        if not changes:
            return _version(group)
        self._write_members(group, changes)
        return _version(identities.count_version_up(self._writing, "Group", group))

    def _write_members(self, group: Stored, changes: MemberChanges) -> None:
        changes.write(self._writing, group, self._exchange)
        self.touched["User"] |= changes.users


def _kind(resource_type: ResourceType) -> Kind:
    return "Group" if resource_type.name == "Group" else "User"


def _document(kind: Kind, resource: Resource[Any]) -> dict[str, Any]:
    document = {name: value for name, value in resource.model_dump().items() if name not in _OURS}
    check_texts(kind, document)
    return document


def _taken(kind: Kind, document: dict[str, Any]) -> UniquenessException:
    name = NAMES[kind]
    return UniquenessException(
        detail=f"another {kind} of this provider has {name} {document[name]!r}: match it, or rename one"
    )


def _bound(scim_filter: ScimFilter[Any], kind: Kind) -> ScimFilter[Any]:
    """The filter for one kind alone: of a search over several, each kind leaves what it does not have unmatched."""
    model = MODELS[kind]
    if scim_filter.models == (model,):
        return scim_filter
    return ScimFilter[model](scim_filter.ast)  # type: ignore[valid-type]


def _sorted(found: list[Resource[Any]], request: SearchRequest[Any]) -> list[Resource[Any]]:
    """In the asked order, missing values last when ascending (RFC 7644 §3.4.2.3); ties stay in order of creation."""
    if request.sort_by is None:
        return found
    keyed = [(request.sort_value(resource), resource) for resource in found]
    descending = request.sort_order == SearchRequest.SortOrder.descending
    present = sorted(((v, r) for v, r in keyed if v is not None), key=lambda pair: pair[0], reverse=descending)
    missing = [resource for value, resource in keyed if value is None]
    ordered = [resource for _, resource in present]
    return missing + ordered if descending else ordered + missing


def _member(member: Member) -> dict[str, Any]:
    kind = "Group" if member.nested else "User"
    return {"value": member.id, "display": member.display, "type": kind, "$ref": f"{kind}s/{member.id}"}


def _group(group: Member) -> dict[str, Any]:
    return {"value": group.id, "display": group.display, "type": "direct", "$ref": f"Groups/{group.id}"}


def _version(stored: Stored) -> str:
    return f'W/"{stored.version}"'


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
