"""What of an exchange may be kept: secrets never, personal values as `[log] bodies` says.

Secrets (credentials in headers, passwords and tokens in bodies) are masked in every mode. `redacted` also masks the
personal values that an admin does not need to follow a user through the log; names and user names stay readable,
because they are what one searches for. `none` keeps no body at all.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote, unquote_plus

import orjson

Bodies = Literal["full", "redacted", "none"]

MASK = "•••"
KEPT_BODY = 256 * 1024
"""Bytes of a body that the log keeps; the rest is cut and said so."""
DEEPEST = 64
"""Levels of a JSON document that the log keeps; what lies deeper is masked. No provider nests as deep."""

_SECRET_HEADERS = frozenset(
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token",
        "x-access-token", "x-amz-security-token",
    }
)  # fmt: skip
_LOCATION = "location"
_JUDGED_HEADERS = _SECRET_HEADERS | {_LOCATION}
_SCHEMES = frozenset({"bearer", "basic", "digest", "dpop", "negotiate", "ntlm"})
"""What may stand before a credential; where anything else does, it may be the credential."""
_SECRET_KEYS = frozenset(
    {
        "password", "currentpassword", "newpassword", "passwordconfirm", "secret", "token", "access_token",
        "refresh_token", "id_token", "client_secret", "client_assertion", "assertion", "subject_token", "apikey",
        "api_key", "authorization",
    }
)  # fmt: skip
_SECRET_KEYS_HOLD = [key for key in _SECRET_KEYS if sum(part in key for part in _SECRET_KEYS) == 1]
"""Each of those keys has one of these in it, so a text without any has no such key."""
_SECRET_PARTS = ("password", "passwd", "secret")
"""What a key holds that nobody foresaw and that is one all the same."""
_PERSONAL_KEYS = frozenset(
    {
        "phonenumbers", "addresses", "ims", "photos", "x509certificates", "birthday", "phonenumber", "mobile",
        "mobilephone", "businessphones", "streetaddress",
    }
)  # fmt: skip
_MAIL_KEYS = frozenset({"emails", "email", "emailaddress", "mail", "othermails", "proxyaddresses"})
_FILTER = "filter"
_PERSONAL_ATTRIBUTES = {
    name: name.lower() for name in ("emails", "phoneNumbers", "addresses", "ims", "photos", "x509Certificates")
}
"""Those of a SCIM user that are personal (RFC 7643 section 4.1.2), as they are spelt in the store, and their keys."""
_SENSITIVE = _SECRET_KEYS | _PERSONAL_KEYS | _MAIL_KEYS | {_FILTER}
_PLAIN_INSIDE = frozenset(("type", "primary"))
_SECRET_COMPARED = re.compile(
    rf"\b({'|'.join(sorted(_SECRET_KEYS, key=len, reverse=True))})(\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s*)"
    r"""("(?:[^"\\]|\\.)*(?:"|\\?\Z)|[^\s"()\[\]]+)""",
    re.IGNORECASE | re.DOTALL,
)
_OP = frozenset(("op", "Op", "OP", "oP"))
_SHORT = 96
"""Characters of a key that is remembered: a schema's URN and an attribute."""


def redact_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers with lower-case names; credentials keep their scheme only (`Bearer •••`), repeated ones are joined."""
    kept: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        shown = _header(key, value) if key in _JUDGED_HEADERS else value
        kept[key] = f"{kept[key]}, {shown}" if key in kept else shown
    return kept


def _header(name: str, value: str) -> str:
    if name == _LOCATION:
        return redact_path(value)
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {MASK}" if rest and scheme.lower() in _SCHEMES and name.endswith("authorization") else MASK


def redact_body(body: bytes, bodies: Bodies) -> bytes:
    """A body as the log keeps it. A body that is not JSON is kept only in mode `full`, and cut at `KEPT_BODY`."""
    if not body or bodies == "none":
        return b""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _not_json(body, bodies)
    return redact_document(document, bodies)


def redact_document(document: Any, bodies: Bodies) -> bytes:
    """The same for a body that was read already."""
    return b"" if bodies == "none" else _cut(orjson.dumps(_redact(document, "", bodies == "redacted", 0)))


def redact_stored(document: Any, bodies: Bodies) -> bytes:
    """The same for stored SCIM resources, one or a list of them: only what is personal at their top can be in them."""
    if bodies == "redacted":
        for resource in document.get("Resources", (document,)):
            for name, key in _PERSONAL_ATTRIBUTES.items():
                if name in resource:
                    resource[name] = _redact(resource[name], key, True, 1)
    return b"" if bodies == "none" else _cut(orjson.dumps(document))


def redact_path(path: str) -> str:
    """A path and query; values of secret query parameters are masked, everything else stays as it was sent."""
    place, mark, query = path.partition("?")
    if not query or not _may_tell(unquote_plus(query)):
        return path
    return place + mark + "&".join(_pair(pair) for pair in query.split("&"))


def redact_filter(text: str) -> str:
    """A SCIM filter without what a secret is compared with: `password eq •••`."""
    return _SECRET_COMPARED.sub(rf"\1\2{MASK}", text) if _may_tell(text) else text


def _may_tell(text: str) -> bool:
    """Whether a secret's key may be in a text; where it is not ASCII, such as with a long s, only the pattern knows."""
    lower = text.lower()
    return not text.isascii() or any(part in lower for part in _SECRET_KEYS_HOLD)


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    key = unquote_plus(name).lower() if equals else ""
    if key in _SECRET_KEYS:
        return f"{name}={MASK}"
    if key != _FILTER or (shown := redact_filter(sent := unquote_plus(value))) == sent:
        return pair
    return f"{name}={quote(shown).replace(quote(MASK), MASK)}"


