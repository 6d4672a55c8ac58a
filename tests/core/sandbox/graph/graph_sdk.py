"""Pointing the real msgraph-sdk and azure-identity at the simulated Graph; both are large, so imported when needed.

The SDK is pointed by its adapter's `base_url`, and azure-identity, which speaks to TLS-protected authorities only, by a
transport that sends to the simulator whatever host it means.
"""

import base64
import hashlib
import re
import ssl
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import orjson

from core.sandbox.graph import Settings

SETTINGS = Settings()
SCOPE = "https://graph.microsoft.com/.default"
INSTALLED = find_spec("msgraph") is not None and find_spec("azure") is not None
MISSING = "msgraph-sdk and azure-identity are not installed"


def sent_to(url: str) -> Any:
    """What azure-identity sends with: to the simulator, whatever host it means."""
    from azure.core.pipeline.transport import RequestsTransport

    class ToSimulator(RequestsTransport):
        def send(self, request: Any, **options: Any) -> Any:
            parts = urlsplit(request.url)
            request.url = f"{url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            return super().send(request, **options)

    return ToSimulator()


def secret(url: str) -> Any:
    from azure.identity import ClientSecretCredential

    return ClientSecretCredential(
        SETTINGS.tenant_id, SETTINGS.client_id, SETTINGS.client_secret, transport=sent_to(url)
    )


def adapter(url: str, credential: Any = None) -> Any:
    from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
    from msgraph import GraphRequestAdapter

    provider = AzureIdentityAuthenticationProvider(
        credential or secret(url), scopes=[SCOPE], allowed_hosts=[urlsplit(url).hostname]
    )
    made = GraphRequestAdapter(provider)
    made.base_url = f"{url}/v1.0"
    return made


def client(url: str, credential: Any = None) -> Any:
    from msgraph import GraphServiceClient

    return GraphServiceClient(request_adapter=adapter(url, credential))


def raw() -> Any:
    """An option by which the SDK hands over the answer as it came."""
    from kiota_abstractions.native_response_handler import NativeResponseHandler
    from kiota_http.middleware.options import ResponseHandlerOption

    return ResponseHandlerOption(NativeResponseHandler())


def unsigned(claims: dict[str, Any]) -> str:
    """An assertion as a workload identity's token file holds one; the simulator looks at no signature."""
    parts = (orjson.dumps({"alg": "RS256"}), orjson.dumps(claims), b"signature")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def thumbprints(pem: bytes) -> frozenset[str]:
    """What a certificate may be called in an assertion: base64url of its SHA-1 and of its SHA-256."""
    der = ssl.PEM_cert_to_DER_cert(re.findall(r"-----BEGIN CERT.*?-----END CERTIFICATE-----", pem.decode(), re.S)[0])
    digests = hashlib.sha1(der).digest(), hashlib.sha256(der).digest()
    return frozenset(base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests)
