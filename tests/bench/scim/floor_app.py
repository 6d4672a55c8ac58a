"""The floor: a bare application that commits one row per request to SQLite, synchronous=FULL, and no SCIM at all.

    FLOOR_DB=PATH FLOOR_GROUP=1 uvicorn tests.bench.scim.floor_app:app

`POST /Users` parses the body, inserts one row and answers after the commit: with FLOOR_GROUP those that wait together
share one commit in a thread, without it each has its own, on the event loop. `GET /Users/{id}` is one indexed SELECT.
"""

import asyncio
import os
import sqlite3
import threading
import uuid
from queue import Empty, SimpleQueue

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TABLE = (
    "CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, user_name TEXT UNIQUE NOT NULL, "
    "external_id TEXT, document BLOB NOT NULL) WITHOUT ROWID"
)
INSERT = "INSERT INTO users VALUES (?, ?, ?, ?)"
SELECT = "SELECT document FROM users WHERE id = ?"
MOST = 256
"""Writes that share one commit at most."""
SCIM = "application/scim+json"
Row = tuple[str, str, str, bytes]


def connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE)
    return connection


class GroupCommit:
    """A thread that commits what waits in one transaction."""

    def __init__(self, path: str) -> None:
        self._connection = connected(path)
        self._waiting: SimpleQueue[tuple[asyncio.Future[None], Row]] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    async def insert(self, row: Row) -> None:
        """Return once the row is committed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put((future, row))
        await future

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            try:
                while len(batch) < MOST:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(INSERT, [row for _, row in batch])
            self._connection.execute("COMMIT")
            futures = [future for future, _ in batch]
            futures[0].get_loop().call_soon_threadsafe(_settle, futures)


def _settle(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


DATABASE = os.environ.get("FLOOR_DB", ":memory:")
reading = connected(DATABASE)
group = GroupCommit(DATABASE) if os.environ.get("FLOOR_GROUP") else None


async def create(request: Request) -> Response:
    given = orjson.loads(await request.body())
    ident = str(uuid.uuid4())
    document = orjson.dumps(given | {"id": ident})
    row = (ident, given["userName"], given["externalId"], document)
    if group is None:
        reading.execute(INSERT, row)
    else:
        await group.insert(row)
    return Response(document, 201, media_type=SCIM)


async def get(request: Request) -> Response:
    found = reading.execute(SELECT, (request.path_params["id"],)).fetchone()
    return Response(found[0], media_type=SCIM) if found else Response(b"{}", 404)


app = Starlette(routes=[Route("/Users", create, methods=["POST"]), Route("/Users/{id}", get)])
