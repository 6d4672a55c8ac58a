"""What a whole run costs that finds nothing to change, at the size of a large company beside a small one.

    .venv/bin/python -m tests.bench.whole_run [--users 100000] [--small 10000]

The target is in memory and answers at once, so all that is measured is manciple's own: reading the store, planning,
keeping what was seen. Every user is in ten groups, every group has a hundred members. Beside it: the same large company
with 1 % of its users changed at the IdP, half of them gone, until the plan waits for approval.
Each size runs in a process of its own. Times depend on the machine; the last column hardly does: what is linear costs
as many times more as there are more users (below 1.0 of it is better than linear).
"""

import argparse
import asyncio
import gc
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, update

from core.apply.running import Comparison, compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.config.settings import ScheduleSettings, TargetSettings
from core.credentials import SecretReference
from core.planning.names import account_key, group_key
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import Store, Transaction, group_links, noted, observed, tables, writer
from core.store.tables import GROUPS, MEMBERSHIPS, USERS
from tests.core.apply.instant import Instant

PER_USER = 10
"""Memberships of each user."""
PER_GROUP = 100
PAGE = 200
LINKS = tables.Link.metadata.tables["links"]
Row = dict[str, Any]


class Paged(Instant):
    """Lists in pages, and knows who is in a group without looking at everybody."""

    def __init__(self, accounts: list[Account], groups: list[TargetGroup]) -> None:
        super().__init__(accounts, groups)
        self._members: defaultdict[str, list[Account]] = defaultdict(list)
        for account in accounts:
            for key in account.groups or ():
                self._members[key].append(replace(account, groups=None))
        self._listed = [replace(account, groups=None) for account in accounts]

    async def list_accounts(self) -> AsyncIterator[Account]:
        for number, account in enumerate(self._listed):
            if number % PAGE == 0:
                await asyncio.sleep(0)
            yield account

    async def list_members(self, group: str) -> AsyncIterator[Account]:
        for number, account in enumerate(self._members[group_key(group)]):
            if number % PAGE == 0:
                await asyncio.sleep(0)
            yield account


def names(users: int) -> Iterator[tuple[str, str, list[int]]]:
    """Id and name of each user, and the numbers of its groups."""
    groups = users * PER_USER // PER_GROUP
    for number in range(users):
        yield f"u-{number:06d}", f"first.last{number}", [(number * 7 + step * 13) % groups for step in range(PER_USER)]


