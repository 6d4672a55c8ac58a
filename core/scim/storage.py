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
    SearchRequest,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy import Connection

from core.scim.members import MemberChanges, WantedMembers
from core.scim.models import MODELS
from core.scim.representation import version_of
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
        """One page of the resources that match, of all that there are: requests are answered by `core.scim.search`."""
        found = [
            each for resource_type in resource_types for each in self._matching(_kind(resource_type), search_request)
        ]
        start = search_request.start_index_0 or 0
        stop = None if search_request.count is None else start + search_request.count
        return SearchPage(len(found), search_request.sort(found)[start:stop])

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
        rows = identities.page(self._connection, self._provider, kind, 0, None)[1]
        found = [self._resource(kind, row) for row in rows]
        return found if request.filter is None else [each for each in found if request.filter.match(each)]

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
            version=version_of(stored),
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


def _member(member: Member) -> dict[str, Any]:
    kind = "Group" if member.nested else "User"
    return {"value": member.id, "display": member.display, "type": kind, "$ref": f"{kind}s/{member.id}"}


def _group(group: Member) -> dict[str, Any]:
    return {"value": group.id, "display": group.display, "type": "direct", "$ref": f"Groups/{group.id}"}


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
