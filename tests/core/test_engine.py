import asyncio
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest
import trustme

from core.config import Settings, load_settings
from core.engine import Engine
from core.sandbox.confluence import Confluence
from core.sandbox.serving import serve
from core.store import Store, engines, orders, tokens
from core.store.clock import now_ms

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PROVIDER = '[[provider]]\nname = "entra"\nkind = "entra"\n'
OKTA = '[[provider]]\nname = "okta"\nkind = "okta"\n'


def target(url: str, more: str = "") -> str:
    return (
        f'[[target]]\nname = "wiki"\nkind = "confluence"\nurl = "{url}"\nprovider = "entra"\n'
        f'credential = "file:secret"\n{more}'
    )


@pytest.fixture
def confluence() -> Confluence:
    return Confluence.with_defaults()


@pytest.fixture
async def wiki(confluence: Confluence, tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / "secret").write_text(confluence.issue_token())
    async with serve(confluence.app) as url:
        yield url


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., Path]:
    def write(*parts: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text('[listener]\nbind = "127.0.0.1:0"\n' + "\n".join(parts))
        return path

    return write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@asynccontextmanager
async def running(store: Store, path: Path) -> AsyncIterator[tuple[Engine, httpx.AsyncClient]]:
    """An engine in this process, and a client of its listener with a token of `entra`."""
    settings: Settings = load_settings(path)
    engine = Engine(store, settings, lambda: load_settings(path))
    work = asyncio.create_task(engine.run())
    address = await until(store, lambda: (alive := living(store)) and alive[0].listening)
    token = await store.writer.write(lambda tx: tokens.issue(tx, "entra", "test"))
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        yield engine, client
    engine.stop()
    await work


async def until(store: Store, look: Callable[[], object], seconds: float = 20) -> str:
    """Look after every commit until there is something."""
    async with asyncio.timeout(seconds):
        with store.watch() as watch:
            while not (found := look()):
                await watch.wait(0.2)
    return str(found)


def living(store: Store) -> list[engines.Engine]:
    with store.read() as connection:
        return engines.alive(connection, 10, now_ms())


def answer(store: Store, number: int) -> orders.Order | None:
    with store.read() as connection:
        found = orders.order(connection, number)
    return found if found and found.state in ("done", "refused") else None


async def ordered(store: Store, kind: orders.Kind, subject: str) -> orders.Order:
    number = await store.writer.write(lambda tx: orders.give(tx, kind, subject, "test"))
    await until(store, lambda: answer(store, number))
    found = answer(store, number)
    assert found is not None
    return found


async def hire(client: httpx.AsyncClient, name: str) -> httpx.Response:
    email = {"type": "work", "value": f"{name}@contoso.example"}
    body = {"schemas": [USER], "userName": name, "displayName": name.title(), "active": True, "emails": [email]}
    return await client.post("/scim/entra/v2/Users", json=body)


async def test_a_push_reaches_the_target(
    store: Store, config: Callable[..., Path], wiki: str, confluence: Confluence
) -> None:
    async with running(store, config(PROVIDER, target(wiki))) as (_, client):
        assert (await hire(client, "ada")).status_code == 201
        await until(store, lambda: any(each.username == "ada" for each in confluence.snapshot().accounts))


async def test_a_configuration_without_targets_only_receives(store: Store, config: Callable[..., Path]) -> None:
    async with running(store, config(PROVIDER)) as (_, client):
        assert (await hire(client, "ada")).status_code == 201
        assert (await client.get("/healthz")).status_code == 200


async def test_an_engine_shows_that_it_lives_and_that_it_ended(store: Store, config: Callable[..., Path]) -> None:
    async with running(store, config(PROVIDER)):
        (engine,) = living(store)
        assert engine.pid == os.getpid()
    assert living(store) == []


async def test_where_plans_wait_a_push_changes_nothing_until_an_admin_approves(
    store: Store, config: Callable[..., Path], wiki: str, confluence: Confluence
) -> None:
    schedule = '[target.schedule]\nevery = "never"\nauto_apply = "never"\n'
    async with running(store, config(PROVIDER, target(wiki, schedule))) as (_, client):
        await hire(client, "ada")
        sync = await ordered(store, "sync", "wiki")
        assert sync.answer == f"Run {sync.run} waits for approval with 1 change."
        assert confluence.effects == []
        approval = await ordered(store, "approve", str(sync.run))
        assert approval.answer == f"Run {sync.run}: 1 of 1 change made."
        assert "ada" in {each.username for each in confluence.snapshot().accounts}


async def test_a_plan_that_is_dropped_changes_nothing(
    store: Store, config: Callable[..., Path], wiki: str, confluence: Confluence
) -> None:
    schedule = '[target.schedule]\nevery = "never"\nauto_apply = "never"\n'
    async with running(store, config(PROVIDER, target(wiki, schedule))) as (_, client):
        await hire(client, "ada")
        sync = await ordered(store, "sync", "wiki")
        await ordered(store, "drop", str(sync.run))
        assert (await ordered(store, "approve", str(sync.run))).state == "refused"
        assert confluence.effects == []


@pytest.mark.parametrize(
    ("kind", "subject", "reason"),
    [
        ("sync", "nowhere", "no target 'nowhere'"),
        ("approve", "99", "no run 99"),
        ("cancel", "x", "no run x"),
        ("sync", "wiki user nobody", "no user 'nobody'"),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_refused_with_the_reason(
    store: Store, config: Callable[..., Path], wiki: str, kind: orders.Kind, subject: str, reason: str
) -> None:
    async with running(store, config(PROVIDER, target(wiki))):
        refused = await ordered(store, kind, subject)
    assert refused.state == "refused"
    assert reason in (refused.answer or "")


async def test_a_reload_takes_up_a_new_provider_without_a_pause(store: Store, config: Callable[..., Path]) -> None:
    async with running(store, config(PROVIDER)) as (_, client):
        config(PROVIDER, OKTA)
        assert (await client.get("/scim/okta/v2/ServiceProviderConfig")).status_code == 404
        await ordered(store, "reload", "")
        async with asyncio.timeout(10):
            for _attempt in count():
                answered = await client.get("/scim/okta/v2/ServiceProviderConfig")
                if answered.status_code == 200:
                    break


async def test_a_reload_takes_up_how_a_provider_is_let_in(store: Store, config: Callable[..., Path]) -> None:
    async with running(store, config(PROVIDER)) as (_, client):
        assert (await client.get("/scim/entra/v2/Users")).status_code == 200
        config(f'{PROVIDER}allow = ["192.0.2.0/24"]\n')
        await ordered(store, "reload", "")
        await refused(client, 403)
        config(f"{PROVIDER}rate = 1\nbasic = true\n")
        await ordered(store, "reload", "")
        await refused(client, 429)
        schemes = (await client.get("/scim/entra/v2/ServiceProviderConfig")).json()["authenticationSchemes"]
        assert "httpbasic" in [scheme["type"] for scheme in schemes]


async def refused(client: httpx.AsyncClient, status: int) -> None:
    """Ask until the answer is this one: what was reloaded is taken up a moment after the order is done."""
    async with asyncio.timeout(20):
        while (await client.get("/scim/entra/v2/Users")).status_code != status:
            pass


async def test_a_reload_takes_up_a_renewed_certificate(
    store: Store, config: Callable[..., Path], tmp_path: Path
) -> None:
    before, after = (trustme.CA() for _ in range(2))
    put_certificate(before, tmp_path)
    path = config(PROVIDER)
    path.write_text(path.read_text().replace("[listener]", '[listener]\ntls_cert = "cert.pem"\ntls_key = "key.pem"'))
    async with running(store, path) as (engine, client):
        url = f"{client.base_url}/healthz"
        assert await trusts(before, url)
        put_certificate(after, tmp_path)
        engine.reload()
        async with asyncio.timeout(20):
            while not await trusts(after, url):
                pass
        assert not await trusts(before, url)


def put_certificate(authority: trustme.CA, folder: Path) -> None:
    issued = authority.issue_cert("127.0.0.1")
    (folder / "cert.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    (folder / "key.pem").write_bytes(issued.private_key_pem.bytes())


async def trusts(authority: trustme.CA, url: str) -> bool:
    """Whether a client that trusts only this authority is answered."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with httpx.AsyncClient(verify=context) as client:
        try:
            return (await client.get(url)).status_code == 200
        except httpx.ConnectError:
            return False


async def test_a_reload_of_a_wrong_configuration_changes_nothing(
    store: Store, config: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    path = config(PROVIDER)
    async with running(store, path) as (engine, client):
        path.write_text("provider = 3")
        engine.reload()
        await until(store, lambda: "was not taken up" in caplog.text)
        assert (await hire(client, "ada")).status_code == 201


async def test_orders_that_an_engine_took_and_never_finished_are_refused_at_the_next_start(
    store: Store, config: Callable[..., Path]
) -> None:
    number = await store.writer.write(lambda tx: orders.give(tx, "sync", "wiki", "test"))
    await store.writer.write(orders.take)
    async with running(store, config(PROVIDER)):
        found = answer(store, number)
    assert found is not None
    assert found.state == "refused"


def serve_process(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "core.cli", "serve", "--config", str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def test_a_second_engine_on_the_same_store_is_refused_in_one_line(
    store: Store, config: Callable[..., Path]
) -> None:
    path = config(PROVIDER)
    with store.backend.engine_lock():
        second = serve_process(path)
        _, said = await asyncio.to_thread(second.communicate)
    assert second.returncode == 1
    assert said.decode().count("\n") == 1
    assert f"an engine already runs on {store.backend.path} (pid {os.getpid()})" in said.decode()


async def test_sigterm_drains_and_ends_with_0(store: Store, config: Callable[..., Path]) -> None:
    process = serve_process(config(PROVIDER))
    await until(store, lambda: living(store))
    process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(process.communicate)
    assert process.returncode == 0
    assert living(store) == []


async def test_an_address_in_use_is_named_with_the_remedy(tmp_path: Path, config: Callable[..., Path]) -> None:
    async with serve(Confluence().app) as url:
        path = config(PROVIDER)
        path.write_text(path.read_text().replace("127.0.0.1:0", url.removeprefix("http://")))
        process = serve_process(path)
        _, said = await asyncio.to_thread(process.communicate)
    assert process.returncode == 1
    assert "listener.bind" in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_run_under_way_when_the_engine_stops_is_taken_up_by_the_next(
    store: Store, config: Callable[..., Path], wiki: str, confluence: Confluence
) -> None:
    path = config(PROVIDER, target(wiki))
    async with running(store, path) as (engine, client):
        for number in range(20):
            await hire(client, f"person{number:02d}")
        engine.stop()
    async with running(store, path):
        await until(store, lambda: len(confluence.snapshot().accounts) == 21)
    created = [effect.subject for effect in confluence.effects if effect.kind == "create-account"]
    assert len(created) == len(set(created)) == 20


async def test_a_reload_whose_secret_is_gone_goes_on_with_the_one_before(
    store: Store,
    config: Callable[..., Path],
    wiki: str,
    confluence: Confluence,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with running(store, config(PROVIDER, target(wiki))) as (engine, client):
        (tmp_path / "secret").unlink()
        engine.reload()
        await until(store, lambda: "was not taken up" in caplog.text)
        assert (await hire(client, "ada")).status_code == 201
        await until(store, lambda: any(each.username == "ada" for each in confluence.snapshot().accounts))
