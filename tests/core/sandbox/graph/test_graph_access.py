"""Tokens, permissions, and how errors look."""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from graph_visit import Clock, Visit

from core.sandbox.graph import Graph, Settings, Tenant

SETTINGS = Settings()
SCOPE = "https://graph.microsoft.com/.default"
HOST = "https://login.example"
TOKEN = f"{HOST}/{SETTINGS.tenant_id}/oauth2/v2.0/token"


def form(**values: str) -> dict[str, str]:
    asked = {
        "client_id": SETTINGS.client_id,
        "client_secret": SETTINGS.client_secret,
        "grant_type": "client_credentials",
        "scope": SCOPE,
    }
    return {name: value for name, value in (asked | values).items() if value}


async def post(graph: Graph, url: str, values: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(graph.app)) as client:
        return await client.post(url, data=values)


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def assertion(issuer: str, subject: str, expires: float, **header: str) -> str:
    parts = ({"alg": "RS256", **header}, {"iss": issuer, "sub": subject, "exp": expires})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "signature"])


async def test_a_client_secret_gets_a_token_that_names_the_permissions() -> None:
    graph = Graph()
    answer = (await post(graph, TOKEN, form())).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    told = claims(answer["access_token"])
    assert told["aud"] == "https://graph.microsoft.com"
    assert set(told["roles"]) == SETTINGS.permissions
    assert (await Visit(graph, answer["access_token"]).get("users")).status_code == 200


@pytest.mark.parametrize(
    ("values", "status", "code", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "somebody"}, 400, "unauthorized_client", 700016),
        ({"scope": "User.Read.All"}, 400, "invalid_scope", 1002012),
        ({"scope": "https://vault.azure.net/.default"}, 400, "invalid_resource", 500011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
async def test_what_gets_no_token_is_told_by_entras_numbers(
    values: dict[str, str], status: int, code: str, number: int
) -> None:
    answer = await post(Graph(), TOKEN, form(**values))
    assert (answer.status_code, answer.json()["error"], answer.json()["error_codes"]) == (status, code, [number])
    assert answer.json()["error_description"].startswith(f"AADSTS{number}: ")


async def test_another_tenant_is_not_found_and_the_domain_is_as_good_as_the_id() -> None:
    assert (await post(Graph(), TOKEN.replace(SETTINGS.tenant_id, "other"), form())).json()["error_codes"] == [90002]
    assert (await post(Graph(), TOKEN.replace(SETTINGS.tenant_id, "contoso.example"), form())).status_code == 200


@pytest.mark.parametrize(
    ("cloud", "host"), [("us", "graph.microsoft.us"), ("china", "microsoftgraph.chinacloudapi.cn")]
)
async def test_each_cloud_has_tokens_of_its_own(cloud: Any, host: str) -> None:
    graph = Graph(settings=Settings(cloud=cloud))
    assert (await post(graph, TOKEN, form())).status_code == 400
    answer = await post(graph, TOKEN, form(scope=f"https://{host}/.default"))
    assert claims(answer.json()["access_token"])["aud"] == f"https://{host}"


async def test_a_certificate_is_known_by_its_thumbprint() -> None:
    clock = Clock()
    graph = Graph(Tenant(clock=clock), settings=Settings(certificate_thumbprints=frozenset({"good"})))
    for thumbprint, expires, number in (("good", 60, None), ("bad", 60, 700027), ("good", -1, 700024)):
        signed = assertion(SETTINGS.client_id, SETTINGS.client_id, clock.now + expires, x5t=thumbprint)
        answer = await post(graph, TOKEN, form(client_secret="", client_assertion=signed))
        assert answer.json().get("error_codes") == (number and [number])


async def test_a_workload_identity_is_known_by_its_subject() -> None:
    clock = Clock()
    subject = "system:serviceaccount:manciple:engine"
    graph = Graph(Tenant(clock=clock), settings=Settings(federated_subjects=frozenset({subject})))
    for named, status in ((subject, 200), ("system:serviceaccount:other:engine", 401)):
        signed = assertion("https://kubernetes.example", named, clock.now + 60)
        assert (await post(graph, TOKEN, form(client_secret="", client_assertion=signed))).status_code == status
    assert (await post(graph, TOKEN, form(client_secret="", client_assertion="no.token"))).status_code == 401


async def test_a_device_code_waits_until_somebody_signs_in() -> None:
    graph = Graph()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    code = (await post(graph, TOKEN.replace("/token", "/devicecode"), {"client_id": SETTINGS.client_id})).json()
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": SETTINGS.client_id,
        "device_code": code["device_code"],
    }
    assert (await post(graph, TOKEN, poll)).json()["error"] == "authorization_pending"
    graph.sign_in(code["user_code"], ann.id)
    answer = (await post(graph, TOKEN, poll)).json()
    assert set(claims(answer["access_token"])["scp"].split()) == SETTINGS.permissions
    assert (await Visit(graph, answer["access_token"]).get("users")).status_code == 200
    assert (await post(graph, TOKEN, poll)).json()["error"] == "bad_verification_code"


