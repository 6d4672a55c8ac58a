"""The fields of the filter language: one line each, with its help, an example, and how its value is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from core.exchange import NO_FAILURE
from core.filtering.conditions import AllOf, AnyOf, Condition, Contains, Is, Missing, Not, Said, Within

SLOW = 1_000_000
"""Microseconds above which an exchange counts as slow."""
_LARGEST = 2**62
"""What a 64-bit column still compares with, whatever is added."""
_NUMBER = re.compile(r"(?P<low>\d{1,19})?(?P<to>\.\.|-)?(?P<high>\d{1,19})?")
_COMPARED = re.compile(r"(?P<sign>[<>]=?)(?P<rest>.+)")
_LENGTH = re.compile(r"(?P<number>\d{1,9}(\.\d{1,6})?)(?P<unit>[a-z]+)")
_MICROSECONDS: Mapping[str, int] = MappingProxyType({"us": 1, "ms": 1000, "s": 1_000_000, "m": 60_000_000})
_MILLISECONDS: Mapping[str, int] = MappingProxyType({"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000})
_READS = ("GET", "HEAD", "OPTIONS")
_EXPECTED = AnyOf(tuple(Is("outcome", outcome) for outcome in sorted(NO_FAILURE)))
_FLAGS: Mapping[str, Condition] = MappingProxyType(
    {
        "error": AnyOf((AllOf((Within("status", low=400), Not(_EXPECTED))), Missing("status"))),
        "slow": Within("duration", low=SLOW + 1),
        "write": Not(AnyOf(tuple(Is("method", method) for method in _READS))),
    }
)

Read = Callable[[str, int], Condition]
"""From a value, and the time now in milliseconds since 1970, to the condition. Raises ValueError with what is wrong."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing about an exchange that can be asked for."""

    name: str
    help: str
    """What it is about, in a few words."""
    example: str
    """A filter that shows the forms of its value."""
    read: Read
    values: tuple[str, ...] = ()
    """What its value may be, as far as that is known beforehand."""


def find(name: str) -> Field:
    """The field of this name.

    :raises ValueError: when there is none, with the nearest one, or all of them.
    """
    field = _BY_NAME.get(name.lower())
    if field is None:
        raise ValueError(f'no field "{name}": {_nearest(name, _BY_NAME)}')
    return field


def _nearest(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name.lower(), known, n=1)
    return f"{near[0]}?" if near else f"use {', '.join(known)}."


def _status(value: str, _now: int) -> Condition:
    if value.lower() == "none":
        return Missing("status")
    if len(value) == 3 and value[0] in "12345" and value[1:].lower() == "xx":
        low = int(value[0]) * 100
        return Within("status", low, low + 99)
    try:
        return _number("status", value)
    except ValueError:
        raise ValueError("use 404, 4xx, 500-599, >=400, or none where no answer came") from None


def _integer(column: str) -> Read:
    return lambda value, _now: _number(column, value)


def _number(column: str, value: str) -> Condition:
    """`N`, `N..M`, `N..`, `..M`, or compared: `>N`."""
    if compared := _COMPARED.fullmatch(value):
        return _compare(column, compared["sign"], _whole(compared["rest"]))
    found = _NUMBER.fullmatch(value)
    if found is None or not (found["low"] or found["high"]) or (found["to"] is None and found["high"]):
        raise ValueError("use a number such as 12, a range such as 10..20, or >12")
    low, high = (_whole(found[end]) if found[end] else None for end in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise ValueError(f"the range is empty: use {high}..{low}")
    return Within(column, low, low if found["to"] is None else high)


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) > _LARGEST:
        raise ValueError("use a whole number" if not text.isdecimal() else "the number is too large")
    return int(text)


def _compare(column: str, sign: str, number: int) -> Condition:
    ends = {
        ">": (number + 1, None),
        ">=": (number, None),
        "<": (None, number - 1),
        "<=": (None, number),
    }
    return Within(column, *ends[sign])


def _took(value: str, _now: int) -> Condition:
    compared = _COMPARED.fullmatch(value)
    if compared is None:
        raise ValueError("begin with > or <, as in >1s or <50ms")
    return _compare("duration", compared["sign"], _length(compared["rest"], _MICROSECONDS, "50ms"))


def _since(value: str, now: int) -> Condition:
    return Within("at", low=now - _length(value, _MILLISECONDS, "10m"))


def _length(text: str, units: Mapping[str, int], example: str) -> int:
    found = _LENGTH.fullmatch(text)
    if found is None or found["unit"] not in units:
        raise ValueError(f"use a number and a unit ({', '.join(units)}), as in {example}")
    return round(float(found["number"]) * units[found["unit"]])


def _direction(value: str, _now: int) -> Condition:
    if value.lower() not in ("in", "out"):
        raise ValueError("use in for what an IdP sent, out for what manciple sent")
    return Is("direction", value)


def _flag(value: str, _now: int) -> Condition:
    if value.lower() not in _FLAGS:
        raise ValueError(f"{_nearest(value, _FLAGS)}")
    return _FLAGS[value.lower()]


def _exactly(column: str) -> Read:
    return lambda value, _now: Is(column, value)


def _containing(*columns: str) -> Read:
    return lambda value, _now: Contains(columns, value)


def _user(value: str, _now: int) -> Condition:
    """SCIM and every product have the word in the path of what is about a user."""
    return AllOf((Contains(("path",), "user"), Contains(("subject", "path"), value)))


def _text(value: str, _now: int) -> Condition:
    return AnyOf((Contains(_READABLE, value), Said(value)))


_READABLE = ("subject", "path", "outcome")
ANYWHERE: Read = _containing(*_READABLE)
"""How a word without a field is read."""
_STATUSES = ("2xx", "4xx", "5xx", "none")
_METHODS = ("delete", "get", "patch", "post", "put")
FIELDS: tuple[Field, ...] = (
    Field("status", "HTTP status, none where no answer came", "status:404|4xx|500-599|none", _status, _STATUSES),
    Field("is", "a kind of exchange", "is:error|slow|write", _flag, tuple(_FLAGS)),
    Field("method", "HTTP method", "method:patch", _exactly("method"), _METHODS),
    Field("party", "provider or target, by its whole name", "party:entra", _exactly("party")),
    Field("dir", "who asked: in an IdP, out manciple", "dir:in", _direction, ("in", "out")),
    Field("user", "a user, by name or id", "user:ada", _user),
    Field("subject", "whom or what it is about", 'subject:ada|"Ada Lovelace"', _containing("subject")),
    Field("path", "path and query", "path:/Users", _containing("path")),
    Field("outcome", "what came of it", "outcome:uniqueness", _containing("outcome")),
    Field("text", "headers and bodies too, which takes longer", 'text:"invalid value"', _text),
    Field("took", "how long it took, in us, ms, s or m", "took:>1s", _took),
    Field("since", "how long ago at most, in s, m, h or d", "since:10m", _since),
    Field("id", "number of the exchange", "id:77|10..20|>500", _integer("id")),
    Field("cause", "number of the inbound exchange that led to it", "cause:77", _integer("cause")),
    Field("change", "number of the change that it carried out", "change:5", _integer("change")),
    Field("run", "number of the run that it belongs to", "run:12", _integer("run")),
)
"""All fields, the most used first."""
_BY_NAME: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})
