"""An admin sets up Entra in the console: a token is issued, and the test connection is seen to arrive."""

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sandbox.demo.workplace import Workplace, engine
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient
from tests.e2e.terminal import Terminal, terminal

pytestmark = [pytest.mark.slow, pytest.mark.tmux]

CONFIG = """\
[listener]
bind = "127.0.0.1:{port}"
[[provider]]
name = "entra"
kind = "entra"
"""


@pytest.fixture
def workplace(tmp_path: Path, free_port: int) -> Iterator[Workplace]:
    """An engine that nobody was let into yet."""
    (tmp_path / "config.toml").write_text(CONFIG.format(port=free_port))
    place = Workplace(tmp_path, free_port)
    with engine(place):
        yield place


@pytest.fixture
def console(workplace: Workplace) -> Iterator[Terminal]:
    with terminal(f"{sys.executable} -m tui --config {workplace.config}", 80, 24) as shown:
        shown.await_text("[1 Overview]", "v alive")
        yield shown


async def tried(url: str, token: str) -> bool:
    """Entra's button "Test connection"."""
    async with EntraClient(url, token) as entra:
        return (await entra.test_connection()).ok


async def pushed(url: str, token: str) -> None:
    async with EntraClient(url, token) as entra:
        await entra.initial_cycle(Directory.seeded(1, 1))


def test_entra_is_set_up_and_its_test_connection_is_seen_to_arrive(console: Terminal, workplace: Workplace) -> None:
    console.press("6")
    console.await_text("[6 Providers]", workplace.scim_url)
    console.press("i", "Enter")
    shown = console.await_text("mcp_", workplace.scim_url)
    (token,) = re.findall(r"mcp_\S+", shown)
    console.press("y")
    console.leave()
    console.await_text("is issued", "Set up Microsoft Entra ID")
    assert token not in console.screen(), "it is shown once"

    console.press("w")
    console.await_text("Waiting for Microsoft Entra ID", "nothing arrived yet")
    assert not asyncio.run(tried(workplace.scim_url, "mcp_of-somebody-else"))
    console.await_text("the token is not known here")
    assert asyncio.run(tried(workplace.scim_url, token))
    console.await_text("test connection arrived", "no user came yet")
    asyncio.run(pushed(workplace.scim_url, token))
    console.await_text("user came")