def furnished(store: Store, users: int) -> Paged:
    """A store in which everything is in place, and the target that agrees with it."""
    groups = [f"Team {number}" for number in range(users * PER_USER // PER_GROUP)]
    store.writer.write_now(lambda tx: _groups(tx, groups))
    people = list(names(users))
    for start in range(0, users, 1000):
        part = people[start : start + 1000]
        store.writer.write_now(lambda tx, part=part, start=start: _people(tx, part, start))  # type: ignore[misc]
    accounts = [
        Account(f"key-{ident}", name, account_key(name), name.title(), f"{name}@contoso.example", True, _keys(mine))
        for ident, name, mine in people
    ]
    for start in range(0, users, 1000):
        part_of = accounts[start : start + 1000]
        store.writer.write_now(lambda tx, part_of=part_of: _observed(tx, part_of))  # type: ignore[misc]
    return Paged(accounts, [TargetGroup(name, group_key(name)) for name in groups])


def _keys(numbers: list[int]) -> frozenset[str]:
    return frozenset(group_key(f"Team {number}") for number in numbers)


def _common(tx: Transaction, ident: str, document: Row) -> Row:
    row: Row = {"id": ident, "provider": "entra", "document": orjson.dumps(document), "version": 1}
    return row | {"created_at": tx.now, "modified_at": tx.now}


def _group(tx: Transaction, name: str) -> Row:
    row = {"display_name": name, "display_name_key": group_key(name)}
    return row | _common(tx, f"g-{name}", {"displayName": name})


def _groups(tx: Transaction, names_of: list[str]) -> None:
    tx.execute(insert(GROUPS), [_group(tx, name) for name in names_of])
    for name in names_of:
        group_links.put(tx, "wiki", GroupLink(f"g-{name}", group_key(name), name), 0)


def _people(tx: Transaction, people: list[tuple[str, str, list[int]]], first: int) -> None:
    rows, members, linked = [], [], []
    for offset, (ident, name, mine) in enumerate(people):
        email = {"type": "work", "value": f"{name}@contoso.example", "primary": True}
        document = {"userName": name, "displayName": name.title(), "active": True, "emails": [email]}
        document["name"] = {"givenName": "First", "familyName": f"Last{offset}"}
        row = {"user_name": name, "user_name_key": name, "active": True, "key": first + offset + 1}
        rows.append(row | _common(tx, ident, document))
        members += [{"group_key": team + 1, "nested": False, "member_key": row["key"]} for team in mine]
        link = {"target": "wiki", "user_id": ident, "account_id": f"key-{ident}", "account_name": name}
        linked.append(link | {"account_key": account_key(name), "since": tx.now, "how": "created"})
    tx.execute(insert(USERS), rows)
    tx.execute(insert(MEMBERSHIPS), members)
    tx.execute(insert(LINKS), linked)


def _observed(tx: Transaction, accounts: list[Account]) -> None:
    observed.see_accounts(tx, "wiki", accounts)
    for account in accounts:
        for key in account.groups or ():
            noted.member(tx, "wiki", account.id, key, member=True)


def change(store: Store, users: int) -> None:
    """Change 1 % of the users: by turns they are inactive and have another display name."""
    for place, (ident, name, _) in enumerate(names(users)):
        if place % 100 == 0:
            store.writer.write_now(lambda tx, i=ident, n=name, p=place: _change(tx, i, n, p % 200 == 0))  # type: ignore[misc]


def _change(tx: Transaction, ident: str, name: str, is_leaving: bool) -> None:
    email = {"type": "work", "value": f"{name}@contoso.example", "primary": True}
    document = {"userName": name, "displayName": f"{name} Married", "active": not is_leaving, "emails": [email]}
    row = {"document": orjson.dumps(document), "active": not is_leaving}
    tx.execute(update(USERS).where(USERS.c.id == ident).values(**row))


async def beating(gaps: list[float]) -> None:
    """Note how long the loop let this wait beyond what it asked for."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - started - 0.001)


@contextmanager
def timed_writes(spent: list[float]) -> Iterator[None]:
    run_job = writer._run_job

    def timed(job: Any, transaction: Transaction) -> None:
        started = time.perf_counter()
        run_job(job, transaction)
        spent.append(time.perf_counter() - started)

    writer._run_job = timed
    yield
    writer._run_job = run_job


def peak_mib() -> float:
    """The most memory since `forget_peak`, in MiB."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


async def measured(store: Store, target: Paged, *, is_changed: bool) -> dict[str, float]:
    settings = TargetSettings(
        "wiki", "confluence", "http://wiki", SecretReference("plain", ""), "entra", schedule=ScheduleSettings(None)
    )
    gaps: list[float] = []
    writes: list[float] = []
    gc.collect()
    gc.freeze()  # the target itself is no part of what is measured
    forget_peak()
    before = peak_mib()
    beat = asyncio.create_task(beating(gaps))
    with timed_writes(writes):
        started = time.perf_counter()
        ended = await compare(Site(store, settings, target), Comparison("schedule", hold=is_changed), Stop(), 8)
        seconds = time.perf_counter() - started
    beat.cancel()
    assert (ended.state == "waiting") if is_changed else (ended.answer == "Nothing to change."), ended.answer
    assert not target.effects, "nobody has approved it"
    return {
        "seconds": seconds,
        "memory, MiB": peak_mib() - before,
        "longest block of the loop, ms": max(gaps) * 1000,
        "longest write, ms": max(writes) * 1000,
        "writes": len(writes),
    }


def child(users: int, *, is_changed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/manciple.db") as store:
        target = furnished(store, users)
        if is_changed:
            change(store, users)
        print(json.dumps(asyncio.run(measured(store, target, is_changed=is_changed))))


def of(users: int, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.whole_run", "--child", str(users), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--changed", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, is_changed=given.changed)
        return
    small, large, changed = of(given.small), of(given.users), of(given.users, "--changed")
    more = given.users / given.small
    print(f"{'':32}{f'{given.small:,} users':>14}{f'{given.users:,} users':>15}{'of linear':>11}{'1 % changed':>13}")
    for name, value in large.items():
        linear = value / small[name] / more if small[name] else 0.0
        print(f"{name:32}{small[name]:>14,.1f}{value:>15,.1f}{linear:>11.2f}{changed[name]:>13,.1f}")


if __name__ == "__main__":
    main()
