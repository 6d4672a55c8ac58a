"""The demonstration's own folder: a configuration, a store, secrets, and the engine that works there.

The engine is a process of its own, started with the command that an admin would use.
"""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Literal

import httpx

from core.sandbox.demo.products import Product
from core.store import Store, tokens

Method = Literal["scim", "graph"]
"""How the company reaches manciple."""
PROVIDER = "entra"
_SERVE = ("-m", "core.cli", "serve", "--config")
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0

_CONFIG = """\
# The demonstration's configuration; see config.toml.example for all keys.

[store]
url = "sqlite:///manciple.db"

[listener]
bind = "127.0.0.1:{port}"

[[provider]]
name = "entra"
kind = "entra"
{method}"""
_GRAPH = """\
method = "graph"

[provider.graph]
base_url = "{url}"
token = "file:graph.secret"
scope = "all"
every = "1s"
"""
_TARGET = """
[[target]]
name = "{product.target}"
kind = "{product.kind}"
url = "{url}"
provider = "entra"
credential = "file:{product.target}.secret"
{username}
{product.rules}"""


class DemoFailed(Exception):
    """The demonstration cannot go on; the text says why."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the demonstration lies."""

    folder: Path
    port: int

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config.toml"

    @classmethod
    def port_in(cls, folder: Path) -> int | None:
        """The listener's port in a folder that was furnished; `None` where it is not yet."""
        config = folder / "config.toml"
        if not config.exists():
            return None
        return int(tomllib.loads(config.read_text())["listener"]["bind"].rpartition(":")[2])

    @property
    def store_url(self) -> str:
        """The store, as `store.url` has it."""
        return f"sqlite:///{self.folder / 'manciple.db'}"

    @property
    def scim_url(self) -> str:
        """What an admin would enter at Entra as the tenant URL."""
        return f"http://127.0.0.1:{self.port}/scim/{PROVIDER}/v2"


@dataclass(frozen=True, slots=True)
class GraphPlace:
    """Where a simulated Graph is to be read."""

    url: str
    token: str


def furnish(folder: Path, products: Mapping[str, Product], graph: GraphPlace | None = None) -> Workplace:
    """Write configuration and secrets into `folder`; products by the URL at which each is served. Without `graph` the
    provider pushes."""
    workplace = Workplace(folder, _free_port())
    for product in products.values():
        _keep_secret(folder, product.target, product.credential)
    if graph is not None:
        _keep_secret(folder, "graph", graph.token)
    unfinished = folder / "config.toml.new"
    method = _GRAPH.format(url=graph.url) if graph is not None else ""
    targets = "".join(_target(product, url) for url, product in products.items())
    unfinished.write_text(_CONFIG.format(port=workplace.port, method=method) + targets)
    unfinished.rename(workplace.config)
    return workplace


def _keep_secret(folder: Path, name: str, secret: str) -> None:
    file = folder / f"{name}.secret"
    file.touch(mode=0o600)
    file.write_text(secret)


def _target(product: Product, url: str) -> str:
    username = f'username = "{product.username}"' if product.username is not None else ""
    return _TARGET.format(product=product, url=url, username=username)


def issue_token(workplace: Workplace) -> str:
    """A bearer token for Entra."""
    with Store.open(workplace.store_url) as store:
        return store.writer.write_now(lambda tx: tokens.issue(tx, PROVIDER, "demo"))


@contextmanager
def engine(workplace: Workplace) -> Iterator["subprocess.Popen[bytes]"]:
    """Run an engine as a process, and stop it as systemd would.

    :raises DemoFailed: when it does not come up; with what it said.
    """
    log = workplace.folder / "engine.log"
    command = [sys.executable, *_SERVE, str(workplace.config)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _await_engine(workplace, process, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_engine(workplace: Workplace, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DemoFailed(f"the engine did not start: {log.read_text(errors='replace').strip()}")
        try:
            if httpx.get(f"http://127.0.0.1:{workplace.port}/healthz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise DemoFailed(f"the engine did not answer within {_START_SECONDS:.0f} s: {log.read_text(errors='replace')}")


def _free_port() -> int:
    """A port that is free now; the listener's address stands in the configuration, so it is chosen before."""
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
