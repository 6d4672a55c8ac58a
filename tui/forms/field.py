"""One field of a form: a key of the configuration, what it is called, what may stand in it, and its value as text.

A value is what TOML has; the text is what an admin reads and types. Whether a value is accepted says the configuration
(`tui.forms.checking`); here is only refused what cannot be a value of the field's kind at all.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.config.formats import NotAccepted
from core.config.problems import quoted

Path = tuple[str | int, ...]
"""Keys from the target's table down, `("users", "username", "match")`; in a list of tables a place, from 0."""
Value = str | int | bool | Sequence[str] | Mapping[str, "Value"] | Sequence[Mapping[str, "Value"]]
"""What TOML has for a key."""
Kind = Literal["choice", "flag", "text", "number", "texts", "limit"]
"""`texts` is a list of texts; `limit` is a count and a percentage, of which the smaller holds."""
ON, OFF = "on", "off"
_LIMIT = re.compile(r"\s*(?P<count>\d{1,9})\s*(?:,|or)\s*(?P<percent>\d{1,3})\s*%?\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    path: Path
    label: str
    help: str
    """One line."""
    kind: Kind
    default: Value | None = None
    """What holds where the key is not given; `None`: then there is none."""
    choices: tuple[str, ...] = ()
    """Of a choice, in the order in which they are gone through; of `texts`, what can be named."""
    more: str = ""
    """What else there is to know, a few sentences."""
    unset: str = "none"
    """What is shown where there is no value and no default."""
    may_be_empty: bool = False
    """An empty text is a value, and not the absence of one."""

    @property
    def key(self) -> str:
        """The key as an admin writes it."""
        return ".".join(part for part in self.path if isinstance(part, str))

    @property
    def is_typed(self) -> bool:
        """Whether its value is typed, and not chosen."""
        return self.kind not in ("choice", "flag")


def shown(field: Field, value: Value | None) -> str:
    """A value, or the default in its place, for the eye."""
    there = field.default if value is None else value
    if there is None:
        return field.unset
    text = text_of(field, there)
    return text or ("(empty)" if field.may_be_empty else field.unset)


def text_of(field: Field, value: Value | None) -> str:
    """A value as it is typed; one that is not of the field's kind as it stands in the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ON if value else OFF
    if field.kind == "limit" and isinstance(value, Mapping):
        limit = {**_limit_defaults(field), **value}
        return f"{limit.get('count', '')} or {limit.get('percent', '')}%"
    if field.kind == "texts" and isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_as_item(str(item)) for item in value)
    return str(value)


def value_of(field: Field, text: str) -> Value | None:
    """The value of a typed text; `None`: none is given, so that the default holds.

    :raises NotAccepted: when it cannot be a value of the field's kind.
    """
    if field.kind == "text":
        return text if text or field.may_be_empty else None
    if not text.strip():
        return () if field.kind == "texts" and field.default else None
    if field.kind == "texts":
        return _items(text)
    if field.kind == "number":
        return _number(text)
    if field.kind == "limit":
        return _limit(text)
    if field.kind == "flag":
        return text == ON
    return text


def _number(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        raise NotAccepted(f"{quoted(text)} is not a whole number", "Write digits alone, like 2")
    return int(digits)


def _limit(text: str) -> Mapping[str, Value]:
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise NotAccepted(f"{quoted(text)} is not a limit", "Write a number and a percentage, like 50 or 20%")
    return {"count": int(found["count"]), "percent": int(found["percent"])}


def _limit_defaults(field: Field) -> Mapping[str, Value]:
    return field.default if isinstance(field.default, Mapping) else {}


def _items(text: str) -> tuple[str, ...]:
    """Texts between commas; one with a comma in it stands in double quotes, as in a table of a spreadsheet."""
    try:
        (row,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise NotAccepted(
            "a double quote is left open", 'Put a text with a comma in quotes, like "Sales, EMEA"'
        ) from None
    return tuple(item.strip() for item in row if item.strip())


def _as_item(text: str) -> str:
    is_quoted = "," in text or '"' in text or text != text.strip() or not text
    return '"' + text.replace('"', '""') + '"' if is_quoted else text
