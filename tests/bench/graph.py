"""What a pull over Microsoft Graph costs at a large company: seeded, kept up, and with many changes at once.

    .venv/bin/python -m tests.bench.graph [--users 100000] [--scope assigned]

The simulated Graph runs in this process, on a real socket; each pull is the command `manciple pull`, in a process of
its own, with Microsoft's SDK. One line for each pull: wall and processor seconds, the most memory, what was written to
the disk, requests and resource units. Object ids are random, as Entra's are. The processor time is the command's own,
so it holds on a machine that has other work too. Ends with 1 where the store is not as the directory is.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from core.sandbox.graph import ENTERPRISE_APP, Graph, Group, Quirks, Tenant, User
from core.sandbox.serving import serve_in_thread
from core.store import Store, identities

GROUPS_PER_USER = 6
MEMBERS_PER_GROUP = 60
"""So 100,000 users have 10,000 groups."""
CHANGED = 0.25
"""The share of users that the last pull finds changes of."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one pull took."""

    wall: float
    cpu: float
    memory: float
    """MiB at most."""
    written: float
    """MB on the disk."""
    said: dict[str, Any]


class Company:
    """A tenant of so many users, and what happens in it."""

    def __init__(self, users: int) -> None:
        self.rng = random.Random(1)
        self.tenant = Tenant()
        self.users = [self._id() for _ in range(users)]
        self.groups = [self._id() for _ in range(users * GROUPS_PER_USER // MEMBERS_PER_GROUP)]
        for number, ident in enumerate(self.users):
            self.tenant.create_user(self._user(number, ident))
        self.tenant.add_application(ENTERPRISE_APP)
        for number, ident in enumerate(self.groups):
            members = self.rng.sample(self.users, min(users, MEMBERS_PER_GROUP))
            self.tenant.create_group(Group(ident, f"Group {number}", mail_nickname=f"group{number}"), members)
            self.tenant.assign(ENTERPRISE_APP.id, ident, ENTERPRISE_APP.roles[0].id)

    def _id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def _user(self, number: int, ident: str) -> User:
        name = f"first.last{number}@contoso.example"
        manager = self.users[number // 10] if number >= 10 else None
        return User(
            ident, name, f"First Last{number}", f"first.last{number}", mail=name, given_name="First",
            surname=f"Last{number}", department=f"Department {number % 50}", employee_id=str(100_000 + number),
            job_title="Engineer", city="Berlin", country="DE", preferred_language="de-DE",
            business_phones=("+49 30 1234",), manager_id=manager,
        )  # fmt: skip

    def change(self, share: float) -> int:
        """Let something happen to that share of the users; returns how many changes these are."""
        changed = self.rng.sample(self.users, int(len(self.users) * share))
        for place, ident in enumerate(changed):
            self._happen(place % 25, ident)
        return len(changed)

    def _happen(self, what: int, ident: str) -> None:
        """Of 25 changes 13 are of properties, 8 of memberships, 2 of `accountEnabled`; one leaves, and one comes."""
        tenant, group = self.tenant, self.rng.choice(self.groups)
        if what < 13:
            tenant.update_user(ident, department=f"Department {self.rng.randrange(50)}", job_title="Lead")
        elif what < 17:
            tenant.add_member(group, ident)
        elif what < 21:
            tenant.remove_member(group, next(iter(tenant.memberships.members(group))))
        elif what < 23:
            tenant.disable_user(ident)
        elif what == 23:
            tenant.delete_user(ident)
        else:
            new = self._id()
            number = len(tenant.users)
            tenant.create_user(self._user(number, new))
            tenant.add_member(group, new)

    def counts(self, scope: str) -> tuple[int, int]:
        """How many active users, and how many memberships there are in scope."""
        tenant = self.tenant
        live = {user.id for user in tenant.live_users()}
        members = [[m for m in tenant.memberships.members(group.id) if m in live] for group in tenant.live_groups()]
        meant = live if scope == "all" else {each for some in members for each in some}
        enabled = {each for each in meant if tenant.users[each].account_enabled}
        return len(enabled), sum(map(len, members))


def pulled(config: Path) -> Cost:
    """Run the command, and say what it took."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "core.cli", "pull", "entra", "--config", str(config), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"the pull failed with {process.returncode}")
    return Cost(
        wall=time.perf_counter() - begin,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1024,
        written=used.ru_oublock * 512 / 1e6,
        said=orjson.loads(said),
    )


LOADED = "import core.cli.pull, core.graph.opening, msgraph.graph_request_adapter, azure.identity"
"""What a pull loads, and nothing else does."""


def loading() -> float:
    """Seconds until everything is loaded that a pull needs, beyond what the interpreter needs by itself."""
    times = []
    for code in ("pass", LOADED):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - begin)
    return times[1] - times[0]


def stored(url: str) -> tuple[int, int]:
    """How many active users and how many memberships the identity store has."""
    from sqlalchemy import func, select

    from core.store.tables import MEMBERSHIPS, USERS

    with Store.open(url) as store, store.read() as connection:
        live = (USERS.c.provider == "entra", USERS.c.deleted_at.is_(None), USERS.c.active)
        active = connection.execute(select(func.count()).where(*live)).scalar_one()
        binned = select(func.count()).select_from(MEMBERSHIPS)
        assert identities.live_count(connection, "entra", "Group")
        return active, connection.execute(binned).scalar_one()


def show(name: str, cost: Cost, units: int) -> None:
    """One line."""
    requests = cost.said["requests"]
    print(
        f"{name:26}{cost.wall:>9,.1f}{cost.cpu:>9,.1f}{cost.memory:>10,.0f}{cost.written:>11,.0f}{requests:>10,}"
        f"{units:>8,}",
        flush=True,
    )


def main() -> int:
    """Seed, follow, change, follow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--scope", choices=("assigned", "all"), default="assigned")
    parser.add_argument("--folder", type=Path, help="where the store lies, and stays")
    given = parser.parse_args()
    company = Company(given.users)
    graph = Graph(company.tenant, quirks=Quirks(delta_page_size=999, members_per_page=1000))
    print(f"{len(company.users):,} users, {len(company.groups):,} groups; loading takes {loading():.2f} s")
    print(f"{'':26}{'wall, s':>9}{'CPU, s':>9}{'MiB':>10}{'MB written':>11}{'requests':>10}{'units':>8}")
    with tempfile.TemporaryDirectory() as temporary, serve_in_thread(graph.app) as url:
        folder = given.folder or Path(temporary)
        store_url = f"sqlite:///{folder / 'manciple.db'}"
        config = _config(folder, store_url, url, graph.issue_token(), given.scope)
        units, is_right = 0, True
        for name, share in (("seed", 0.0), ("nothing changed", 0.0), ("1 % changed", 0.01), ("25 % changed", CHANGED)):
            with graph.editing():
                changes = company.change(share)
            cost = pulled(config)
            show(f"{name} ({changes:,})" if changes else name, cost, graph.units - units)
            units = graph.units
            is_right = _compared(company, store_url, given.scope) and is_right
    return 0 if is_right else 1


def _config(folder: Path, store_url: str, url: str, token: str, scope: str) -> Path:
    path = folder / "config.toml"
    path.write_text(
        f'[store]\nurl = "{store_url}"\n[[provider]]\nname = "entra"\nkind = "entra"\nmethod = "graph"\n'
        f'[provider.graph]\nscope = "{scope}"\napplication = "{ENTERPRISE_APP.app_id}"\n'
        f'base_url = "{url}"\ntoken = "{token}"\n'
        '[[target]]\nname = "wiki"\nkind = "confluence"\nurl = "http://127.0.0.1:9"\ncredential = "env:NONE"\n'
        'provider = "entra"\n'
    )
    return path


def _compared(company: Company, store_url: str, scope: str) -> bool:
    users, members = company.counts(scope)
    found = stored(store_url)
    # Whoever is in the recycle bin keeps the memberships until restored or gone for good, as by SCIM.
    if found[0] == users and found[1] >= members:
        return True
    print(
        f"  the directory has {users:,} active users and {members:,} memberships, the store {found[0]:,} {found[1]:,}"
    )
    return False


if __name__ == "__main__":
    raise SystemExit(main())
