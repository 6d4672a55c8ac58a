"""manciple as it is installed: `manciple serve` on a store that its own functions furnished.

A furnished store is kept in the cache and copied for each run, since a million users take minutes to write. It is made
anew whenever the code that writes it has changed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.store import Store, Transaction, identities, member_rows
from core.store.tables import GROUPS, USERS
from tests.bench.scim import people
from tests.bench.scim.contender import Contender, headers
from tests.bench.scim.people import GROUP, SPARE, Population
from tests.bench.scim.processes import HOST, free_port, running
from tests.bench.scim.traffic import Wire

PROVIDER = "entra"
CREDENTIAL = "BENCH_CREDENTIAL"
"""Of a target that nobody serves: the name of an environment variable."""
CACHE = Path(tempfile.gettempdir()) / "manciple-bench"
"""Where furnished stores, and the packages of peers, are kept from run to run."""
MANCIPLE = str(Path(sys.executable).with_name("manciple"))
ROOT = Path(__file__).parents[3]


def furnished(cache: Path, total: int) -> Path:
    """A store with so many users, closed; from the cache where it is there."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"ours-{total}-{_state_of_code()}.db"
    if path.exists():
        return path
    for old in cache.glob(f"ours-{total}-*"):
        old.unlink()
    making = cache / f"making-{total}.db"
    for left in cache.glob(making.name + "*"):
        left.unlink()
    started = time.perf_counter()
    with Store.open(f"sqlite:///{making}") as store:
        write_people(store, people.users(total))
        for size in people.group_sizes(total):
            write_group(store, f"Group of {size}", 0, size)
    making.rename(path)
    print(f"wrote a store of {total:,} users in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return path


def start(stack: ExitStack, folder: Path, store: Path, name: str, target: str = "") -> Contender:
    """Run an engine on a copy of a furnished store; `target` is a `[[target]]` of its configuration."""
    folder.mkdir()
    shutil.copyfile(store, folder / "manciple.db")
    port = free_port()
    config = folder / "config.toml"
    config.write_text(_config(port) + target)
    said = subprocess.run(
        [MANCIPLE, "token", "issue", PROVIDER, "--json", "--config", str(config)], capture_output=True, check=True
    )
    token = json.loads(said.stdout)["token"]
    known = population(folder / "manciple.db").save(folder / "people.json")
    command = [MANCIPLE, "serve", "--config", str(config)]
    pid = stack.enter_context(running(command, port, folder / "log", {CREDENTIAL: "none"}))
    return Contender(name, port, pid, known, Wire(f"/scim/{PROVIDER}/v2", headers(port, token), True))


def population(path: Path) -> Population:
    """What a furnished store holds; groups are known by the number at the end of their names."""
    by_key = select(USERS.c.id, USERS.c.user_name, USERS.c.external_id).order_by(USERS.c.key)
    last = select(USERS.c.id).order_by(USERS.c.key.desc()).limit(SPARE)
    with Store.open(f"sqlite:///{path}") as store, store.read() as connection:
        total = connection.execute(select(func.count()).select_from(USERS)).scalar_one() - SPARE
        users = people.sample((tuple(row) for row in connection.execute(by_key).yield_per(people.BATCH)), total)
        spare = list(connection.execute(last).scalars())
        groups = {row.display_name.split()[-1]: row.id for row in connection.execute(select(GROUPS))}
    return Population(total, users, spare, groups)


def target(port: int, credential: str) -> str:
    """The part of a configuration for a Confluence on this machine that is only compared when asked."""
    return (
        f'[[target]]\nname = "wiki"\nkind = "confluence"\nurl = "http://{HOST}:{port}"\nprovider = "{PROVIDER}"\n'
        f'credential = "{credential}"\n[target.schedule]\nevery = "never"\n'
    )


def _config(port: int) -> str:
    return f'[listener]\nbind = "{HOST}:{port}"\n[[provider]]\nname = "{PROVIDER}"\nkind = "entra"\n'


def write_people(store: Store, documents: Iterable[dict[str, Any]]) -> None:
    """Create users, many in one transaction."""

    def write(tx: Transaction, part: list[dict[str, Any]]) -> None:
        for document in part:
            identities.create(tx, PROVIDER, "User", document)

    for part in people.parts(documents):
        store.writer.write_now(lambda tx, part=part: write(tx, part))  # type: ignore[misc]


def write_group(store: Store, name: str, first: int, size: int) -> None:
    """Create a group of so many users, from the `first` (0-based) on."""

    def write(tx: Transaction) -> int:
        document = {"schemas": [GROUP], "displayName": name, "externalId": f"external {name}"}
        return identities.create(tx, PROVIDER, "Group", document).key

    key = store.writer.write_now(write)
    with store.read() as connection:
        some = select(USERS.c.key).order_by(USERS.c.key).offset(first).limit(size)
        users = connection.execute(some).scalars().all()
    for part in people.parts(users):
        rows = [(False, user, None) for user in part]
        store.writer.write_now(lambda tx, rows=rows: member_rows.add(tx, key, rows))  # type: ignore[misc]


def _state_of_code() -> str:
    """Changes with what decides how a store is written."""
    wanted = ("migrations/versions/*.py", "identit*.py", "member_rows.py", "tables/*.py")
    files = [file for pattern in wanted for file in sorted((ROOT / "core/store").glob(pattern))]
    written = b"".join(file.read_bytes() for file in (*files, Path(people.__file__), Path(__file__)))
    return hashlib.sha256(written).hexdigest()[:12]
