"""The identity store as `scim2-server` wants it: five calls on whole resources of one provider.

It runs inside one transaction (writes) or one read, so a request sees one moment and leaves all or nothing. It loads
whole resources and is the slow, right path; memberships are compared and only the differences are written.
"""

from datetime import UTC, datetime
from typing import Any, cast

from scim2_models import (
    Group,
    Meta,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy import Connection

from core.scim.filters import Lookup, lookup_of
from core.scim.members import MemberChanges, WantedMembers
from core.scim.models import MODELS
from core.scim.writes import Writes, check_version, not_found
from core.store import identities, member_rows
from core.store.identities import Kind, Stored
from core.store.member_rows import Member

_OURS = ("id", "meta", "groups", "members", "password")
"""What a document does not hold: made by us, kept as rows, or never kept at all."""


class IdentityStorage(ScimStorage):
    """The resources of one provider. Without `writes` it only reads."""

    def __init__(self, provider: str, connection: Connection, writes: Writes | None = None) -> None:
        self._provider = provider
        self._connection = connection
        self._writes = writes

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One resource, with its members or groups."""
        kind = _kind(resource_type)
        stored = identities.find(self._connection, self._provider, kind, resource_id)
        if stored is None:
            raise not_found(self._provider, kind, resource_id)
        return self._resource(kind, stored)

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
        stored = self._writing.create(kind, _document(resource))
        if isinstance(resource, Group):
            self._writing.change_members(stored, self._member_changes(stored, resource), counted=True)
        return self._resource(kind, stored)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace a resource that still has `expected_version`; one that stays the same keeps it and is not touched."""
        kind = _kind(resource_type)
        before = self._writing.find(kind, cast(str, resource.id))
        check_version(kind, before, expected_version)
        stored = self._writing.replace(kind, before, _document(resource))
        if isinstance(resource, Group):
            changes = self._member_changes(stored, resource)
            stored = self._writing.change_members(stored, changes, counted=stored is not before)
        return self._resource(kind, stored)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Leave a tombstone of a resource that still has `expected_version`."""
        kind = _kind(resource_type)
        stored = self._writing.find(kind, resource_id)
        check_version(kind, stored, expected_version)
        self._writing.delete(kind, stored)

    @property
    def _writing(self) -> Writes:
        assert self._writes is not None, "a write outside a transaction"
        return self._writes

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

    def _member_changes(self, stored: Stored, group: Group) -> MemberChanges:
        wanted = WantedMembers()
        wanted.replace({member.value: member.display for member in group.members or [] if member.value})
        return wanted.changes(self._connection, self._provider, stored)


def _kind(resource_type: ResourceType) -> Kind:
    return "Group" if resource_type.name == "Group" else "User"


def _document(resource: Resource[Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.model_dump().items() if name not in _OURS}


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
