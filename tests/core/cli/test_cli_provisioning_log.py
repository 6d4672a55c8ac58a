"""`manciple provisioning-log`: Entra's log beside ours, by command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Run, runner

from core.exchange import Exchange
from core.sandbox.graph import ENTERPRISE_APP, Graph, ProvisioningRow
from core.sandbox.serving import serve_in_thread
from core.store import Store
from core.store.clock import now_ms

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[[provider]]
name = "entra"
kind = "entra"
provisioning_log = true
[provider.graph]
base_url = "{url}"
token = "env:GRAPH_TOKEN"
"""


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    graph.tenant.add_application(ENTERPRISE_APP)
    return graph


@pytest.fixture
def reads(
    graph: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    with serve_in_thread(graph.app) as url:
        path = tmp_path / "graph.toml"
        path.write_text(CONFIG.format(url=url))
        monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token())
        yield runner(capsys, path)


def test_what_only_one_side_saw_is_listed_with_what_to_do(reads: Run, graph: Graph, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        store.writer.log(Exchange("in", "entra", now_ms(), 900, "PATCH", "/Users/t-1", 200, subject="ada"))
        store.writer.write_now(lambda tx: None)
    graph.record_provisioning(ProvisioningRow("u-1", "ada", "t-1"))
    graph.record_provisioning(ProvisioningRow("u-2", "bob\x1b[31m", "t-2"))
    result = reads("provisioning-log", "entra")
    assert result.code == 0
    assert "entra only" in result.out
    assert "No such request came here: look at proxies" in result.out
    assert "ada" not in result.out
    assert "\x1b" not in result.out
    assert "2 changes: 1 agree, 1 entra only" in result.out
    document = reads("provisioning-log", "entra", "--all", "--json").document
    assert document["counts"] == {"agree": 1, "differ": 0, "entra only": 1, "here only": 0, "awaited": 0}
    (agreed,) = (each for each in document["items"] if each["verdict"] == "agree")
    assert (agreed["entra"]["action"], agreed["here"][0]["method"], agreed["here"][0]["exchange"]) == (
        "update", "PATCH", 1,
    )  # fmt: skip


def test_where_nothing_happened_that_is_said(reads: Run) -> None:
    assert "Neither side saw a change in that time." in reads("provisioning-log", "entra").out


def test_a_missing_permission_is_one_line(reads: Run, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_TOKEN", graph.issue_token(frozenset({"User.Read.All"})))
    result = reads("provisioning-log", "entra")
    assert result.code == 4
    assert "it lacks AuditLog.Read.All. Grant it: Entra admin center" in result.error


def test_a_time_that_is_none_is_refused(reads: Run) -> None:
    assert reads("provisioning-log", "entra", "--since", "soon").code == 2


def test_a_provider_that_does_not_ask_for_it_is_refused_with_what_to_write(run: Run) -> None:
    result = run("provisioning-log", "entra")
    assert result.code == 2
    assert "write provisioning_log = true" in result.error


def test_a_check_tries_the_log_of_a_provider_that_pushes(reads: Run) -> None:
    items = reads("check", "entra", "--json").document["items"]
    states = {each["subject"]: each["state"] for each in items}
    assert states == {"token": "warning", "credential": "ok", "provisioning_log": "ok"}
