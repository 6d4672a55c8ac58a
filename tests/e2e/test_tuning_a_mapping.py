"""An admin puts one more group into a mapping in the console, sees what it would do, saves, and it is done."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.sandbox.confluence import Confluence
from core.sandbox.demo.workplace import Workplace, engine, issue_token
from core.sandbox.serving import serve_in_thread
from tests.e2e.terminal import Terminal, terminal
from tests.e2e.test_approval import CONFIG, bearer, hire

pytestmark = [pytest.mark.slow, pytest.mark.tmux]

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MAPPING = """
[target.groups]
mode = "manual"

# As Ada asked in May.
[[target.groups.map]]
idp = "Engineering"
target = "developers"
"""


@pytest.fixture
def confluence() -> Confluence:
    found = Confluence.with_defaults()
    found.add_group("developers")
    return found


@pytest.fixture
def console(tmp_path: Path, confluence: Confluence, free_port: int) -> Iterator[Terminal]:
    """A console, where two groups came and one is mapped."""
    with serve_in_thread(confluence.app) as url:
        (tmp_path / "secret").write_text(confluence.issue_token())
        config = CONFIG.format(port=free_port, url=url).replace('auto_apply = "never"\n', "") + MAPPING
        (tmp_path / "config.toml").write_text(config)
        workplace = Workplace(tmp_path, free_port)
        token = issue_token(workplace)
        with engine(workplace), httpx.Client(base_url=workplace.scim_url, headers=bearer(token)) as scim:
            form(scim, "Engineering", hire(scim, "ada"))
            form(scim, "Sales", hire(scim, "ben"))
            with terminal(f"{sys.executable} -m tui --config {workplace.config}", 80, 24) as shown:
                shown.await_text("[1 Overview]", "v alive", "2 accounts")
                yield shown


def form(scim: httpx.Client, name: str, member: str) -> None:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": member}]}
    scim.post("/Groups", json=body).raise_for_status()


def members(confluence: Confluence) -> set[str]:
    return {name for group, name in confluence.snapshot().memberships if group == "developers"}


def test_one_more_group_is_mapped_and_its_members_join(
    console: Terminal, confluence: Confluence, tmp_path: Path
) -> None:
    assert members(confluence) == {"ada"}
    console.press("9")
    console.await_text("[9 Group sync]")
    console.press("t")
    console.await_text("Engineering -> developers")
    console.press("Tab", "/")
    console.type("sales")
    console.press("Enter")
    console.await_text("Sales: 1 member; in no mapping")
    console.press("Space")
    console.await_text("Engineering, Sales -> developers", "+1     -0", "1 change not saved")
    console.press("C-s")
    console.await_text('+idp = ["Engineering", "Sales"]')
    console.press("Enter")
    console.await_gone("not saved")
    config = (tmp_path / "config.toml").read_text()
    assert "# As Ada asked in May." in config
    (target,) = tomllib.loads(config)["target"]
    assert target["groups"]["map"] == [{"idp": ["Engineering", "Sales"], "target": "developers"}]
    console.leave()
    console.press("3")
    console.await_text("[3 Sync]")
    console.press("s")
    console.await_text("2 changes wait", "add-member", "ben")
    console.press("a")
    console.await_text("Type y")
    console.press("y", "Enter")
    console.await_text("2 of 2 changes made")
    assert members(confluence) == {"ada", "ben"}
