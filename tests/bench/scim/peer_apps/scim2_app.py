"""A peer: `scim2-server` over SQLite, synchronous=FULL, with indexes on what match queries ask for.

    PEER_DB=PATH uvicorn tests.bench.scim.peer_apps.scim2_app:app

Everything runs on the event loop, which is the fastest for it, and commits once per request. No token is asked for.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from scim2_models import (
    Context,
    ETag,
    Filter,
    Group,
    Meta,
    NotFoundException,
    Patch,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    UniquenessException,
    User,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.storage import AsyncScimStorage, SearchPage

TABLE = (
    "CREATE TABLE IF NOT EXISTS resources (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, "
    "name TEXT COLLATE NOCASE NOT NULL, external_id TEXT, document BLOB NOT NULL, version INTEGER NOT NULL, "
    "created TEXT NOT NULL, modified TEXT NOT NULL)"
)
INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS by_name ON resources (kind, name)",
    "CREATE INDEX IF NOT EXISTS by_external_id ON resources (kind, external_id)",
)
INSERT = (
    "INSERT INTO resources (id, kind, name, external_id, document, version, created, modified) "
    "VALUES (?, ?, ?, ?, ?, 1, ?, ?)"
)
COLUMNS = "id, document, version, created, modified"
MODELS: dict[str, type[Resource[Any]]] = {"User": User, "Group": Group}
INDEXED = {"username": "name", "displayname": "name", "externalid": "external_id", "id": "id"}


def connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE)
    for index in INDEXES:
        connection.execute(index)
    return connection


class Storage(AsyncScimStorage):
    """Documents in one table."""

    def __init__(self, path: str) -> None:
        self._connection = connected(path)

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        return _resource(_kind(resource_type), self._row(resource_type, resource_id))

    async def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        kind = _kind(resource_types[0])
        start, count = search_request.start_index_0 or 0, search_request.count
        where, values = "kind = ?", [kind]
        if search_request.filter is not None:
            node = search_request.filter.ast
            assert isinstance(node, Comparison)
            assert node.op is CompareOperator.eq
            where += f" AND {INDEXED[node.attr_path.attr.lower()]} = ?"
            values.append(str(node.value))
        total = self._connection.execute(f"SELECT count(*) FROM resources WHERE {where}", values).fetchone()[0]
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM resources WHERE {where} ORDER BY number LIMIT ? OFFSET ?",
            [*values, -1 if count is None else count, start],
        )
        return SearchPage(total, [_resource(kind, row) for row in rows])

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        kind, ident, now = _kind(resource_type), str(uuid.uuid4()), datetime.now(UTC).isoformat()
        document, name, external = _columns(resource)
        with _unique():
            self._connection.execute(INSERT, (ident, kind, name, external, document, now, now))
        return _resource(kind, (ident, document, 1, now, now))

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        assert resource.id is not None
        _, _, version, created, _ = self._expected(resource_type, resource.id, expected_version)
        document, name, external = _columns(resource)
        now = datetime.now(UTC).isoformat()
        with _unique():
            self._connection.execute(
                "UPDATE resources SET name = ?, external_id = ?, document = ?, version = ?, modified = ? WHERE id = ?",
                (name, external, document, version + 1, now, resource.id),
            )
        return _resource(_kind(resource_type), (resource.id, document, version + 1, created, now))

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        self._expected(resource_type, resource_id, expected_version)
        self._connection.execute("DELETE FROM resources WHERE id = ?", (resource_id,))

    def _row(self, resource_type: ResourceType, ident: str) -> Any:
        statement = f"SELECT {COLUMNS} FROM resources WHERE id = ? AND kind = ?"
        row = self._connection.execute(statement, (ident, _kind(resource_type))).fetchone()
        if row is None:
            raise NotFoundException
        return row

    def _expected(self, resource_type: ResourceType, ident: str, version: str | None) -> Any:
        row = self._row(resource_type, ident)
        if version is not None and version != _version(row[2]):
            raise PreconditionFailedException
        return row


def _kind(resource_type: ResourceType) -> str:
    assert resource_type.name is not None
    return resource_type.name


def _columns(resource: Resource[Any]) -> tuple[bytes, str, str | None]:
    dumped = resource.model_dump(scim_ctx=Context.DEFAULT)
    document = {name: value for name, value in dumped.items() if name not in ("id", "meta")}
    return orjson.dumps(document), document.get("userName") or document["displayName"], document.get("externalId")


def _resource(kind: str, row: Any) -> Resource[Any]:
    ident, document, version, created, modified = row
    resource = MODELS[kind].model_validate(orjson.loads(document) | {"id": ident})
    began, ended = datetime.fromisoformat(created), datetime.fromisoformat(modified)
    resource.meta = Meta(resource_type=kind, version=_version(version), created=began, last_modified=ended)
    return resource


def _version(number: int) -> str:
    return f'W/"{number}"'


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as breach:
        raise UniquenessException from breach


def _application() -> ASGIApplication:
    provider = ScimProvider(
        [User, Group],
        resource_types=[ResourceType.from_resource(model) for model in MODELS.values()],
        config=ServiceProviderConfig(
            patch=Patch(supported=True), etag=ETag(supported=True), filter=Filter(supported=True, max_results=1000)
        ),
        policy=ScimPolicy(unknown=ScimPolicy.Unknown.ignore, remove_value_as_filter=ScimPolicy.RemoveValue.apply),
    )
    return ASGIApplication(Storage(os.environ.get("PEER_DB", ":memory:")), provider)


app = _application()
