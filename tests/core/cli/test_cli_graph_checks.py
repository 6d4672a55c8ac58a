"""`manciple check` of a provider that is read over Microsoft Graph."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Run, runner

from core.sandbox.graph import ENTERPRISE_APP, Graph
from core.sandbox.serving import serve_in_thread
from tests.core.graph.world import tenant_of

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[[provider]]
name = "contoso"
kind = "entra"
method = "graph"
[provider.graph]
application = "{application}"
base_url = "{url}"
token = "env:GRAPH_TOKEN"
"""
BY_HAND = """\
[[provider]]
name = "contoso"
kind = "entra"
method = "graph"
[provider.graph]
tenant = "contoso.example"
client_id = "the-app"
scope = "all"
"""


@pytest.fixture
def graph() -> Graph:
    return tenant_of(2)


@pytest.fixture
def checks(
    graph: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    with serve_in_thread(graph.app) as url:
        path = tmp_path / "graph.toml"
        path.write_text(CONFIG.format(url=url, application=ENTERPRISE_APP.app_id))
        monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token())
        yield runner(capsys, path)


def states(document: Any) -> dict[str, str]:
    return {each["subject"]: each["state"] for each in document["items"] if each["part"] == "provider"}


def test_all_that_a_pull_reads_is_tried_and_nothing_is_kept(checks: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    result = checks("check", "--json")
    assert result.code == 0
    assert states(result.document) == dict.fromkeys(("credential", "users", "groups", "application"), "ok")
    assert sorted(tmp_path.iterdir()) == before


def test_a_missing_permission_fails_with_the_way_to_grant_it(
    checks: Run, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token(frozenset({"User.Read.All", "Application.Read.All"})))
    result = checks("check")
    assert result.code == 4
    assert "it lacks Group.Read.All" in result.out
    assert "API permissions > Add a permission > Microsoft Graph > Application permissions" in result.out


def test_a_secret_that_is_not_there_is_a_fault_of_the_configuration(
    checks: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRAPH_TOKEN")
    result = checks("check")
    assert result.code == 2
    assert "GRAPH_TOKEN" in result.out


def test_a_provider_that_names_no_credential_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "graph.toml"
    path.write_text(BY_HAND)
    result = runner(capsys, path)("check")
    assert result.code == 0
    assert "only where somebody signs in with --device-code" in result.out


def test_a_graph_that_is_not_there_is_told_once_and_at_once(checks: Run, tmp_path: Path) -> None:
    path = tmp_path / "graph.toml"
    path.write_text(CONFIG.format(url="http://127.0.0.1:9", application=ENTERPRISE_APP.app_id))
    result = checks("check", "--json")
    assert result.code == 2
    assert states(result.document) == {"credential": "ok", "graph": "failed"}
    (found,) = [each for each in result.document["items"] if each["subject"] == "graph"]
    assert "refuses the connection" in found["detail"]
    assert "base_url" in found["remedy"]


def test_one_provider_alone_can_be_checked(checks: Run) -> None:
    result = checks("check", "contoso", "--json")
    assert result.code == 0
    assert {each["part"] for each in result.document["items"]} == {"provider"}
    wrong = checks("check", "nobody")
    assert wrong.code == 2
    assert "there is no provider or target 'nobody'; there is: contoso" in wrong.error
