"""The SCIM servers that one could install instead, furnished like ours and run the way that is fastest for them.

Each is installed where it is not yet, in a folder of packages of its own. One that cannot be is left out, with a line
that says why. None of them is asked for a token, and none keeps a log of requests: both are in their favour.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from tests.bench.scim import floors, people
from tests.bench.scim.contender import Contender, headers
from tests.bench.scim.peer_apps import scim2_app
from tests.bench.scim.people import GROUP, SPARE, Population
from tests.bench.scim.processes import HOST, free_port, running
from tests.bench.scim.traffic import Wire

DJANGO = ("django-scim2==0.23.0", "django==5.2.19", "gunicorn==27.0.1")
NODE = ("express@4.22.3", "scimmy@1.3.5", "scimmy-routers@1.3.2")
DRIVERS = Path(__file__).parent / "peer_apps"
THREADS = 8
LARGEST = 1000
"""The largest group that peers have: with 100,000 members one PATCH of one of them takes minutes."""


MOST_IN_MEMORY = 10_000
"""Users that scimmy is given at most: it looks at all for every filter, and makes all of them anew for a page."""


class NotInstalled(Exception):
    """A peer is not there, and cannot be fetched."""


def scim2_server(stack: ExitStack, folder: Path, packages: Path, total: int) -> Contender:
    """`scim2-server` over SQLite."""
    database, now = folder / "peer.db", datetime.now(UTC).isoformat()
    documents = list(_documents(total))
    with closing(scim2_app.connected(str(database))) as connection:
        connection.execute("BEGIN")
        for kind, document in documents:
            row = {key: value for key, value in document.items() if key != "id"}
            name = document.get("userName") or document["displayName"]
            values = (document["id"], kind, name, document["externalId"], orjson.dumps(row), now, now)
            connection.execute(scim2_app.INSERT, values)
        connection.execute("COMMIT")
    port = free_port()
    command = floors.uvicorn(sys.executable, "tests.bench.scim.peer_apps.scim2_app:app", port)
    pid = stack.enter_context(running(command, port, folder / "log", {"PEER_DB": str(database)}))
    return _contender("scim2-server, SQLite", port, pid, _known(documents, total, folder), text_booleans=True)


def django_scim2(stack: ExitStack, folder: Path, packages: Path, total: int) -> Contender:
    """`django-scim2` under gunicorn, one process with threads."""
    python = _python_packages(packages / "django", DJANGO)
    environment = {"PEER_DB": str(folder / "peer.db")}
    subprocess.run([python, "-m", "django_peer.site"], cwd=DRIVERS, env={**os.environ, **environment}, check=True)
    with closing(sqlite3.connect(folder / "peer.db")) as connection:
        _furnish_django(connection, total)
        connection.commit()
    port = free_port()
    command = [str(python), "-m", "gunicorn", "--worker-class", "gthread", "--threads", str(THREADS)]
    command += ["--keep-alive", "75", "--no-control-socket", "--bind", f"{HOST}:{port}", "django_peer.site:application"]
    pid = stack.enter_context(running(command, port, folder / "log", environment, DRIVERS))
    ids = [str(number + 1) for number in range(total + SPARE)]
    groups = {str(size): str(number + 1) for number, size in enumerate(people.group_sizes(total, LARGEST))}
    known = Population(total, people.sampled(ids), ids[-SPARE:], groups).save(folder / "people.json")
    return _contender("django-scim2, SQLite", port, pid, known, text_booleans=False)


def scimmy(stack: ExitStack, folder: Path, packages: Path, total: int) -> Contender:
    """`scimmy` on Express 4, which keeps everything in memory."""
    where = _node_packages(packages / "node")
    total = min(total, MOST_IN_MEMORY)
    documents = list(_documents(total))
    with (folder / "furniture").open("wb") as file:
        for kind, document in documents:
            file.write(orjson.dumps({"kind": kind, "document": document}) + b"\n")
    shutil.copyfile(DRIVERS / "scimmy_app.mjs", where / "scimmy_app.mjs")
    port = free_port()
    command = ["node", "scimmy_app.mjs", str(port), str(folder / "furniture")]
    environment = {"NODE_ENV": "production"}
    pid = stack.enter_context(running(command, port, folder / "log", environment, where))
    return _contender(f"scimmy, {total:,} in memory", port, pid, _known(documents, total, folder), text_booleans=False)


Start = Callable[[ExitStack, Path, Path, int], Contender]
PEERS: dict[str, Start] = {"scim2-server": scim2_server, "django-scim2": django_scim2, "scimmy": scimmy}


def _contender(name: str, port: int, pid: int, known: Path, *, text_booleans: bool) -> Contender:
    return Contender(name, port, pid, known, Wire("/v2", headers(port), text_booleans), largest_group=LARGEST)


def _documents(total: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """All users, then the groups."""
    now = datetime.now(UTC).isoformat()
    meta = {"created": now, "lastModified": now}
    ids = [str(uuid.uuid4()) for _ in range(total + SPARE)]
    for ident, user in zip(ids, people.users(total), strict=True):
        yield "User", user | {"id": ident, "meta": meta}
    for size in people.group_sizes(total, LARGEST):
        members = [{"value": ident, "type": "User"} for ident in ids[:size]]
        group = {"id": str(uuid.uuid4()), "schemas": [GROUP], "displayName": f"Group of {size}", "meta": meta}
        yield "Group", group | {"externalId": f"group-{size}", "members": members}


def _known(documents: list[tuple[str, dict[str, Any]]], total: int, folder: Path) -> Path:
    ids = [document["id"] for kind, document in documents if kind == "User"]
    groups = {str(len(group["members"])): group["id"] for kind, group in documents if kind == "Group"}
    return Population(total, people.sampled(ids), ids[-SPARE:], groups).save(folder / "people.json")


def _furnish_django(connection: sqlite3.Connection, total: int) -> None:
    users = (
        (number, str(number), given["externalId"], given["userName"], given["userName"], given["name"]["givenName"],
         given["name"]["familyName"], given["userName"], True, datetime.now(UTC).isoformat(sep=" "))
        for number, given in enumerate(people.users(total), 1)
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO django_peer_user (id, scim_id, scim_external_id, scim_username, username, first_name, last_name, "
        "email, is_active, date_joined) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        users,
    )
    for number, size in enumerate(people.group_sizes(total, LARGEST), 1):
        connection.execute(
            "INSERT INTO django_peer_group (id, scim_id, scim_external_id, scim_display_name, name) "
            "VALUES (?, ?, ?, ?, ?)",
            (number, str(number), f"group-{size}", f"Group of {size}", f"Group of {size}"),
        )
        rows = ((user, number) for user in range(1, size + 1))
        connection.executemany("INSERT INTO django_peer_user_groups (user_id, group_id) VALUES (?, ?)", rows)


def _python_packages(where: Path, wanted: tuple[str, ...]) -> Path:
    python = where / "bin" / "python"
    if not (where / "installed").exists():
        _install([sys.executable, "-m", "venv", "--clear", str(where)])
        _install([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])
        (where / "installed").touch()
    return python


def _node_packages(where: Path) -> Path:
    if shutil.which("npm") is None:
        raise NotInstalled("node and npm are not on this machine")
    if not (where / "installed").exists():
        where.mkdir(parents=True, exist_ok=True)
        _install(["npm", "install", "--prefix", str(where), "--no-audit", "--no-fund", "--no-package-lock", *NODE])
        (where / "installed").touch()
    return where


def _install(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotInstalled(f"{' '.join(command[:4])} … failed: {done.stderr.strip()[-300:]}")
