import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from running import Run

from core.sandbox.directory import Directory


@contextmanager
def sandbox_confluence(*arguments: str) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """A Confluence of its own process: its URL and token."""
    command = [sys.executable, "-m", "core.cli", "sandbox", "confluence", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        url, token = (process.stdout.readline().split()[1] for _ in range(2))
        yield url, token, process
    finally:
        process.kill()
        process.communicate()


def accounts(url: str, token: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{url}/rest/api/user/list?limit=100", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return list(json.load(answer)["results"])


def test_confluence_listens_with_the_first_people_of_the_company_and_ends_quietly() -> None:
    company = Directory.seeded(30, seed=4)
    people = [company.person(ident).user_principal_name.lower() for ident in company.people]
    with sandbox_confluence("--users", "5", "--seed", "4") as (url, token, process):
        assert sorted(each["username"] for each in accounts(url, token)) == sorted(["admin", *people[:5]])
        os.kill(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=30)
        assert (process.returncode, error) == (130, "")


def test_a_port_that_is_taken_is_told(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = run("sandbox", "confluence", "--port", str(other.getsockname()[1]), config=None)
    assert result.code == 1
    assert "Address already in use. Give another --port, or 0 for any free one" in result.error


def test_what_never_comes_is_no_command(run: Run) -> None:
    assert run("sandbox", "ldap", config=None).code == 2


@pytest.mark.parametrize("url", ["127.0.0.1:8440", "ftp://host", "", "http://", "http://[::1"])
def test_a_wrong_endpoint_is_refused(url: str, run: Run) -> None:
    result = run("sandbox", "entra", "--to", url, "--token", "t", config=None)
    assert result.code == 2
    assert result.error.startswith("manciple: --to: ")
    assert "is not an http or https URL" in result.error


def test_an_endpoint_that_does_not_answer_is_unreachable(run: Run) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/scim/entra/v2"
        result = run("sandbox", "entra", "--to", url, "--token", "t", "--users", "3", "--cycles", "9", config=None)
        document = run("sandbox", "entra", "--to", url, "--token", "t", "--users", "3", "--json", config=None).document
    assert (result.code, result.out) == (4, "")
    assert result.error.startswith("manciple: the endpoint cannot be used: ")
    assert "Start the engine there with `manciple serve`" in result.error
    assert [report["cycle"] for report in document["items"]] == ["initial"]


def test_a_token_that_cannot_be_had_is_told(run: Run, tmp_path: Path) -> None:
    for token in ("env:NOT_SET_ANYWHERE", f"file:{tmp_path}/nowhere"):
        result = run("sandbox", "entra", "--to", "http://127.0.0.1:1/", "--token", token, config=None)
        assert result.code == 2
        assert len(result.err.splitlines()) == 1


def test_a_dialect_that_is_unknown_is_refused_with_those_that_are_known(run: Run) -> None:
    result = run("sandbox", "entra", "--to", "http://127.0.0.1:1/", "--token", "t", "--dialect", "x", config=None)
    assert result.code == 2
    assert "legacy" in result.error
    assert "mixed" in result.error
