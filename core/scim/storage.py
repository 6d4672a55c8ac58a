"""The identity store as `scim2-server` wants it: five calls on whole resources of one provider.

It runs inside one transaction (writes) or one read, so a request sees one moment and leaves all or nothing. It loads
whole resources and is the slow, right path; memberships are compared and only the differences are written.
"""

from datetime import UTC, datetime
from typing import Any, cast

from scim2_models import (
    EnterpriseUser,
    Group,
    InvalidValueException,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    UniquenessException,
    User,
)
from scim2_server.storage import ScimStorage, SearchPage
from sqlalchemy import Connection

from core.store import Transaction, identities
from core.store.identities import Kind, Member, NameTaken, Stored

_MODELS: dict[Kind, type[Resource[Any]]] = {"User": User[EnterpriseUser], "Group": Group}
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
        try:
            stored = identities.create(self._writing, self._provider, kind, _document(resource), self._exchange)
        except NameTaken:
            raise _taken(kind, resource) from None
        self.touched[kind].add(stored.id)
        self._write_members(kind, stored, resource)
        return self._resource(kind, stored)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace a resource that still has `expected_version`."""
        kind = _kind(resource_type)
        stored = self._expected(kind, cast(str, resource.id), expected_version)
        try:
            replaced = identities.replace(self._writing, kind, stored, _document(resource), self._exchange)
        except NameTaken:
            raise _taken(kind, resource) from None
        self.touched[kind].add(stored.id)
        self._write_members(kind, replaced, resource)
        return self._resource(kind, replaced)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Leave a tombstone of a resource that still has `expected_version`."""
        kind = _kind(resource_type)
        stored = self._expected(kind, resource_id, expected_version)
        self.touched[kind].add(stored.id)
        if kind == "Group":
            members = identities.members(self._connection, stored.key)
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
        model = _MODELS[kind]
        scim_filter = request.filter if model in request.filter.models else _filter_of(model, str(request.filter))
        return [found for row in self._all(kind) if scim_filter.match(found := self._resource(kind, row))]

    def _all(self, kind: Kind) -> list[Stored]:
        return identities.page(self._connection, self._provider, kind, 0, None)[1]

    def _resource(self, kind: Kind, stored: Stored) -> Resource[Any]:
        document = stored.document | {"id": stored.id}
        if kind == "Group":
            document["members"] = [_member(m) for m in identities.members(self._connection, stored.key)]
        else:
            document["groups"] = [_group(m) for m in identities.groups_of(self._connection, stored.key)]
        resource = _MODELS[kind].model_validate(document)
        resource.meta = Meta(
            resource_type=kind,
            created=_time(stored.created_at),
            last_modified=_time(stored.modified_at),
            version=_version(stored),
        )
        return resource

    def _write_members(self, kind: Kind, stored: Stored, resource: Resource[Any]) -> None:
        if not isinstance(resource, Group):
            return
        ids = [member.value for member in resource.members or [] if member.value]
        known = identities.resolve_members(self._connection, self._provider, ids)
        unknown = sorted(set(ids) - known.keys())
        if unknown:
            raise InvalidValueException(detail=f"members: no user or group has the id {unknown[0]!r}; use our ids")
        before = {member.id: member for member in identities.members(self._connection, stored.key)}
        called = {member.value: member.display for member in resource.members or []}
        came, went = known.keys() - before.keys(), before.keys() - known.keys()
        renamed = {id for id in known.keys() & before.keys() if called[id] not in (None, before[id].display)}
        added = [(*known[id], called[id]) for id in sorted(came | renamed)]
        identities.add_members(self._writing, stored.key, added, self._exchange)
        removed = [(before[id].nested, before[id].key) for id in sorted(went)]
        identities.remove_members(self._writing, stored.key, removed)
        self.touched["User"] |= {id for id in came if not known[id][0]} | {id for id in went if not before[id].nested}


def _kind(resource_type: ResourceType) -> Kind:
    return "Group" if resource_type.name == "Group" else "User"


def _document(resource: Resource[Any]) -> dict[str, Any]:
    document: dict[str, Any] = resource.model_dump()
    return {name: value for name, value in document.items() if name not in _OURS}


def _taken(kind: Kind, resource: Resource[Any]) -> UniquenessException:
    name, value = (
        ("displayName", resource.display_name) if isinstance(resource, Group) else ("userName", _name(resource))
    )
    return UniquenessException(detail=f"another {kind} of this provider has {name} {value!r}: match it, or rename one")


def _name(resource: Resource[Any]) -> str | None:
    return resource.user_name if isinstance(resource, User) else None


def _filter_of(model: type[Resource[Any]], text: str) -> Any:
    from scim2_models import ScimFilter

    return ScimFilter[model](text)  # type: ignore[valid-type]


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
