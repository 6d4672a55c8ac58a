"""The real azure-identity against the simulated authority: every kind of credential gets in."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from graph_sdk import INSTALLED, MISSING, SCOPE, SETTINGS, client, secret, sent_to, thumbprints, unsigned

from core.sandbox.graph import Graph

pytestmark = pytest.mark.skipif(not INSTALLED, reason=MISSING)


async def test_a_workload_identity_and_a_device_code_get_in(graph: Graph, url: str) -> None:
    from azure.identity import ClientAssertionCredential, DeviceCodeCredential

    ann, *_ = graph.tenant.users
    claims = {"iss": "https://kubernetes.example", "sub": "engine", "exp": 9_999_999_999}
    workload = ClientAssertionCredential(
        SETTINGS.tenant_id, SETTINGS.client_id, lambda: unsigned(claims), transport=sent_to(url)
    )
    assert len((await client(url, workload).users.get()).value) == 5

    def sign_in(address: str, code: str, _: object) -> None:
        assert address == "https://microsoft.com/devicelogin"
        graph.sign_in(code, ann)

    device = DeviceCodeCredential(
        SETTINGS.client_id, tenant_id=SETTINGS.tenant_id, prompt_callback=sign_in, transport=sent_to(url)
    )
    assert device.get_token(SCOPE).token
    assert len((await client(url, device).users.get()).value) == 5


async def test_a_certificate_gets_in_by_its_thumbprint(graph: Graph, url: str) -> None:
    import trustme
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import CertificateCredential

    def credential() -> Any:
        issued = (
            trustme.CA()
            .issue_cert("engine.example", key_type=trustme.KeyType.RSA)
            .private_key_and_cert_chain_pem.bytes()
        )
        return issued, CertificateCredential(
            SETTINGS.tenant_id, SETTINGS.client_id, certificate_data=issued, transport=sent_to(url)
        )

    registered, known = credential()
    graph.settings = replace(SETTINGS, certificate_thumbprints=thumbprints(registered))
    assert len((await client(url, known).users.get()).value) == 5
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        credential()[1].get_token(SCOPE)


async def test_a_managed_identity_gets_in(graph: Graph, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from azure.identity import ManagedIdentityCredential

    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", url)
    assert len((await client(url, ManagedIdentityCredential()).users.get()).value) == 5
    assert graph.requests["GET", "metadata/identity/oauth2/token"] == 1


async def test_a_credential_of_the_asynchronous_kind_gets_in(url: str) -> None:
    from azure.core.pipeline.transport import AioHttpTransport
    from azure.identity.aio import ClientSecretCredential

    class ToSimulator(AioHttpTransport):
        async def send(self, request: Any, **options: Any) -> Any:
            request.url = f"{url}{urlsplit(request.url).path}"
            return await super().send(request, **options)

    async with ClientSecretCredential(
        SETTINGS.tenant_id, SETTINGS.client_id, SETTINGS.client_secret, transport=ToSimulator()
    ) as credential:
        assert len((await client(url, credential).users.get()).value) == 5


async def test_a_revoked_token_is_renewed_by_the_challenge(graph: Graph, url: str) -> None:
    credential = secret(url)
    sdk = client(url, credential)
    assert len((await sdk.users.get()).value) == 5
    graph.revoke_token(credential.get_token(SCOPE).token)
    assert len((await sdk.users.get()).value) == 5
    assert graph.requests["POST", "oauth2/v2.0/token"] == 2


async def test_an_authority_without_tls_is_refused_by_azure_identity(url: str) -> None:
    from azure.identity import ClientSecretCredential

    with pytest.raises(ValueError, match="TLS protected"):
        ClientSecretCredential(SETTINGS.tenant_id, SETTINGS.client_id, "secret", authority=url)


async def test_a_wrong_secret_says_entras_number(url: str) -> None:
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import ClientSecretCredential

    wrong = ClientSecretCredential(SETTINGS.tenant_id, SETTINGS.client_id, "wrong", transport=sent_to(url))
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        wrong.get_token(SCOPE)
