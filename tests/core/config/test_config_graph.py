"""`[provider.graph]`: whose directory is read, as whom, which part of it, and how often."""

import pytest

from core.config import GraphSettings
from core.planning.rules import AttributeCheck

from .conftest import Load, OnlyProblem, Problems

GRAPH = '[[provider]]\nname = "entra"\nkind = "entra"\nmethod = "graph"\n[provider.graph]\n'
WHO = 'tenant = "contoso.example"\nclient_id = "app"\ncredential = "env:SECRET"\n'
ALL = 'scope = "all"\n'


def read(load: Load, keys: str) -> GraphSettings:
    graph = load(GRAPH + keys).providers[0].graph
    assert graph is not None
    return graph


def test_the_defaults_are_those_of_entras_own_provisioning(load: Load) -> None:
    graph = read(load, WHO + 'application = "id"\n')
    assert (graph.scope, graph.nested, graph.guests, graph.every, graph.cloud) == (
        "assigned",
        False,
        True,
        300,
        "global",
    )


def test_a_scope_is_a_word_or_names_of_groups(load: Load) -> None:
    assert read(load, WHO + ALL).scope == "all"
    assert read(load, WHO + 'scope = ["Engineering", "Sales"]\n').scope == ("Engineering", "Sales")


def test_a_word_that_is_no_scope_is_refused(only_problem: OnlyProblem) -> None:
    problem = only_problem(GRAPH + WHO + 'scope = "some"\n')
    assert problem.key == "provider.graph.scope"
    assert '"assigned", "all"' in problem.remedy


def test_assigned_needs_the_application(only_problem: OnlyProblem) -> None:
    assert only_problem(GRAPH + WHO).key == "provider.graph.application"


def test_two_ways_to_sign_in_are_one_too_many(only_problem: OnlyProblem) -> None:
    problem = only_problem(GRAPH + WHO + ALL + 'certificate = "graph.pem"\n')
    assert problem.message == "credential is given too"


def test_who_reads_must_be_said(problems: Problems) -> None:
    keys = [problem.key for problem in problems(GRAPH + ALL + 'credential = "env:SECRET"\n')]
    assert keys == ["provider.graph.tenant", "provider.graph.client_id"]


@pytest.mark.parametrize("key", ['token = "env:TOKEN"', "managed_identity = true"])
def test_a_ready_token_or_an_identity_of_the_machine_needs_nobody_named(load: Load, key: str) -> None:
    assert read(load, f"{key}\n{ALL}").tenant == ""


def test_a_secret_in_the_file_is_warned_of(load: Load) -> None:
    settings = load(GRAPH + WHO.replace("env:SECRET", "hunter2") + ALL)
    assert [warning.key for warning in settings.warnings] == ["provider.graph.credential"]


def test_checks_are_read_as_for_targets(load: Load) -> None:
    graph = read(load, WHO + ALL + 'where = [{ attribute = "userType", match = "^Member$" }]\n')
    assert graph.where == (AttributeCheck("userType", match="^Member$"),)


def test_only_entra_is_read_over_graph(only_problem: OnlyProblem) -> None:
    text = GRAPH.replace('kind = "entra"', 'kind = "okta"') + WHO + ALL
    assert only_problem(text).message == "Microsoft Graph has no users of okta"


def test_graph_keys_are_not_for_a_provider_that_pushes(problems: Problems) -> None:
    found = problems(GRAPH.replace('"graph"', '"scim"') + WHO)
    assert "provider.graph" in {problem.key for problem in found}


def test_a_password_protects_a_certificate_and_nothing_else(load: Load, only_problem: OnlyProblem) -> None:
    who = 'tenant = "contoso.example"\nclient_id = "app"\n'
    certificate = 'certificate = "graph.pfx"\ncertificate_password = "env:PASSWORD"\n'
    assert str(read(load, who + certificate + ALL).certificate_password) == "env:PASSWORD"
    problem = only_problem(GRAPH + WHO + ALL + 'certificate_password = "env:PASSWORD"\n')
    assert problem.key == "provider.graph.certificate_password"


def test_who_names_no_credential_signs_in_by_hand(load: Load) -> None:
    assert read(load, 'tenant = "contoso.example"\nclient_id = "app"\n' + ALL).is_by_hand
    assert not read(load, WHO + ALL).is_by_hand
    assert not read(load, "managed_identity = true\n" + ALL).is_by_hand


LOG = '[[provider]]\nname = "entra"\nkind = "entra"\nprovisioning_log = true\n[provider.graph]\n'


def test_a_provider_that_pushes_may_have_entras_log_read(load: Load) -> None:
    (provider,) = load(LOG + WHO).providers
    assert (provider.method, provider.graph) == ("scim", None)
    assert provider.provisioning_log is not None
    assert provider.provisioning_log.application is None


def test_one_that_is_read_may_too_with_the_same_sign_in(load: Load) -> None:
    (provider,) = load(
        GRAPH.replace("[provider.graph]", "provisioning_log = true\n[provider.graph]") + WHO + ALL
    ).providers
    assert provider.provisioning_log == provider.graph


def test_entras_log_needs_somebody_who_reads_it_and_an_entra(problems: Problems, only_problem: OnlyProblem) -> None:
    keys = [problem.key for problem in problems(LOG)]
    assert keys == ["provider.graph.tenant", "provider.graph.client_id"]
    okta = '[[provider]]\nname = "okta"\nkind = "okta"\nprovisioning_log = true\n[provider.graph]\n' + WHO
    assert only_problem(okta).key == "provider.provisioning_log"
