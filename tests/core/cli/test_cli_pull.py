"""`manciple pull`: a directory read now, and how it ends where that is not possible."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from running import Run, runner

from core.sandbox.graph import Graph, User
from core.sandbox.serving import serve_in_thread
from core.store import Store, graph_feeds, graph_pulls
from core.store.clock import now_ms
from core.store.graph_pulls import PullRow

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[[provider]]
name = "contoso"
kind = "entra"
method = "graph"
[provider.graph]
scope = "all"
base_url = "{url}"
token = "env:GRAPH_TOKEN"
"""
needs_sdk = pytest.mark.skipif(find_spec("msgraph") is None, reason="msgraph-sdk is not installed")


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    ada = graph.tenant.create_user(User("id-1", "ada@contoso.example", "Ada", "ada"))
    graph.tenant.new_group("Wiki", [ada.id])
    return graph


@pytest.fixture
def pulls(
    graph: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Runs commands with a configuration that reads the simulated Graph."""
    with serve_in_thread(graph.app) as url:
        path = tmp_path / "graph.toml"
        path.write_text(CONFIG.format(url=url))
        monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token())
        yield runner(capsys, path)


@needs_sdk
def test_a_pull_says_what_it_did_and_the_next_that_nothing_changed(pulls: Run) -> None:
    first = pulls("pull", "contoso")
    assert (first.code, first.err) == (0, "")
    assert "seed, 1 item" in first.out
    assert "1 created, 0 changed, 0 removed" in first.out
    second = pulls("pull", "contoso", "--json").document
    assert second["phases"] == {"users": "steady", "groups": "steady"}
    assert (second["users_created"], second["members_added"], second["requests"]) == (0, 0, 2)


@needs_sdk
def test_what_needs_an_admin_is_told_by_the_exit_code(pulls: Run, graph: Graph) -> None:
    graph.tenant.new_group("wiki")
    result = pulls("pull", "contoso")
    assert result.code == 3
    assert "rename one of them in Entra" in result.out


@needs_sdk
def test_a_missing_permission_is_one_line_and_stands_in_the_status(
    pulls: Run, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token(frozenset({"Group.Read.All"})))
    result = pulls("pull", "contoso")
    assert result.code == 4
    assert "it lacks User.Read.All. Grant it: Entra admin center" in result.error
    status = pulls("status")
    assert "The last pull of contoso failed" in status.out
    (item,) = (each for each in pulls("status", "--json").document["items"] if each["type"] == "provider")
    assert "User.Read.All" in item["pull"]["error"]


def test_without_the_sdk_it_says_what_to_install(pulls: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.graph.sdk.find_spec", lambda name: None)
    result = pulls("pull", "contoso")
    assert result.code == 4
    assert "pip install 'manciple[graph]'" in result.error


def test_a_provider_that_pushes_is_not_pulled(run: Run) -> None:
    result = run("pull", "entra")
    assert result.code == 2
    assert 'write method = "graph"' in result.error


def test_the_status_shows_what_is_read_without_a_scim_url(pulls: Run, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        feed = graph_feeds.Feed("contoso", "users", "steady", "q", done_at=1_780_000_000_000)
        store.writer.write_now(lambda tx: graph_feeds.keep(tx, feed))
    shown = pulls("status").out
    assert "/scim/" not in shown
    assert "contoso" in shown
    assert "steady" in shown


def test_check_wants_no_scim_token_of_a_provider_that_is_read(pulls: Run) -> None:
    assert "It has no token" not in pulls("check").out


def test_a_provider_that_is_read_gets_no_token(pulls: Run) -> None:
    for option in ((), ("--oauth",)):
        result = pulls("token", "issue", "contoso", *option)
        assert result.code == 2
        assert "it needs a credential in [provider.graph] instead" in result.error


def test_the_status_shows_a_pull_that_is_under_way_and_why_it_waits(pulls: Run, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        now = now_ms()
        row = PullRow("contoso", now, now, None, "users: seed, 2,997 told", 3, 4, 17_000, now + 60_000, "throttled")
        store.writer.write_now(lambda tx: graph_pulls.begin(tx, row))
    shown = " ".join(pulls("status").out.split())
    assert "users: seed, 2,997 told (3 requests, 4 resource units, 17 s waited); waits" in shown
    assert "for: throttled" in shown
    (item,) = (each for each in pulls("status", "--json").document["items"] if each["type"] == "provider")
    last = item["pull"]["last"]
    assert (last["running"], last["requests"], last["units"], last["waited"]) == (True, 3, 4, 17.0)
    assert last["waiting_for"] == "throttled"


@needs_sdk
def test_a_pull_that_ended_is_not_shown_as_under_way(pulls: Run) -> None:
    pulls("pull", "contoso")
    assert "is being read" not in pulls("status").out
    (item,) = (each for each in pulls("status", "--json").document["items"] if each["type"] == "provider")
    assert item["pull"]["last"]["running"] is False
    assert item["pull"]["last"]["ended"] is not None
