"""Requests per second, latency and memory of the SCIM listener, beside other SCIM servers and the floor of the machine.

    .venv/bin/python -m tests.bench.scim [--quick] [--only create,get] [--peers none] [--json FILE]

The floor is a bare application that commits one row per request to SQLite, with and without group commit
(`floor_app`); ours is `manciple serve` on a store furnished with people. All are durable (synchronous=FULL) but scimmy,
which keeps everything in memory, and all run at once on one disk, each under load in turn, in rounds. Peers that
cannot be installed are left out, with a line that says why. The parts of `--only` are those of `measures.PARTS`.
Databases are made in the temporary folder, or in `--folder`: where that is no disk but memory, commits cost nothing.
"""

import argparse
import json
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.scim import during_sync, floors, ours, people, printing, rounds
from tests.bench.scim.contender import Contender
from tests.bench.scim.goals import US, verdicts
from tests.bench.scim.measures import PARTS, Measure, chosen, measures
from tests.bench.scim.peers import PEERS, NotInstalled
from tests.bench.scim.processes import DidNotStart, free_port
from tests.bench.scim.rounds import Results

WITH_TARGET = "manciple with a target"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scim", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas: %(default)s")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers, with commas, or none: %(default)s")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--largest", type=int, default=1_000_000, help="users of the largest store of the part sizes")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each is under load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--sync-users", type=int, default=20_000)
    parser.add_argument("--sync-seconds", type=float, default=90.0)
    parser.add_argument("--quick", action="store_true", help="small stores, one short round, no peers")
    parser.add_argument("--cache", type=Path, default=ours.CACHE, help="what is kept from run to run")
    parser.add_argument("--folder", type=Path, help="where databases are made, all on this disk; default: temporary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to FILE too")
    given = parser.parse_args()
    if given.quick:
        given.users, given.largest, given.seconds, given.rounds, given.peers = 1000, 5000, 1.0, 1, "none"
        given.sync_users, given.sync_seconds = 1000, 10.0
    given.only = given.only.split(",")
    given.peers = [] if given.peers == "none" else given.peers.split(",")
    unknown = [*(set(given.only) - set(PARTS)), *(set(given.peers) - set(PEERS))]
    if unknown:
        parser.error(f"not known: {', '.join(unknown)}; parts are {', '.join(PARTS)}; peers are {', '.join(PEERS)}")
    return given


def started(stack: ExitStack, folder: Path, given: argparse.Namespace) -> list[Contender]:
    """Everybody who takes part."""
    store = ours.furnished(given.cache, given.users)
    found = [
        ours.start(stack, folder / "us", store, US),
        # Nobody listens there: what changes is marked as pending for it, and stays so.
        ours.start(stack, folder / "us-target", store, WITH_TARGET, ours.target(free_port(), f"env:{ours.CREDENTIAL}")),
        floors.start(stack, folder / "floor-one", given.users, floors.ONE),
        floors.start(stack, folder / "floor-group", given.users, floors.GROUP),
    ]
    for name in given.peers:
        (folder / name).mkdir()
        try:
            found.append(PEERS[name](stack, folder / name, given.cache / "packages", given.users))
        except (NotInstalled, DidNotStart) as error:
            print(f"{name} is left out: {error}")
    return found


def compared(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """The main table: everybody side by side."""
    rows = chosen(measures(given.connections, people.group_sizes(given.users)), given.only)
    results = Results()
    with ExitStack() as stack:
        contenders = started(stack, folder, given)
        print(f"{given.users:,} users, {given.connections} connections, {given.rounds} rounds of {given.seconds:g} s")
        rounds.run(contenders, rows, given.rounds, given.seconds, results)
        printing.say_figures(results, contenders)
        memory = {contender.name: contender.memory_mib() for contender in contenders}
    return {"results": results, "memory": memory}


def sizes(folder: Path, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Requests per second of `eq` in stores of several sizes, by attribute."""
    found: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        engines = {
            total: ours.start(stack, folder / f"us-{total}", ours.furnished(given.cache, total), f"{total:,} users")
            for total in sorted({1000, given.users, given.largest})
        }
        for attribute in ("userName", "externalId"):
            rows = [Measure(f"{attribute} eq", attribute, attribute, given.connections)]
            results = Results()
            rounds.run(list(engines.values()), rows, given.rounds, given.seconds, results)
            printing.say_figures(results, list(engines.values()))
            rates = {f"{n:,}": results.of(rows[0].name, engine.name) for n, engine in engines.items()}
            found[attribute] = {name: figure.rate for name, figure in rates.items() if figure}
    return found


def main() -> None:
    given = options()
    with tempfile.TemporaryDirectory(dir=given.folder, ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        side_by_side: dict[str, Any] = {"results": Results(), "memory": {}}
        if set(given.only) - {"sizes", "sync"}:
            side_by_side = compared(folder, given)
        by_size = sizes(folder, given) if "sizes" in given.only else {}
        sync = (
            during_sync.measured(folder / "sync", given.sync_users, given.sync_seconds) if "sync" in given.only else {}
        )
    results, memory = side_by_side["results"], side_by_side["memory"]
    found = list(verdicts(results, by_size, (given.users, memory[US]) if memory else None, sync))
    if sync:
        print(f"\nwhile synchronising: {sync}")
    printing.say_verdicts(found)
    if given.json:
        document = {"figures": results.document(), "memory_mib": memory, "sizes": by_size, "sync": sync}
        given.json.write_text(json.dumps(document | {"goals": [asdict(each) for each in found]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
