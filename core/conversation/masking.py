"""SCIM bodies, paths and queries with personal values replaced, and with all that a server has to cope with kept.

Names of attributes, operations, filters' operators, types, truth values, null, empty texts, order and odd shapes
stay; so does the way in which a query is encoded. Ids of the store that a recording came from become placeholders.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from core.conversation.fakes import UUID, Fakes, replaced
from core.conversation.names import is_urn, keeps_value, last_name, urn_words
from core.redaction import MASK

_COMPARISON = re.compile(
    r'([\w$:.\-]+)(\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)("(?:[^"\\]|\\.)*"|[^\s"()\[\]]+)', re.IGNORECASE
)
_LOOSE = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|'[^']*'|[^\s\"'\[\]()]+@[^\s\"'\[\]()]+")
"""Values that belong to no comparison: texts in quotes, and addresses."""
_LITERAL = re.compile(r"true|false|null", re.IGNORECASE)
_ENDPOINTS = frozenset(
    ("users", "groups", "schemas", "resourcetypes", "serviceproviderconfig", "bulk", "me", ".search", "")
)
_KEPT_PARAMETERS = frozenset(("aadoptscim062020", "azureadscimpatch2017"))
_LONGEST_WORD = 64
_RAW = "\"()[]:,@=$.!'*;/"
"""Characters of a query that stay unencoded where the client left them so."""


class Masking:
    """Masks what belongs to one recording; `placeholders` are by id, in lower case."""

    def __init__(self, fakes: Fakes, placeholders: Mapping[str, str]) -> None:
        self._fakes = fakes
        self._placeholders = placeholders

    def body(self, value: Any, name: str = "") -> Any:
        """A JSON value that stands under a name."""
        if isinstance(value, dict):
            return self._object(value, name)
        if isinstance(value, list):
            return [self.body(each, name) for each in value]
        if isinstance(value, str):
            return self.text(value, name)
        if value is None or isinstance(value, bool) or keeps_value(name):
            return value
        return self._fakes.number(value)

    def text(self, text: str, name: str = "") -> str:
        """A text that stands under a name."""
        if name == "schemas":
            return self._urn(text)
        if name == "path":
            return self.target(text) if text.startswith("/") else self.path(text)
        if name == "filter":
            return self.filter(text)
        if (keeps_value(name) and _is_plain(text)) or (MASK in text and not text.strip(MASK)):
            return _plausible(text, name)
        inner = _json_in(text)
        if inner is not None:
            return json.dumps(self.body(inner), ensure_ascii=False, separators=_separators(text))
        return replaced(UUID, text, self._id, self._fakes.text)

    def path(self, path: str) -> str:
        """An attribute's path, or a key that is one."""
        return self.filter(self._urn(path) if is_urn(path) and "[" not in path else path)

    def filter(self, text: str) -> str:
        """A filter, or a path with one: what is compared with is replaced."""
        return replaced(_COMPARISON, text, self._comparison, self._loose)

    def target(self, target: str) -> str:
        """The path and query of a request, encoded as they were."""
        place, mark, query = target.partition("?")
        parts = [self._segment(part) for part in place.split("/")]
        return "/".join(parts) + mark + "&".join(self._parameter(pair) for pair in query.split("&"))

    def _object(self, document: dict[str, Any], name: str) -> dict[str, Any]:
        """Of a PATCH operation, the value is about what its path leads to."""
        lowered = {key.lower(): value for key, value in document.items()}
        path = lowered.get("path")
        about = last_name(path) if "op" in lowered and isinstance(path, str) else ""
        return {self._key(key): self.body(value, _about(key, about, name)) for key, value in document.items()}

    def _key(self, key: str) -> str:
        return self.path(key) if "[" in key or "@" in key or is_urn(key) else key

    def _urn(self, urn: str) -> str:
        for word in urn_words(urn):
            urn = urn.replace(word, self._fakes.text(word))
        return urn

    def _comparison(self, text: str) -> str:
        found = _COMPARISON.fullmatch(text)
        assert found is not None
        return found[1] + found[2] + self._compared(found[1], found[3])

    def _loose(self, text: str) -> str:
        """What lies between comparisons: where a filter is malformed, values may."""
        return _LOOSE.sub(lambda found: replaced(UUID, found[0], self._id, self._fakes.text), text)

    def _compared(self, attribute: str, value: str) -> str:
        name = last_name(attribute)
        if _LITERAL.fullmatch(value) or (keeps_value(name) and _is_plain(value)):
            return value
        if value.startswith('"'):
            return json.dumps(self.text(_unquoted(value), name), ensure_ascii=False)
        return self.text(value, name)

    def _segment(self, part: str) -> str:
        decoded = unquote(part)
        if decoded.lower() in _ENDPOINTS:
            return part
        masked = self.path(decoded) if is_urn(decoded) else replaced(UUID, decoded, self._id, self._fakes.text)
        return quote(masked, safe=":{}@")

    def _parameter(self, pair: str) -> str:
        name, equals, raw = pair.partition("=")
        decoded = unquote_plus(raw)
        known = unquote_plus(name).lower()
        if not raw or known in _KEPT_PARAMETERS or (keeps_value(known) and known != "cursor"):
            return pair
        masked = self.filter(decoded) if known == "filter" else self.text(decoded, known)
        safe = "{}" + "".join(character for character in _RAW if character in raw)
        encoded = quote(masked, safe=safe + " ")
        return name + equals + encoded.replace(" ", "+" if "+" in raw else "%20")

    def _id(self, ident: str) -> str:
        return self._placeholders.get(ident.lower()) or self._fakes.text(ident)


def _about(key: str, about: str, name: str) -> str:
    """What a member's value is about: its own key, of a `value` what has it."""
    if key.lower() != "value":
        return last_name(key) if key.lower() != "path" else "path"
    return about or name or "value"


def _plausible(text: str, name: str) -> str:
    """What the log has masked, as a value that such an attribute may have at all."""
    if MASK not in text:
        return text
    return {"x509certificates": "AAAA", "photos": "https://photos.example/0", "ref": "https://photos.example/0"}.get(
        name, text
    )


def _is_plain(text: str) -> bool:
    """Whether it can be a word of the protocol, as the value of `type` should be and need not."""
    return len(text) <= _LONGEST_WORD and "@" not in text


def _json_in(text: str) -> Any:
    """The object that a text holds as JSON, as Entra's roles do; `None` where it holds none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, dict) else None


def _separators(text: str) -> tuple[str, str]:
    return (", ", ": ") if '": ' in text else (",", ":")


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(value))
    except ValueError:
        return value[1:-1]
