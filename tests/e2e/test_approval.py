"""An admin plans, reads, approves and drops in the console, with a real engine and a simulated Confluence behind it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.sandbox.confluence import Confluence
from core.sandbox.demo.workplace import Workplace, engine, issue_token
from core.sandbox.serving import serve_in_thread
from tests.e2e.terminal import Terminal, terminal

pytestmark = [pytest.mark.slow, pytest.mark.tmux]

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CONFIG = """\
[listener]
bind = "127.0.0.1:{port}"
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "confluence"
url = "{url}"
provider = "entra"
credential = "file:secret"
[target.schedule]
every = "never"
auto_apply = "never"
"""


@pytest.fixture
def confluence() -> Confluence:
    return Confluence.with_defaults()


@pytest.fixture
def scim(tmp_path: Path, confluence: Confluence, free_port: int) -> Iterator[httpx.Client]:
    """What Entra holds of it, while an engine runs in `tmp_path` that waits for approval."""
    with serve_in_thread(confluence.app) as url:
        (tmp_path / "secret").write_text(confluence.issue_token())
        (tmp_path / "config.toml").write_text(CONFIG.format(port=free_port, url=url))
        workplace = Workplace(tmp_path, free_port)
        token = issue_token(workplace)
        with engine(workplace), httpx.Client(base_url=workplace.scim_url, headers=bearer(token)) as client:
            yield client


@pytest.fixture
def console(scim: httpx.Client, tmp_path: Path) -> Iterator[Terminal]:
    with terminal(f"{sys.executable} -m tui --config {tmp_path / 'config.toml'}", 80, 24) as shown:
        shown.await_text("[1 Overview]", "v alive")
        yield shown


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def hire(scim: httpx.Client, name: str) -> str:
    email = {"type": "work", "value": f"{name}@contoso.example"}
    body = {"schemas": [USER], "userName": name, "displayName": name.title(), "active": True, "emails": [email]}
    ident: str = scim.post("/Users", json=body).raise_for_status().json()["id"]
    return ident


def dismiss(scim: httpx.Client, ident: str) -> None:
    operation = {"op": "Replace", "path": "active", "value": "False"}
    scim.patch(f"/Users/{ident}", json={"schemas": [PATCH], "Operations": [operation]}).raise_for_status()


def active(confluence: Confluence) -> set[str]:
    return {account.username for account in confluence.snapshot().accounts if account.active} - {"admin"}


def test_a_plan_is_shown_approved_and_applied_exactly(
    scim: httpx.Client, console: Terminal, confluence: Confluence
) -> None:
    ada = hire(scim, "ada")
    hire(scim, "ben")
    console.await_text("2 keys wait for a plan")
    console.press("3")
    console.await_text("[3 Sync]")
    console.press("s")
    console.await_text("? waiting", "2 changes wait", "create-account", "ada", "ben")
    assert active(confluence) == set()
    console.press("a")
    console.await_text("Apply the plan of run 1 to wiki?", "Type y")
    console.press("y", "Enter")
    console.await_text("2 of 2 changes made")
    assert active(confluence) == {"ada", "ben"}

    dismiss(scim, ada)
    console.press("s")
    console.await_text("Run 2 waits for approval with 1 change.", "deactivate-account")
    console.press("a")
    console.await_text("Something is taken away by 1", "Type 1,")
    console.press("y", "Enter")
    console.await_text("Type 1,")
    console.press("BSpace", "1", "Enter")
    console.await_text("1 of 1 change made")
    assert active(confluence) == {"ben"}


def test_a_plan_is_dropped_and_nothing_is_changed(
    scim: httpx.Client, console: Terminal, confluence: Confluence
) -> None:
    hire(scim, "ada")
    console.press("3")
    console.await_text("[3 Sync]")
    console.press("s")
    console.await_text("? waiting")
    console.press("d")
    console.await_text("dropped", "nothing was changed")
    assert confluence.effects == []


def test_by_command_a_plan_is_saved_and_exactly_that_one_applied(
    scim: httpx.Client, tmp_path: Path, confluence: Confluence
) -> None:
    hire(scim, "ada")
    sync = [sys.executable, "-m", "core.cli", "sync", "wiki", "--config", str(tmp_path / "config.toml")]
    saved = str(tmp_path / "plan.json")
    subprocess.run([*sync, "--plan", saved], check=True, timeout=60)
    hire(scim, "ben")
    assert confluence.effects == []
    subprocess.run([*sync, "--apply", saved, "--yes"], check=True, timeout=60)
    assert active(confluence) == {"ada"}
