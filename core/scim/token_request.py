"""What a client asks of the token endpoint, and the errors that RFC 6749 §5.2 has for it.

The secret may stand in the form (`client_secret_post`) or in the Authorization header (`client_secret_basic`), where
RFC 6749 §2.3.1 wants id and secret form-encoded before they are joined. Other parameters are ignored (§3.2).
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

from core.scim.presented import LONGEST, basic

LARGEST = 16 * 1024
"""Bytes of a form at most."""
FORM = "application/x-www-form-urlencoded"

Code = Literal["invalid_request", "invalid_client", "unsupported_grant_type"]


class TokenError(Exception):
    """A refusal: its code, for the client, and a description, for the admin."""

    def __init__(self, code: Code, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A client that says who it is."""

    client_id: str
    secret: str


def token_request(content_type: str, authorization: str, body: bytes) -> TokenRequest:
    """Read the request for a token.

    :raises TokenError: where it is none, or says nothing of the client.
    """
    form = _form(content_type, body)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise TokenError("invalid_request", "grant_type is missing: send grant_type=client_credentials")
    if grant_type != "client_credentials":
        raise TokenError("unsupported_grant_type", "only grant_type=client_credentials is served")
    return _client(form, authorization)


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise TokenError("invalid_request", f"the body is no form: send it as Content-Type: {FORM}")
    if len(body) > LARGEST:
        raise TokenError("invalid_request", f"the form is larger than {LARGEST} bytes")
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=64)
    except ValueError:
        raise TokenError("invalid_request", "the form cannot be read: encode it in UTF-8") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenError("invalid_request", "a parameter of the form is given twice: send each once")
    return form


def _client(form: dict[str, str], authorization: str) -> TokenRequest:
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not authorization:
        if client_id and secret:
            return TokenRequest(client_id, secret)
        raise TokenError("invalid_client", "client_id or client_secret is missing: send both, in the form or by Basic")
    if secret:
        raise TokenError("invalid_request", "the secret is sent twice: in the form or by Basic, not both")
    return _by_basic(authorization, client_id)


def _by_basic(authorization: str, client_id: str) -> TokenRequest:
    scheme, _, credentials = authorization.partition(" ")
    found = basic(credentials.strip()) if scheme.lower() == "basic" and len(authorization) <= LONGEST else None
    if found is None:
        raise TokenError("invalid_client", "the Authorization header holds no client id and secret for Basic")
    if client_id and client_id != unquote_plus(found.user):
        raise TokenError("invalid_request", "the client ids of the form and the Authorization header differ: send one")
    return TokenRequest(unquote_plus(found.user), unquote_plus(found.password))
