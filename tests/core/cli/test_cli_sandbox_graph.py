"""`manciple sandbox graph`: it listens, gives tokens, and holds the company that `sandbox entra` pushes."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from core.sandbox.directory import Directory


@contextmanager
def sandbox_graph(*arguments: str) -> Iterator[tuple[dict[str, str], subprocess.Popen[str]]]:
    """A Graph of its own process, and what it says about itself, by the first words of the lines."""
    command = [sys.executable, "-m", "core.cli", "sandbox", "graph", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert "A simulated Microsoft Graph listens." in process.stdout.readline()
        lines = [process.stdout.readline().rstrip() for _ in range(6)]
        yield {line[:13].strip(): line[13:].strip() for line in lines}, process
    finally:
        process.kill()
        process.communicate()


def ask(url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> dict[str, Any]:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(url, data, dict(headers)), timeout=30) as answer:
        return dict(json.load(answer))


def test_things_happen_to_the_company_where_a_pause_is_given() -> None:
    with sandbox_graph("--users", "12", "--pause", "0.01") as (told, _):
        headers = {"Authorization": f"Bearer {told['or a token']}"}
        link = f"{told['url']}/v1.0/users/delta?$deltatoken=latest"
        deadline = time.monotonic() + 30
        changed: list[Any] = []
        while not changed and time.monotonic() < deadline:
            page = ask(link, headers)
            changed, link = page["value"], page["@odata.deltaLink"]
        assert changed


def test_graph_gives_a_token_and_shows_the_company_under_its_own_ids_and_ends_quietly() -> None:
    company = Directory.seeded(12, seed=4)
    with sandbox_graph("--users", "12", "--seed", "4", "--rough") as (told, process):
        form = {
            "client_id": told["client id"],
            "client_secret": told["secret"],
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
        }
        token = ask(f"{told['url']}/{told['tenant']}/oauth2/v2.0/token", {}, form)["access_token"]
        users = ask(f"{told['url']}/v1.0/users?$select=id", {"Authorization": f"Bearer {token}"})["value"]
        assert [user["id"] for user in users] == list(company.people)
        assigned = f"{told['url']}/v1.0/servicePrincipals(appId='{told['application']}')/appRoleAssignedTo?$top=999"
        rows = ask(assigned, {"Authorization": f"Bearer {told['or a token']}"})["value"]
        assert {row["principalId"] for row in rows} == set(company.groups)
        os.kill(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=30)
        assert (process.returncode, error) == (130, "")
