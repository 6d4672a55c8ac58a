"""The way of a new admin: init, token, serve, a push from the simulated Entra ID, sync; each by its command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Run, runner

from core.sandbox.confluence import Confluence
from core.sandbox.serving import serve_in_thread

PATIENCE = 60.0
"""Seconds until a test gives up on a process."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Confluence, str]]:
    confluence = Confluence.with_defaults()
    with serve_in_thread(confluence.app) as url:
        monkeypatch.setenv("CONFLUENCE_TOKEN", confluence.issue_token())
        yield confluence, url


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    return runner(capsys, tmp_path / "config.toml")


@pytest.fixture
def serving(run: Run, site: tuple[Confluence, str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`manciple serve` on a configuration that `manciple init` wrote, once it listens."""
    public = ("--bind", "127.0.0.1:0", "--public-url", "http://127.0.0.1:8440")
    assert run("init", *public, "--target-url", site[1]).code == 0
    command = [sys.executable, "-m", "core.cli", "serve", "--config", str(tmp_path / "config.toml")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        assert any("listening on" in line for line in process.stderr)
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_the_idp_pushes_is_at_the_target_after_an_approved_sync(
    run: Run, site: tuple[Confluence, str], serving: subprocess.Popen[str], tmp_path: Path
) -> None:
    token = run("token", "issue", "entra", "--json").document["token"]
    (tmp_path / "token").write_text(token)
    (engine,) = (item for item in run("status", "--json").document["items"] if item["type"] == "engine")
    url = f"{engine['listening']}/scim/entra/v2"
    pushing = ("--users", "6", "--seed", "3", "--cycles", "1", "--json")
    pushed = run("sandbox", "entra", "--to", url, "--token", f"file:{tmp_path}/token", *pushing, config=None)
    assert pushed.code == 0
    assert [report["cycle"] for report in pushed.document["items"]] == ["initial", "incremental"]

    planned = run("sync", "wiki", "--plan", str(tmp_path / "plan.json"))
    assert planned.code in (0, 3)
    accounts = {
        change["account"]
        for change in json.loads((tmp_path / "plan.json").read_text())["changes"]
        if change["kind"] == "create-account"
    }
    assert accounts
    assert site[0].effects == []

    applied = run("sync", "wiki", "--apply", str(tmp_path / "plan.json"), "--json")
    assert applied.code == planned.code
    assert {change["state"] for change in applied.document["items"]} == {"done"}
    assert {account.username for account in site[0].snapshot().accounts} == accounts | {"admin"}

    again = run("sync", "wiki", "--yes", "--json")
    assert again.document["items"] == []
    (target,) = (item for item in run("status", "--json").document["items"] if item["type"] == "target")
    assert (target["last_run"]["state"], target["backlog"]) == ("done", 0)
    assert run("requests", "party:entra", "method:POST", "--json").document["items"]
    assert run("check").code == 0


def test_serve_ends_with_0_when_it_is_told_to(serving: subprocess.Popen[str]) -> None:
    os.kill(serving.pid, signal.SIGTERM)
    serving.communicate(timeout=PATIENCE)
    assert serving.returncode == 0
