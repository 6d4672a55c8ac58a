"""An engine is killed at a hundred random moments of a push. Nothing acknowledged is lost, nothing is done twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from random import Random

import httpx
import pytest

from core.sandbox.confluence import Confluence
from core.sandbox.demo.settling import settled
from core.sandbox.serving import serve
from core.store import Store, changes, links, observed, runs, tokens
from tests.faults.idp import Idp

KILLS = 100
PIECES = 6
"""Pieces of work pushed between two kills, at most."""
LONGEST = 0.4
"""Seconds that an engine lives at most once it answers."""


@contextmanager
def nursery(log: Path) -> Iterator["subprocess.Popen[str]"]:
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    yield process
    process.communicate()


@asynccontextmanager
async def engine(born: "subprocess.Popen[str]", config: Path, client: httpx.AsyncClient) -> AsyncIterator[int]:
    """An engine that answers; its pid. Whoever uses it ends it."""
    assert born.stdin is not None and born.stdout is not None  # noqa: PT018
    born.stdin.write(f"{config}\n")
    born.stdin.flush()
    pid = int(await asyncio.to_thread(born.stdout.readline))
    async with asyncio.timeout(30):
        for _ in count():
            if await healthy(client):
                break
            await asyncio.sleep(0.01)
    yield pid


async def healthy(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def pushed_until_killed(idp: Idp, client: httpx.AsyncClient, pid: int, seconds: float) -> None:
    push = asyncio.create_task(idp.push(client, PIECES))
    await asyncio.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    try:
        await push
    except httpx.TransportError:
        return


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configured(folder: Path, url: str, credential: str) -> tuple[Path, str]:
    port = free_port()
    (folder / "secret").write_text(credential)
    (folder / "config.toml").write_text(
        f'[listener]\nbind = "127.0.0.1:{port}"\n[[provider]]\nname = "entra"\nkind = "entra"\n'
        f'[[target]]\nname = "wiki"\nkind = "confluence"\nurl = "{url}"\n'
        'provider = "entra"\ncredential = "file:secret"\n'
        # All that is pushed is meant: no brake holds it.
        "[target.brakes]\n"
        "deactivate = { count = 1000, percent = 100 }\nremove_member = { count = 1000, percent = 100 }\n"
        "remove_member_of_group = { count = 1000, percent = 100 }\nupdate = { count = 1000, percent = 100 }\n"
    )
    return folder / "config.toml", f"http://127.0.0.1:{port}"


@pytest.mark.slow
async def test_a_hundred_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    confluence, rng = Confluence.with_defaults(), Random(7)
    idp = Idp(rng)
    idp.plan(people=120, groups=6)
    async with serve(confluence.app) as url:
        config, address = configured(tmp_path, url, confluence.issue_token())
        with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
            token = store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))
            headers = {"Authorization": f"Bearer {token}"}
            scim = httpx.AsyncClient(base_url=f"{address}/scim/entra/v2/", headers=headers, timeout=20)
            with nursery(tmp_path / "engines.log") as born:
                async with scim, httpx.AsyncClient(base_url=address) as probe:
                    for _ in range(KILLS):
                        async with engine(born, config, probe) as pid:
                            await pushed_until_killed(idp, scim, pid, rng.uniform(0, LONGEST))
                    async with engine(born, config, probe) as pid:
                        while idp.work:
                            await idp.push(scim, len(idp.work))
                        await settled(store)
                        await check_acknowledged(idp, scim)
                        os.kill(pid, signal.SIGTERM)
            check_target(idp, confluence)
            check_once(idp, confluence, store)
    assert "Traceback" not in (tmp_path / "engines.log").read_text()


async def check_acknowledged(idp: Idp, scim: httpx.AsyncClient) -> None:
    for name, ident in idp.users.items():
        user = (await scim.get(f"Users/{ident}")).json()
        assert user["userName"] == name
        assert user["active"] == (name not in idp.dismissed)
    for name, ident in idp.groups.items():
        members = {member["value"] for member in (await scim.get(f"Groups/{ident}")).json().get("members", [])}
        assert members == {idp.users[user] for group, user in idp.members if group == name}


def check_target(idp: Idp, confluence: Confluence) -> None:
    snapshot = confluence.snapshot()
    accounts = {account.username: account.active for account in snapshot.accounts if account.username != "admin"}
    # Who was dismissed before ever reaching Confluence was never created there.
    assert {name for name, active in accounts.items() if active} == idp.users.keys() - idp.dismissed
    assert accounts.keys() <= idp.users.keys()
    active = idp.users.keys() - idp.dismissed
    members = {(group, user) for group, user in snapshot.memberships if group in idp.groups and user in active}
    assert members == {(group, user) for group, user in idp.members if user in active}


def check_once(idp: Idp, confluence: Confluence, store: Store) -> None:
    effects = Counter((effect.kind, effect.subject, effect.detail) for effect in confluence.effects)
    assert {effect: number for effect, number in effects.items() if number > 1} == {}
    with store.read() as connection:
        all_runs = runs.newest(connection, 10_000)
        done = Counter(
            stored.change.key for run in all_runs for stored in changes.of_run(connection, run.id, ("done",))
        )
        # The kills met runs at work; otherwise this test would show nothing.
        assert sum(run.state == "failed" for run in all_runs) > KILLS / 4
        assert {key: number for key, number in done.items() if number > 1} == {}
        assert changes.intents(connection, "wiki") == []
        linked = {link.account_name: link.user_id for link in links.all_links(connection, "wiki")}
        managed = {(each.group_key, each.account_id) for each in observed.managed(connection, "wiki")}
    created = {effect.subject for effect in confluence.effects if effect.kind == "create-account"}
    assert linked == {name: idp.users[name] for name in created}
    assert len(managed) == sum(kind == "add-member" for kind, _, _ in effects)
