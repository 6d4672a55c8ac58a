"""Every way to sign in gets in, over the real azure-identity; every way that fails says what to do about it."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from core.config.graph_settings import Cloud, GraphSettings
from core.credentials import SecretReference
from core.graph import sign_in
from core.graph.errors import GraphError, SignInFailed, Unreachable
from core.graph.sign_in import credential, token_of
from core.sandbox.graph import ENTERPRISE_APP, Graph
from core.store import Store, graph_feeds
from tests.core.graph.signing import BASIC, SECRET, found, pulled
from tests.core.graph.world import PROVIDER
from tests.core.sandbox.graph.graph_sdk import SETTINGS, sent_to, unsigned


async def test_a_client_secret_gets_in(store: Store, url: str) -> None:
    active, warnings = await pulled(store, url, replace(BASIC, credential=SECRET))
    assert len(active) == 3
    assert warnings == []


async def test_a_managed_identity_gets_in(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", url)
    settings = GraphSettings(managed_identity=True, scope="all")
    assert len((await pulled(store, url, settings))[0]) == 3


async def test_a_workload_gets_in_with_the_token_of_its_file(store: Store, url: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(unsigned({"iss": "https://kubernetes.example", "sub": "engine", "exp": 9_999_999_999}))
    assert len((await pulled(store, url, replace(BASIC, workload_identity=path)))[0]) == 3


async def test_somebody_gets_in_who_enters_the_code_elsewhere(store: Store, graph: Graph, url: str) -> None:
    shown: list[str] = []

    def prompt(address: str, code: str) -> None:
        shown.append(address)
        graph.sign_in(code, next(iter(graph.tenant.users)))

    assert len((await pulled(store, url, BASIC, prompt=prompt))[0]) == 3
    assert shown == ["https://microsoft.com/devicelogin"]


@pytest.mark.parametrize("cloud", get_args(Cloud))
async def test_each_cloud_has_its_own_authority_and_its_own_token(
    store: Store, graph: Graph, url: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.settings = replace(SETTINGS, cloud=cloud)
    asked: list[str] = []
    transport = sent_to(url)
    send = type(transport).send
    monkeypatch.setattr(
        type(transport), "send", lambda self, request, **options: asked.append(request.url) or send(self, request)
    )
    signing = credential(replace(BASIC, credential=SECRET, cloud=cloud), transport=transport)
    assert token_of(signing, replace(BASIC, cloud=cloud))
    host = {"global": "login.microsoftonline.com", "china": "login.chinacloudapi.cn"}.get(
        cloud, "login.microsoftonline.us"
    )
    assert {each.split("/")[2] for each in asked} == {host}


async def test_a_token_of_another_cloud_is_told_apart(url: str) -> None:
    there = await found(url, replace(BASIC, credential=SECRET, cloud="china"))
    assert "AADSTS500011" in there["credential"].detail
    assert "cloud = 'china'" in there["credential"].remedy


WRONG: list[tuple[str, GraphSettings, str, str]] = [
    ("tenant", replace(BASIC, tenant="nowhere", credential=SECRET), "Unable to get authority", "Directory (tenant) ID"),
    ("client", replace(BASIC, client_id="nobody", credential=SECRET), "AADSTS700016", "Application (client) ID"),
    ("secret", replace(BASIC, credential=SecretReference("plain", "x")), "AADSTS7000215", "its Value, not its Secret"),
]


@pytest.mark.parametrize(("settings", "number", "remedy"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_what_is_wrong_is_named_with_where_to_find_the_right_one(
    store: Store, url: str, settings: GraphSettings, number: str, remedy: str
) -> None:
    with pytest.raises(SignInFailed) as caught:
        await pulled(store, url, settings)
    assert number in caught.value.message
    assert remedy in caught.value.remedy
    assert "Trace ID" not in str(caught.value)
    with store.read() as connection:
        assert [feed.error for feed in graph_feeds.feeds(connection, PROVIDER)] == [str(caught.value)]


async def test_a_workload_that_the_app_does_not_trust_is_told(graph: Graph, url: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(unsigned({"iss": "https://kubernetes.example", "sub": "engine", "exp": 9_999_999_999}))
    graph.settings = replace(SETTINGS, federated_subjects=frozenset({"another"}))
    there = await found(url, replace(BASIC, workload_identity=path))
    assert "Federated credentials" in there["credential"].remedy


async def test_a_machine_without_an_identity_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    monkeypatch.setattr(sign_in, "_RETRIES", 0)
    settings = GraphSettings(managed_identity=True)
    with pytest.raises(GraphError) as caught:
        token_of(credential(settings), settings)
    assert "identity" in caught.value.remedy or "network" in caught.value.remedy


async def test_an_authority_that_cannot_be_reached_is_the_networks_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sign_in, "_RETRIES", 0)
    settings = replace(BASIC, credential=SECRET)
    with pytest.raises(Unreachable, match=r"login\.microsoftonline\.com does not answer") as caught:
        token_of(credential(settings, transport=sent_to("http://127.0.0.1:9")), settings)
    assert "HTTPConnection" not in caught.value.message
    assert capfd.readouterr().err == ""


async def test_a_code_that_is_declined_is_told(graph: Graph, url: str) -> None:
    there = await found(url, BASIC, lambda address, code: graph.sign_in(code, None))
    assert there["credential"].state == "failed"
    assert "declined" in there["credential"].detail or "denied" in there["credential"].detail


async def test_a_check_finds_all_in_order(graph: Graph, url: str) -> None:
    settings = replace(BASIC, credential=SECRET, scope="assigned", application=ENTERPRISE_APP.app_id)
    there = await found(url, settings)
    assert {subject: each.state for subject, each in there.items()} == dict.fromkeys(
        ("credential", "users", "groups", "application"), "ok"
    )


@pytest.mark.parametrize(
    ("without", "subject"),
    [("User.Read.All", "users"), ("Group.Read.All", "groups"), ("Application.Read.All", "application")],
)
async def test_a_check_names_each_permission_that_is_missing_and_the_way_to_grant_it(
    graph: Graph, url: str, without: str, subject: str
) -> None:
    graph.settings = replace(SETTINGS, permissions=SETTINGS.permissions - {without})
    settings = replace(BASIC, credential=SECRET, scope="assigned", application=ENTERPRISE_APP.app_id)
    there = await found(url, settings)
    assert [each for each, finding in there.items() if finding.state == "failed"] == [subject]
    assert f"it lacks {without}" in there[subject].detail
    assert f"{SETTINGS.client_id} > API permissions > Add a permission" in there[subject].remedy
    assert there[subject].remedy.endswith("then Grant admin consent.")


async def test_a_permission_to_write_is_warned_of(store: Store, graph: Graph, url: str) -> None:
    graph.settings = replace(SETTINGS, permissions=SETTINGS.permissions | {"User.ReadWrite.All"})
    there = await found(url, replace(BASIC, credential=SECRET))
    assert there["permissions"].state == "warning"
    assert "User.ReadWrite.All" in there["permissions"].detail
    _, warnings = await pulled(store, url, replace(BASIC, credential=SECRET))
    assert warnings == ["The app may change things in Entra (User.ReadWrite.All): a pull needs no such permission."]


async def test_an_application_that_is_not_there_or_has_nobody_is_told(graph: Graph, url: str) -> None:
    assigned = replace(BASIC, credential=SECRET, scope="assigned")
    nowhere = replace(assigned, application="5b1d0000-0000-4000-8000-00000000ffff")
    assert (await found(url, nowhere))["application"].state == "failed"
    for each in list(graph.tenant.applications.assigned_to(ENTERPRISE_APP.id)):
        graph.tenant.unassign(each.resource_id, each.id)
    there = await found(url, replace(assigned, application=ENTERPRISE_APP.app_id))
    assert there["application"].state == "warning"
    assert "Users and groups" in there["application"].remedy


async def test_no_secret_stands_in_what_is_told(url: str) -> None:
    wrong = "hunter2-very-secret"
    there = await found(url, replace(BASIC, credential=SecretReference("plain", wrong)))
    assert wrong not in str(there)


async def test_what_details_need_is_tried_where_they_are_asked_for_and_only_warned_of(graph: Graph, url: str) -> None:
    there = await found(url, replace(BASIC, credential=SECRET, details=True))
    assert (there["tenant"].state, there["licences"].state) == ("ok", "ok")
    graph.settings = replace(SETTINGS, permissions=SETTINGS.permissions - {"Organization.Read.All"})
    there = await found(url, replace(BASIC, credential=SECRET, details=True))
    assert there["tenant"].state == "warning"
    assert "Organization.Read.All; then Grant admin consent" in there["tenant"].remedy


async def test_who_signs_in_by_hand_is_told_of_delegated_permissions(graph: Graph, url: str) -> None:
    graph.settings = replace(SETTINGS, permissions=frozenset({"User.ReadWrite.All"}))
    there = await found(url, BASIC, lambda address, code: graph.sign_in(code, next(iter(graph.tenant.users))))
    assert "User.ReadWrite.All" in there["permissions"].detail
    assert "Delegated permissions > Group.Read.All" in there["groups"].remedy


async def test_who_only_has_the_log_read_needs_no_other_permission(graph: Graph, url: str) -> None:
    graph.settings = replace(SETTINGS, permissions=frozenset({"AuditLog.Read.All"}))
    there = await found(url, replace(BASIC, credential=SECRET), reads=False, reads_log=True)
    assert {subject: each.state for subject, each in there.items()} == {"credential": "ok", "provisioning_log": "ok"}
    graph.settings = replace(SETTINGS, permissions=frozenset({"User.Read.All"}))
    there = await found(url, replace(BASIC, credential=SECRET), reads=False, reads_log=True)
    assert "it lacks AuditLog.Read.All" in there["provisioning_log"].detail
