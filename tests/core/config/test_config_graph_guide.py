"""The steps that an admin takes in Entra, as a provider is configured."""

from pathlib import Path

import pytest

from core.config.graph_guide import graph_steps, permissions
from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderSettings
from core.credentials import SecretReference
from core.sandbox.graph import READ_PERMISSIONS


def reads(**settings: object) -> ProviderSettings:
    return ProviderSettings("entra", "entra", "graph", graph=GraphSettings(**settings))  # type: ignore[arg-type]


def test_the_permissions_are_those_that_a_pull_needs_and_no_more() -> None:
    assert set(permissions(reads(application="id"))) == READ_PERMISSIONS
    assert permissions(reads(scope="all")) == ("User.Read.All", "Group.Read.All")
    assert "Organization.Read.All" in permissions(reads(scope="all", details=True))


def test_who_only_has_the_log_read_needs_nothing_else() -> None:
    log = ProviderSettings("entra", "entra", provisioning_log=GraphSettings())
    assert permissions(log) == ("AuditLog.Read.All",)
    log = ProviderSettings("entra", "entra", provisioning_log=GraphSettings(application="id"))
    assert permissions(log) == ("Application.Read.All", "AuditLog.Read.All")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"credential": SecretReference("env", "SECRET")}, 'its "Value" goes where env:SECRET points'),
        ({"certificate": Path("graph.pem")}, '"Upload certificate": the certificate alone'),
        ({"workload_identity": Path("/token")}, '"Federated credentials"'),
        ({"managed_identity": True}, "by PowerShell"),
        ({}, '"Allow public client flows"'),
    ],
)
def test_each_way_to_sign_in_has_its_step(settings: dict[str, object], said: str) -> None:
    assert any(said in step for step in graph_steps(reads(**settings)))


def test_the_steps_of_the_assignments_come_where_these_count() -> None:
    assert any("Add user/group" in step for step in graph_steps(reads(application="id")))
    assert not any("Add user/group" in step for step in graph_steps(reads(scope="all")))
