"""`manciple attributes`: what rules can use, with real values."""

from pathlib import Path

import pytest
from running import Run, runner

from core.store import Store, graph_facts, identities
from core.store.attributes import DIRECTORY

GRAPH = """\
[store]
url = "sqlite:///manciple.db"
[[provider]]
name = "contoso"
kind = "entra"
method = "graph"
[provider.graph]
scope = "all"
token = "env:GRAPH_TOKEN"
"""


def fill(store: Store, provider: str) -> None:
    document = {"userName": "ada", "active": True, DIRECTORY: {"managerName": "Bob\x1b[31m"}}
    store.writer.write_now(lambda tx: identities.create(tx, provider, "User", document))


def test_each_attribute_is_listed_with_values(run: Run, store: Store) -> None:
    fill(store, "entra")
    shown = run("attributes", "entra").out
    assert "userName" in shown
    assert "ada" in shown
    assert "\x1b" not in shown
    assert "From 1 user; rules call them by these names." in shown
    assert "details = true" not in shown
    items = run("attributes", "entra", "--json").document["items"]
    assert {"name": "userName", "users": 1, "values": ["ada"]} in items


def test_without_users_it_says_what_to_look_at(run: Run, store: Store) -> None:
    assert "entra has no users yet. Look: manciple check entra" in run("attributes", "entra").out


def test_an_unknown_provider_is_refused(run: Run) -> None:
    assert run("attributes", "nobody").code == 2


@pytest.fixture
def reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    path = tmp_path / "graph.toml"
    path.write_text(GRAPH)
    return runner(capsys, path)


def test_of_a_directory_tenant_domains_licences_and_roles_are_said(reads: Run, tmp_path: Path) -> None:
    told = {
        "tenant": {"id": "t-1", "name": "Contoso", "domains": ["contoso.example", "contoso.onmicrosoft.com"]},
        "licences": {"s-1": "SPE_E5", "s-2": "SPE_F1"},
        "roles": {"refused": "Graph does not let the app read it: it lacks Application.Read.All. Grant it: there."},
    }
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        store.writer.write_now(lambda tx: graph_facts.take(tx, "contoso", told))
        fill(store, "contoso")
    shown = reads("attributes", "contoso").out
    assert "Tenant    Contoso (t-1), domains contoso.example, contoso.onmicrosoft.com" in shown
    assert "Licences  SPE_E5, SPE_F1" in shown
    assert "it lacks Application.Read.All. Grant it: there." in shown
    assert "directory.managerName" in shown
    assert "details = true in [provider.graph] brings" in shown
    assert reads("attributes", "contoso", "--json").document["directory"]["tenant"]["name"] == "Contoso"
