"""The authority that gives tokens: client secret, certificate, workload identity, device code, managed identity.

Sources: Microsoft identity platform, OAuth 2.0 client credentials and device authorization grant flows; Azure Instance
Metadata Service, access tokens. Signatures of assertions are not checked: that a client signs is its library's affair.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

import orjson

from core.sandbox.graph.call import Reply
from core.sandbox.graph.oauth_errors import OAuthRefusal
from core.sandbox.graph.settings import GRAPH_HOSTS, LOGIN_HOSTS
from core.sandbox.graph.state import State
from core.sandbox.graph.tokens import base64url

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_DEVICE_SECONDS = 900
_OPENID_SCOPES = frozenset({"openid", "profile", "offline_access"})
_DEVICE_LOGIN = "https://microsoft.com/devicelogin"


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that somebody was asked for on another device."""

    user_code: str
    expires: float
    user_id: str | None = None
    """Who signed in; None while nobody did."""
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came."""

    method: str
    base: str
    """Scheme and host that the client called."""
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """A request to the authority."""

    state: State
    base: str
    """Scheme and host that the client called."""
    tenant: str
    form: Mapping[str, str]


def answer(state: State, sent: Sent) -> Reply | None:
    """Answer a request that is not for Graph; None where the authority has nothing under the path."""
    if sent.path == "/metadata/identity/oauth2/token" and sent.method == "GET":
        return _managed_identity(state, dict(parse_qsl(sent.query)), sent.headers)
    if sent.path == "/common/discovery/instance" and sent.method == "GET":
        return _instance(state)
    tenant, _, rest = sent.path.strip("/").partition("/")
    form = dict(parse_qsl(sent.content.decode("utf-8", "replace")))
    asking = Asking(state, sent.base, tenant, form)
    routes = {
        ("POST", "oauth2/v2.0/token"): _token,
        ("POST", "oauth2/v2.0/devicecode"): _device_code,
        ("GET", "v2.0/.well-known/openid-configuration"): _configuration,
    }
    handler = routes.get((sent.method, rest))
    if handler is None:
        return None
    state.requests[sent.method, rest] += 1
    try:
        _check_tenant(asking)
        return handler(asking)
    except OAuthRefusal as refusal:
        return Reply(refusal.document(state.tenant.now()), refusal.status)


def approve(state: State, user_code: str, user_id: str | None) -> None:
    """Let somebody enter a device code and sign in, or decline.

    :raises KeyError: when there is no such code.
    """
    key = next((key for key, code in state.device_codes.items() if code.user_code == user_code), user_code)
    state.device_codes[key] = replace(state.device_codes[key], user_id=user_id, declined=user_id is None)


def _check_tenant(asking: Asking) -> None:
    settings = asking.state.settings
    if asking.tenant.lower() not in (settings.tenant_id.lower(), asking.state.tenant.domain.lower()):
        raise OAuthRefusal(
            400, "invalid_request", 90002, f"Tenant '{asking.tenant}' not found. Check to make sure you have the "
            "correct tenant ID and are signing into the correct cloud."
        )  # fmt: skip


def _token(asking: Asking) -> Reply:
    _check_client(asking)
    kind = asking.form.get("grant_type")
    if kind == "client_credentials":
        _check_scope(asking)
        _check_secret(asking)
        return _issued(asking, None)
    if kind == DEVICE_GRANT:
        return _issued(asking, _signed_in(asking))
    raise OAuthRefusal(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{kind}'.")


def _check_client(asking: Asking) -> None:
    given = asking.form.get("client_id", "")
    if given.lower() != asking.state.settings.client_id.lower():
        raise OAuthRefusal(
            400, "unauthorized_client", 700016, f"Application with identifier '{given}' was not found in the "
            f"directory '{asking.state.settings.organisation}'."
        )  # fmt: skip


def _check_scope(asking: Asking) -> None:
    """Only `…/.default` of this cloud's Graph, or of the address under which this one is called."""
    host = GRAPH_HOSTS[asking.state.settings.cloud]
    asked = set(asking.form.get("scope", "").split()) - _OPENID_SCOPES
    if asked and asked <= {f"{host}/.default", f"{asking.base}/.default"}:
        return
    named = " ".join(sorted(asked))
    if any(not scope.endswith("/.default") for scope in asked) or not asked:
        raise OAuthRefusal(400, "invalid_scope", 1002012, f"The provided value for scope {named} is not valid.")
    raise OAuthRefusal(400, "invalid_resource", 500011, f"The resource principal named {named} was not found.")


def _check_secret(asking: Asking) -> None:
    if "client_assertion" in asking.form:
        _check_assertion(asking)
    elif "client_secret" not in asking.form:
        needed = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise OAuthRefusal(401, "invalid_client", 7000218, needed)
    elif asking.form["client_secret"] != asking.state.settings.client_secret:
        raise OAuthRefusal(401, "invalid_client", 7000215, "Invalid client secret provided.")