async def test_a_device_code_can_be_declined() -> None:
    graph = Graph()
    code = (await post(graph, TOKEN.replace("/token", "/devicecode"), {"client_id": SETTINGS.client_id})).json()
    graph.sign_in(code["user_code"], None)
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code["device_code"]}
    answer = await post(graph, TOKEN, poll | {"client_id": SETTINGS.client_id})
    assert answer.json()["error"] == "authorization_declined"


async def test_a_managed_identity_gets_a_token_from_the_metadata_service() -> None:
    graph = Graph()
    url = f"{HOST}/metadata/identity/oauth2/token?" + urlencode({"resource": "https://graph.microsoft.com"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(graph.app)) as client:
        assert (await client.get(url)).status_code == 400
        answer = (await client.get(url, headers={"Metadata": "true"})).json()
    assert (await Visit(graph, answer["access_token"]).get("users")).status_code == 200


async def test_a_token_ends_with_its_time_and_when_it_is_revoked() -> None:
    clock = Clock()
    graph = Graph(Tenant(clock=clock))
    visit = Visit(graph)
    clock.now += 3600
    late = await visit.get("users")
    assert (late.status_code, late.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    visit.token = graph.issue_token()
    assert (await visit.get("users")).status_code == 200
    graph.revoke_token(visit.token)
    challenged = await visit.get("users")
    assert challenged.status_code == 401
    assert 'error="insufficient_claims", claims="' in challenged.headers["www-authenticate"]


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_no_token_and_a_foreign_one_are_refused(token: str) -> None:
    visit = Visit(Graph())
    visit.token = token
    answer = await visit.get("users")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


async def test_a_graph_for_experiments_lets_everybody_in() -> None:
    visit = Visit(Graph(settings=Settings(anonymous=True)))
    visit.token = ""
    assert (await visit.get("users")).status_code == 200


async def test_an_error_carries_the_ids_by_which_support_finds_it() -> None:
    answer = await Visit(Graph()).get("users/nobody", {"client-request-id": "mine"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "Request_ResourceNotFound")
    assert error["innerError"]["client-request-id"] == answer.headers["client-request-id"] == "mine"
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert set(error["innerError"]) == {"date", "request-id", "client-request-id"}


@pytest.mark.parametrize(
    ("permissions", "path", "status"),
    [
        (set(), "users", 403),
        ({"Group.Read.All"}, "users", 403),
        ({"User.Read.All"}, "users", 200),
        ({"User.ReadWrite.All"}, "users/delta", 200),
        ({"Directory.Read.All"}, "groups/delta", 200),
        ({"GroupMember.Read.All"}, "groups", 200),
        ({"User.Read.All"}, "groups", 403),
        ({"User.Read.All"}, "servicePrincipals", 403),
        ({"User.Read.All"}, "directory/deletedItems/microsoft.graph.user", 200),
        ({"User.Read.All"}, "directory/deletedItems/microsoft.graph.group", 403),
        (set(), "organization", 403),
        ({"User.Read.All"}, "domains", 403),
    ],
)
async def test_each_resource_wants_a_permission(permissions: set[str], path: str, status: int) -> None:
    graph = Graph()
    answer = await Visit(graph, graph.issue_token(frozenset(permissions))).get(path)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "Authorization_RequestDenied"
        assert answer.json()["error"]["message"] == "Insufficient privileges to complete the operation."


async def test_the_reports_name_the_permission_that_is_missing() -> None:
    graph = Graph()
    answer = await Visit(graph, graph.issue_token(frozenset())).get("auditLogs/provisioning")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Authentication_MSGraphPermissionMissing")
    assert "AuditLog.Read.All" in answer.json()["error"]["message"]


async def test_consent_shows_in_tokens_that_are_issued_after_it() -> None:
    graph = Graph(settings=Settings(permissions=frozenset()))
    visit = Visit(graph)
    graph.settings = replace(graph.settings, permissions=frozenset({"User.Read.All"}))
    assert (await visit.get("users")).status_code == 403
    visit.token = graph.issue_token()
    assert (await visit.get("users")).status_code == 200


async def test_members_that_may_not_be_read_come_with_type_and_id_only() -> None:
    graph = Graph()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    group = graph.tenant.new_group("All", [ann.id])
    visit = Visit(graph, graph.issue_token(frozenset({"GroupMember.Read.All"})))
    (member,) = await visit.value(f"groups/{group.id}/members?$select=id,displayName,{quote('mail')}")
    assert member == {"@odata.type": "#microsoft.graph.user", "id": ann.id, "displayName": None, "mail": None}


async def test_what_is_nowhere_is_refused_and_counted() -> None:
    graph = Graph()
    answer = await Visit(graph).get("nothing/here")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert graph.requests["GET", "(none)"] == 1
    assert (await Visit(graph).get("https://graph.example/beta/users")).status_code == 400
