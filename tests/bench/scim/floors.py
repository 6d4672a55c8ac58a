"""The floors: `floor_app` with and without group commit, each on a database of its own."""

import sys
import uuid
from contextlib import ExitStack, closing
from pathlib import Path

import orjson

from tests.bench.scim import people
from tests.bench.scim.contender import FLOOR, Contender, headers
from tests.bench.scim.floor_app import INSERT, connected
from tests.bench.scim.people import SPARE, Population
from tests.bench.scim.processes import HOST, free_port, running
from tests.bench.scim.traffic import Wire

ONE = "floor: one commit per request"
GROUP = "floor: group commit"


def start(stack: ExitStack, folder: Path, total: int, name: str) -> Contender:
    """Run one of the floors with so many rows."""
    folder.mkdir()
    database = folder / "floor.db"
    ids = _furnish(database, total)
    known = Population(total, people.sampled(ids), [], {}).save(folder / "people.json")
    port = free_port()
    command = uvicorn(sys.executable, "tests.bench.scim.floor_app:app", port)
    environment = {"FLOOR_DB": str(database), "FLOOR_GROUP": "1" if name == GROUP else ""}
    pid = stack.enter_context(running(command, port, folder / "log", environment))
    return Contender(name, port, pid, known, Wire("", headers(port), True), FLOOR)


def uvicorn(python: str, app: str, port: int) -> list[str]:
    """The command that serves an ASGI application the fastest way."""
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    return [python, "-m", "uvicorn", app, "--host", HOST, "--port", str(port), *options, "--lifespan", "off"]


def _furnish(database: Path, total: int) -> list[str]:
    ids = [str(uuid.uuid4()) for _ in range(total + SPARE)]
    rows = (
        (ident, user["userName"], user["externalId"], orjson.dumps(user | {"id": ident}))
        for ident, user in zip(ids, people.users(total), strict=True)
    )
    with closing(connected(str(database))) as connection:
        connection.execute("BEGIN")
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
    return ids
