"""From `[provider.graph]` to a credential of azure-identity, and what the token that it gives may do.

Tenant and cloud choose the authority, Graph's host and the scope together: a token of one cloud is worth nothing in
another (Microsoft Graph, "National cloud deployments").
"""

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

import orjson

from core.config.graph_settings import Cloud, GraphSettings
from core.graph.errors import GraphError

VERSION = "v1.0"
_HOSTS: dict[Cloud, str] = {
    "global": "https://graph.microsoft.com",
    "us": "https://graph.microsoft.us",
    "us-dod": "https://dod-graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}
_AUTHORITIES: dict[Cloud, str] = {
    "global": "login.microsoftonline.com",
    "us": "login.microsoftonline.us",
    "us-dod": "login.microsoftonline.us",
    "china": "login.chinacloudapi.cn",
}
_STATIC_SECONDS = 3600

Prompt = Callable[[str, str], None]
"""Shows an address to open and a code to enter there."""


def base_url(settings: GraphSettings) -> str:
    """Where Graph is, with the version."""
    return f"{settings.base_url or _HOSTS[settings.cloud]}/{VERSION}"


def scope(settings: GraphSettings) -> str:
    """What a token is asked for."""
    return f"{_HOSTS[settings.cloud]}/.default"


def credential(settings: GraphSettings, prompt: Prompt | None = None) -> Any:
    """The credential that the settings name; with a `prompt`, a sign-in by device code in its place.

    :raises GraphError: when they name none.
    :raises SecretError: when a secret cannot be had.
    """
    if prompt is not None:
        return _device_code(settings, prompt)
    if settings.token is not None:
        return _Static(settings.token.resolve())
    from azure import identity

    authority = {"authority": _AUTHORITIES[settings.cloud]}
    tenant, client = settings.tenant, settings.client_id
    if settings.credential is not None:
        return identity.ClientSecretCredential(tenant, client, settings.credential.resolve(), **authority)
    if settings.certificate is not None:
        return _certificate(settings, authority)
    if settings.managed_identity:
        return identity.ManagedIdentityCredential(client_id=client or None)
    if settings.workload_identity is not None:
        return identity.WorkloadIdentityCredential(
            tenant_id=tenant, client_id=client, token_file_path=str(settings.workload_identity), **authority
        )
    raise GraphError(
        "[provider.graph] names no credential.",
        "Give credential, certificate, managed_identity or workload_identity, or sign in with --device-code.",
    )


def permissions_in(token: str) -> list[str]:
    """The application permissions that an access token carries; none where it is not readable, and it is only looked
    at: whether it is genuine, Graph says."""
    try:
        payload = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return []
    roles = claims.get("roles") if isinstance(claims, dict) else None
    return [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []


def _certificate(settings: GraphSettings, authority: dict[str, str]) -> Any:
    from azure.identity import CertificateCredential

    try:
        return CertificateCredential(
            settings.tenant, settings.client_id, certificate_path=str(settings.certificate), **authority
        )
    except (OSError, ValueError) as error:
        remedy = "Put the certificate with its private key there, as PEM or PKCS #12."
        raise GraphError(f"{settings.certificate} cannot be used: {error}.", remedy) from None


def _device_code(settings: GraphSettings, prompt: Prompt) -> Any:
    from azure.identity import DeviceCodeCredential

    return DeviceCodeCredential(
        settings.client_id,
        tenant_id=settings.tenant,
        authority=_AUTHORITIES[settings.cloud],
        prompt_callback=lambda address, code, expires: prompt(address, code),
    )


class _Static:
    """A credential that has its token already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """The token, whatever it is asked for."""
        from azure.core.credentials import AccessToken

        return AccessToken(self._token, int(time.time()) + _STATIC_SECONDS)

    def close(self) -> None:
        """Nothing to close."""
