"""What of an exchange may be kept: secrets never, personal values as `[log] bodies` says.

Secrets (credentials in headers, passwords and tokens in bodies) are masked in every mode. `redacted` also masks the
personal values that an admin does not need to follow a user through the log; names and user names stay readable,
because they are what one searches for. `none` keeps no body at all.
"""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit

import orjson

Bodies = Literal["full", "redacted", "none"]

MASK = "•••"
KEPT_BODY = 256 * 1024
"""Bytes of a body that the log keeps; the rest is cut and said so."""

_SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "www-authenticate"}
)
_SECRET_KEYS = frozenset(
    {
        "password", "currentpassword", "newpassword", "secret", "token", "access_token", "refresh_token", "id_token",
        "client_secret", "client_assertion", "assertion", "subject_token", "apikey", "api_key", "authorization",
    }
)  # fmt: skip
_PERSONAL_KEYS = frozenset(
    {
        "phonenumbers",
        "addresses",
        "ims",
        "photos",
        "x509certificates",
        "birthday",
        "phonenumber",
        "mobile",
        "streetaddress",
    }
)
_MAIL_KEYS = frozenset({"emails", "email", "emailaddress", "mail"})


def redact_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers with lower-case names; credentials keep their scheme only (`Bearer •••`)."""
    return {name.lower(): _header(name.lower(), value) for name, value in headers}


def _header(name: str, value: str) -> str:
    if name not in _SECRET_HEADERS or name == "www-authenticate":
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {MASK}" if rest and name.endswith("authorization") else MASK


def redact_body(body: bytes, bodies: Bodies) -> bytes:
    """A body as the log keeps it. A body that is not JSON is kept only in mode `full`, and cut at `KEPT_BODY`."""
    if not body or bodies == "none":
        return b""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _not_json(body, bodies)
    return _cut(orjson.dumps(_redact(document, "", personal=bodies == "redacted")))


def redact_path(path: str) -> str:
    """A path and query; values of secret-sounding query parameters are masked."""
    parts = urlsplit(path)
    if not any(name.lower() in _SECRET_KEYS for name, _ in parse_qsl(parts.query)):
        return path
    pairs = (
        (name, MASK if name.lower() in _SECRET_KEYS else quote(value)) for name, value in parse_qsl(parts.query)
    )
    return parts.path + "?" + "&".join(f"{name}={value}" for name, value in pairs)


def _not_json(body: bytes, bodies: Bodies) -> bytes:
    if bodies == "full":
        return _cut(body)
    return f'[{len(body)} bytes, not JSON: kept only with bodies = "full"]'.encode()


def _cut(body: bytes) -> bytes:
    if len(body) <= KEPT_BODY:
        return body
    return body[:KEPT_BODY] + f" [cut: {len(body)} bytes in all]".encode()


def _redact(value: Any, key: str, *, personal: bool) -> Any:
    if key in _SECRET_KEYS:
        return MASK
    if isinstance(value, dict):
        return _redact_object(value, key, personal=personal)
    if isinstance(value, list):
        return [_redact(item, key, personal=personal) for item in value]
    if not personal or not isinstance(value, str):
        return value
    if key in _MAIL_KEYS:
        return _mask_mail(value)
    return MASK if key in _PERSONAL_KEYS else value


def _redact_object(document: dict[str, Any], key: str, *, personal: bool) -> dict[str, Any]:
    """An object's members take their own key; inside a personal attribute and in a PATCH operation, its attribute's."""
    if key in _PERSONAL_KEYS | _MAIL_KEYS:
        return {
            k: v if k in ("type", "primary") else _redact(v, key, personal=personal) for k, v in document.items()
        }
    path = document.get("path")
    if "op" in document and isinstance(path, str):
        attribute = _attribute_of(path)
        return {k: _redact(v, attribute if k == "value" else "", personal=personal) for k, v in document.items()}
    return {k: _redact(v, _attribute_of(k), personal=personal) for k, v in document.items()}


def _attribute_of(path: str) -> str:
    """The attribute a SCIM path leads to: `emails[type eq "work"].value` → `emails`."""
    last_urn_part = path.rsplit(":", 1)[-1] if path.lower().startswith("urn:") else path
    return last_urn_part.split("[", 1)[0].split(".", 1)[0].strip().lower()


def _mask_mail(value: str) -> str:
    _, at, domain = value.rpartition("@")
    return f"{MASK}@{domain}" if at else MASK