def _check_assertion(asking: Asking) -> None:
    """A certificate signs for the client itself; any other issuer is a workload identity that the client trusts."""
    settings = asking.state.settings
    try:
        header, payload = (_decoded(part) for part in asking.form["client_assertion"].split(".")[:2])
        expires = float(str(payload["exp"]))
    except (ValueError, KeyError, binascii.Error) as error:
        raise OAuthRefusal(401, "invalid_client", 50027, "JWT token is invalid or malformed.") from error
    if expires <= asking.state.tenant.clock():
        raise OAuthRefusal(401, "invalid_client", 700024, "Client assertion is not within its valid time range.")
    if payload.get("iss") == settings.client_id:
        thumbprint = str(header.get("x5t#S256") or header.get("x5t")).rstrip("=")
        if settings.certificate_thumbprints and thumbprint not in settings.certificate_thumbprints:
            raise OAuthRefusal(401, "invalid_client", 700027, "The certificate with identifier used to sign the "
                               "client assertion is not registered on application.")  # fmt: skip
    elif settings.federated_subjects and payload.get("sub") not in settings.federated_subjects:
        message = f"No matching federated identity record found for presented assertion subject '{payload.get('sub')}'."
        raise OAuthRefusal(401, "invalid_client", 70021, message)


def _decoded(part: str) -> dict[str, object]:
    document = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return document if isinstance(document, dict) else {}


def _device_code(asking: Asking) -> Reply:
    _check_client(asking)
    code = secrets.token_urlsafe(64)
    user_code = secrets.token_hex(5).upper()[:9]
    asking.state.device_codes[code] = DeviceCode(user_code, asking.state.tenant.clock() + _DEVICE_SECONDS)
    message = f"To sign in, use a web browser to open the page {_DEVICE_LOGIN} and enter the code {user_code}."
    return Reply({
        "user_code": user_code, "device_code": code, "verification_uri": _DEVICE_LOGIN, "expires_in": _DEVICE_SECONDS,
        "interval": 1, "message": message,
    })  # fmt: skip


def _signed_in(asking: Asking) -> str:
    """Who signed in with the device code that the client polls for."""
    code = asking.state.device_codes.get(asking.form.get("device_code", ""))
    if code is None:
        raise OAuthRefusal(400, "bad_verification_code", 70019, "Verification code is not valid.")
    if code.declined:
        raise OAuthRefusal(400, "authorization_declined", 70020, "The end user denied the authorization request.")
    if code.expires <= asking.state.tenant.clock():
        raise OAuthRefusal(400, "expired_token", 70020, "The device code expired.")
    if code.user_id is None:
        pending = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
        raise OAuthRefusal(400, "authorization_pending", 70016, pending)
    del asking.state.device_codes[asking.form["device_code"]]
    return code.user_id


def _issued(asking: Asking, user: str | None) -> Reply:
    state = asking.state
    seconds = state.settings.token_seconds
    issued = {
        "token_type": "Bearer",
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": state.tokens.issue(state.settings, user=user),
    }
    return Reply(issued | (_identity(state, user) if user else {}))


def _identity(state: State, user: str) -> dict[str, object]:
    """What comes along when a person signed in."""
    settings, now = state.settings, int(state.tenant.clock())
    claims = {
        "aud": settings.client_id,
        "iss": f"{LOGIN_HOSTS[settings.cloud]}/{settings.tenant_id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + settings.token_seconds,
        "oid": user,
        "sub": user,
        "tid": settings.tenant_id,
        "preferred_username": state.tenant.users[user].user_principal_name,
    }
    client_info = base64url(orjson.dumps({"uid": user, "utid": settings.tenant_id}))
    scope = f"{GRAPH_HOSTS[settings.cloud]}/.default openid profile"
    return {"id_token": state.tokens.signed(claims), "client_info": client_info, "scope": scope}


def _managed_identity(state: State, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
    """The metadata service of an Azure machine, which has an identity of its own."""
    state.requests["GET", "metadata/identity/oauth2/token"] += 1
    if headers.get("metadata", "").lower() != "true":
        return Reply({"error": "invalid_request", "error_description": "Required metadata header not specified"}, 400)
    issued = state.tokens.issue(state.settings)
    seconds = state.settings.token_seconds
    return Reply({
        "access_token": issued, "client_id": state.settings.client_id, "expires_in": str(seconds),
        "expires_on": str(int(state.tenant.clock()) + seconds), "ext_expires_in": str(seconds),
        "not_before": str(int(state.tenant.clock())), "resource": query.get("resource", ""), "token_type": "Bearer",
    })  # fmt: skip


def _configuration(asking: Asking) -> Reply:
    """Where things are: at the authority of the cloud, whatever the client called."""
    address = f"{LOGIN_HOSTS[asking.state.settings.cloud]}/{asking.tenant}"
    return Reply(
        {
            "token_endpoint": f"{address}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{address}/oauth2/v2.0/devicecode",
            "authorization_endpoint": f"{address}/oauth2/v2.0/authorize",
            "issuer": f"{address}/v2.0",
        }
    )


def _instance(state: State) -> Reply:
    """Which hosts are the same authority; client libraries ask once."""
    host = LOGIN_HOSTS[state.settings.cloud].removeprefix("https://")
    same = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
    discovery = f"https://{host}/{state.settings.tenant_id}/v2.0/.well-known/openid-configuration"
    return Reply({"tenant_discovery_endpoint": discovery, "api-version": "1.1", "metadata": [same]})