def _not_json(body: bytes, bodies: Bodies) -> bytes:
    if bodies == "full":
        return _cut(body)
    return f'[{len(body)} bytes, not JSON: kept only with bodies = "full"]'.encode()


def _cut(body: bytes) -> bytes:
    if len(body) <= KEPT_BODY:
        return body
    return body[:KEPT_BODY] + f" [cut: {len(body)} bytes in all]".encode()


def _redact(value: Any, key: str, personal: bool, depth: int) -> Any:
    if key in _SECRET_KEYS or depth > DEEPEST:
        return MASK
    if isinstance(value, dict):
        return _redact_object(value, key, personal, depth + 1)
    if isinstance(value, list):
        return [_redact(item, key, personal, depth + 1) for item in value]
    if key == _FILTER and isinstance(value, str):
        return redact_filter(value)
    if not personal or value is None or isinstance(value, bool):
        return value
    if key in _MAIL_KEYS:
        return _mask_mail(str(value))
    return MASK if key in _PERSONAL_KEYS else value


def _redact_object(document: dict[str, Any], key: str, personal: bool, depth: int) -> dict[str, Any]:
    """Members take their own key; inside a personal attribute that one, in a PATCH operation its path's attribute."""
    if key in _PERSONAL_KEYS or key in _MAIL_KEYS:
        return {
            k: v if k in _PLAIN_INSIDE else _redact(v, _secret_or(key, k), personal, depth) for k, v in document.items()
        }
    patched = "" if _OP.isdisjoint(document) else _patched(document)
    redacted = {}
    for k, v in document.items():
        attribute = patched if patched and k.lower() == "value" else _known(k)
        # Nearly all members: nothing in them to be hidden.
        is_plain = attribute not in _SENSITIVE and depth <= DEEPEST and not isinstance(v, dict | list)
        redacted[k] = v if is_plain else _redact(v, attribute, personal, depth)
    return redacted


def _secret_or(attribute: str, key: str) -> str:
    lower = key.lower()
    return lower if lower in _SECRET_KEYS else attribute


def _patched(document: dict[str, Any]) -> str:
    """The attribute that a SCIM PATCH operation changes; empty where it has no path.

    Names are compared without case, as SCIM wants it (RFC 7643 section 2.1): `Path` hides a password as well.
    """
    path = next((v for k, v in document.items() if len(k) == 4 and k.lower() == "path"), None)
    return _attribute_of(path) if isinstance(path, str) else ""


def _known(key: str) -> str:
    """The attribute that a key means; short keys, which are nearly all, are worked out once."""
    return _remembered(key) if len(key) <= _SHORT else _judged(key)


def _judged(key: str) -> str:
    """The attribute that a key means; one whose name tells of a secret, such as `initialPassword`, is one."""
    attribute = _attribute_of(key)
    return "secret" if any(part in attribute for part in _SECRET_PARTS) else attribute


def _attribute_of(path: str) -> str:
    """The attribute a SCIM path leads to, in lower case: `emails[type eq "work"].value` → `emails`."""
    unfiltered = path.split("[", 1)[0]
    name = unfiltered.rsplit(":", 1)[-1] if unfiltered.lower().startswith("urn:") else unfiltered
    return name.split(".", 1)[0].strip().lower()


_remembered = lru_cache(maxsize=2048)(_judged)


def _mask_mail(value: str) -> str:
    _, at, domain = value.rpartition("@")
    return f"{MASK}@{domain}" if at else MASK
