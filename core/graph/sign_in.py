"""From `[provider.graph]` to a credential of azure-identity, and what the token that it gives may do.

Tenant and cloud choose the authority, Graph's host and the scope together: a token of one cloud is worth nothing in
another (Microsoft Graph, "National cloud deployments").
"""

import base64
import binascii
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import orjson

from core.config.graph_settings import Cloud, GraphSettings
from core.graph.errors import GraphError, Unreachable
from core.graph.refusals import refused
from core.targets.error_text import one_line

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

_RETRIES = 1
"""Of azure-identity by itself: it waits without a word, and a pull is tried again by the engine."""
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 30
"""How long an authority has; azure-identity by itself waits for minutes."""
_LONGEST_TEXT = 200
_OBJECT = re.compile(r"<?\w+Connection(Pool)?\([^)]*\)[^:]{0,40}: ")
"""How the library below names what it failed with; nobody else needs that."""

Transport = Any
"""Of azure-core: what a credential sends with."""
Prompt = Callable[[str, str], None]
"""Shows an address to open and a code to enter there."""


def base_url(settings: GraphSettings) -> str:
    """Where Graph is, with the version."""
    return f"{settings.base_url or _HOSTS[settings.cloud]}/{VERSION}"


def scope(settings: GraphSettings) -> str:
    """What a token is asked for."""
    return f"{_HOSTS[settings.cloud]}/.default"


def credential(settings: GraphSettings, prompt: Prompt | None = None, transport: Transport = None) -> Any:
    """The credential that the settings name; with a `prompt`, a sign-in by device code in its place. `transport` is
    what azure-identity sends with; none is its own, and speaks TLS only.

    :raises GraphError: when they name none, or it cannot be used.
    :raises SecretError: when a secret cannot be had.
    """
    if settings.token is not None and prompt is None:
        return _Static(settings.token.resolve())
    from azure import identity

    # What it writes there it raises as well, and that is told once.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    limits: dict[str, Any] = {
        "connection_timeout": _CONNECT_SECONDS,
        "read_timeout": _ANSWER_SECONDS,
        "retry_total": _RETRIES,
    }
    sending = limits if transport is None else limits | {"transport": transport}
    tenant, client = settings.tenant, settings.client_id
    common = {"authority": _AUTHORITIES[settings.cloud], **sending}
    if prompt is not None:
        return identity.DeviceCodeCredential(
            client, tenant_id=tenant, prompt_callback=lambda address, code, expires: prompt(address, code), **common
        )
    if settings.credential is not None:
        return identity.ClientSecretCredential(tenant, client, settings.credential.resolve(), **common)
    if settings.certificate is not None:
        return _certificate(settings, common)
    if settings.managed_identity:
        return identity.ManagedIdentityCredential(client_id=client or None, **sending)
    if settings.workload_identity is not None:
        token = str(settings.workload_identity)
        return identity.WorkloadIdentityCredential(tenant_id=tenant, client_id=client, token_file_path=token, **common)
    raise GraphError(
        "[provider.graph] names no credential.",
        "Give credential, certificate, managed_identity or workload_identity, or sign in with --device-code.",
    )


def token_of(signing: Any, settings: GraphSettings) -> str:
    """The access token that a credential gives; blocks, by device code until somebody has signed in.

    :raises SignInFailed: when it gives none, with the reason and what to do about it.
    :raises Unreachable: when Entra does not answer.
    """
    from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError

    try:
        # As the SDK asks: tokens of the other kind are kept apart, and somebody would have to sign in twice.
        return str(signing.get_token(scope(settings), enable_cae=True).token)
    except ClientAuthenticationError as error:
        raise sign_in_failed(error, settings) from None
    except ServiceRequestError as error:
        raise _no_answer(error, settings) from None
    except (AzureError, ValueError, OSError) as error:
        raise refused(str(error), settings) from None


def sign_in_failed(error: Any, settings: GraphSettings) -> GraphError:
    """What an authentication error of azure-identity amounts to; it wraps those of the network, too."""
    from azure.core.exceptions import ServiceRequestError

    if isinstance(error.__cause__, ServiceRequestError):
        return _no_answer(error.__cause__, settings)
    return refused(str(error.message), settings)


def _no_answer(error: Exception, settings: GraphSettings) -> Unreachable:
    host = "The metadata service of this machine" if settings.managed_identity else _AUTHORITIES[settings.cloud]
    remedy = "Look at this machine's network, name resolution and proxy (HTTPS_PROXY)."
    said = _OBJECT.sub("", one_line(str(error)))[:_LONGEST_TEXT].rstrip(".")
    return Unreachable(f"{host} does not answer: {said}.", remedy)


def permissions_in(token: str) -> list[str]:
    """The permissions that an access token carries, the app's or those of who signed in; none where it is not readable,
    and it is only looked at: whether it is genuine, Graph says."""
    try:
        payload = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return []
    if not isinstance(claims, dict):
        return []
    roles, delegated = claims.get("roles"), claims.get("scp")
    if isinstance(delegated, str):
        return delegated.split()
    return [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []


def _certificate(settings: GraphSettings, common: dict[str, Any]) -> Any:
    from azure.identity import CertificateCredential

    path, secret = settings.certificate, settings.certificate_password
    password = None if secret is None else secret.resolve()
    try:
        return CertificateCredential(
            settings.tenant, settings.client_id, certificate_path=str(path), password=password, **common
        )
    # An encrypted key without a password is a TypeError of the library below.
    except (OSError, ValueError, TypeError) as error:
        remedy = (
            "Put the certificate with its private key there, an RSA key, as PEM or PKCS #12; what protects the file "
            "goes into certificate_password."
        )
        raise GraphError(f"{path} cannot be used: {one_line(str(error)).rstrip('.')}.", remedy) from None


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
