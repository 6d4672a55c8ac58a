"""An exchange as a curl command, to send it again by hand. The token is never in it: the shell fills in `$TOKEN`."""

import re
from dataclasses import dataclass
from shlex import quote

from core.config.settings import Settings
from core.exchange import Exchange
from core.redaction import MASK

_PLACEHOLDER = re.compile(rb"\[\d+ bytes, not JSON: kept only .*\]")
_CUT = re.compile(rb" \[cut: \d+ bytes in all\]$")
_GLOBBED = frozenset("[]{}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where an exchange's path was appended to, and who asked."""

    url: str
    user: str | None = None
    """Who authenticates with HTTP Basic; `None` where a bearer token does."""


def address_of(exchange: Exchange, settings: Settings) -> Address | None:
    """Where the exchange's party is reached; `None` where the configuration no longer has that party."""
    if exchange.direction == "in":
        known = any(provider.name == exchange.party for provider in settings.providers)
        return Address(settings.listener.scim_base_url(exchange.party)) if known else None
    targets = (target for target in settings.targets if target.name == exchange.party)
    return next((Address(target.url, target.username) for target in targets), None)


def curl(exchange: Exchange, address: Address) -> str:
    """One line for a POSIX shell (bash or zsh where a text holds control characters)."""
    url = address.url.rstrip("/") + exchange.path
    parts = ["curl", *_method(exchange), *(["--globoff"] if _GLOBBED & set(url) else []), _quoted(url)]
    if address.user is None:
        parts += ["-H", '"Authorization: Bearer $TOKEN"']
    else:
        parts += ["-u", f'{_quoted(address.user)}:"$TOKEN"']
    if exchange.request_body and not _PLACEHOLDER.fullmatch(exchange.request_body):
        kind = exchange.request_headers.get("content-type", "application/json")
        body = exchange.request_body.decode("utf-8", "replace")
        parts += ["-H", _quoted(f"Content-Type: {kind}"), "--data-raw", _quoted(body)]
    return " ".join(parts)


def lacks_body(exchange: Exchange) -> bool:
    """Whether the log has not the whole body that was sent."""
    return _is_not_kept(exchange) or bool(_CUT.search(exchange.request_body))


def missing(exchange: Exchange) -> str:
    """What the command lacks of the original because the log never had it; empty where it is whole."""
    body = exchange.request_body
    if _is_not_kept(exchange):
        return "the log did not keep its body"
    if _CUT.search(body):
        return "the log cut its body off"
    return f"values shown as {MASK} were masked" if MASK.encode() in body or MASK in exchange.path else ""


def _is_not_kept(exchange: Exchange) -> bool:
    if exchange.request_body:
        return bool(_PLACEHOLDER.fullmatch(exchange.request_body))
    return exchange.request_headers.get("content-length", "0") != "0"


def _method(exchange: Exchange) -> list[str]:
    if exchange.method == "HEAD":
        return ["--head"]
    plain = exchange.method == "GET" and not exchange.request_body
    return [] if plain else ["-X", _quoted(exchange.method)]


def _quoted(text: str) -> str:
    """One shell word. Control characters are escaped, since a terminal might obey them when the command is pasted."""
    if text.isprintable():
        return quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}" if code > 0x7F else f"\\x{code:02x}"
