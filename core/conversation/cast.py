"""Who takes part in a recording: what is made in it, what must be there before it, and what each is called.

A recording begins in the middle of a provider's life. What it refers to without having made it is *given*: whoever
replays the recording makes it first, with the name that the recording shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.conversation.fakes import UUID
from core.conversation.kept import NAMES, Kept, Kind


@dataclass(frozen=True, slots=True)
class Given:
    """A resource that is there before: its name, `None` where the recording never shows it."""

    kind: Kind
    ident: str
    name: str | None


@dataclass(slots=True)
class Cast:
    """The ids of a recording."""

    made: dict[str, Kind] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    placeholders: dict[str, str] = field(default_factory=dict)
    """By id, in lower case: `user-1`."""


def cast_of(exchanges: Sequence[Kept]) -> Cast:
    """Who takes part in these exchanges, in the order in which they appear."""
    cast, shown = Cast(), _shown(exchanges)
    live: set[tuple[Kind, str]] = set()
    for exchange in exchanges:
        for ident, kind in _referred(exchange, shown):
            if ident not in cast.placeholders:
                name = shown[ident][1] if ident in shown else None
                _give(cast, Given(kind, ident, name), live)
        _meet_conflict(cast, exchange, live)
        if ident := exchange.created.lower():
            kind = exchange.place[0] or "User"
            cast.made[ident] = kind
            _name(cast, kind, ident)
            live |= {(kind, name.lower()) for name in _names_asked(exchange)}
    return cast


def _give(cast: Cast, given: Given, live: set[tuple[Kind, str]]) -> None:
    cast.given.append(given)
    _name(cast, given.kind, given.ident)
    if given.name is not None:
        live.add((given.kind, given.name.lower()))


def _name(cast: Cast, kind: Kind, ident: str) -> None:
    number = 1 + sum(name.startswith(kind.lower()) for name in cast.placeholders.values())
    cast.placeholders.setdefault(ident, f"{kind.lower()}-{number}")


def _shown(exchanges: Sequence[Kept]) -> dict[str, tuple[Kind, str | None]]:
    """Every id that an answer shows as a resource: its kind, and the name under which it was seen first."""
    shown: dict[str, tuple[Kind, str | None]] = {}
    for exchange in exchanges:
        for resource in exchange.resources:
            kind: Kind = "User" if "userName" in resource or exchange.place[0] == "User" else "Group"
            name = resource.get(NAMES[kind])
            shown.setdefault(resource["id"].lower(), (kind, name if isinstance(name, str) else None))
    return shown


def _referred(exchange: Kept, shown: dict[str, tuple[Kind, str | None]]) -> Iterator[tuple[str, Kind]]:
    """The ids of existing resources that a request refers to."""
    kind, ident = exchange.place
    if kind is not None and ident and exchange.status != 404:
        yield ident.lower(), kind
    for text in (exchange.path.partition("?")[2], *_texts(exchange.body)):
        for found in UUID.findall(text):
            if found.lower() in shown:
                yield found.lower(), shown[found.lower()][0]
    if kind == "Group" and exchange.status < 400:
        yield from ((member, "User") for member in _members(exchange.body) if member not in shown)


def _members(body: Any, inside: bool = False) -> Iterator[str]:
    """The ids that a group's body or PATCH wants as members."""
    if isinstance(body, list):
        for each in body:
            yield from _members(each, inside)
    elif isinstance(body, dict):
        path, op = body.get("path"), body.get("op")
        about = isinstance(path, str) and path.lower() == "members" and str(op).lower() != "remove"
        for key, value in body.items():
            if inside and key.lower() == "value" and isinstance(value, str) and UUID.fullmatch(value):
                yield value.lower()
            yield from _members(value, inside or key.lower() == "members" or (about and key.lower() == "value"))


def _meet_conflict(cast: Cast, exchange: Kept, live: set[tuple[Kind, str]]) -> None:
    """A conflict of names needs somebody with that name."""
    kind = exchange.place[0]
    if exchange.status != 409 or kind is None:
        return
    for name in _names_asked(exchange):
        if (kind, name.lower()) not in live:
            _give(cast, Given(kind, f"holder of {kind} {name.lower()}", name), live)


def _names_asked(exchange: Kept) -> list[str]:
    """The names that a request asks for: as the attribute, or as the value of the operation on it."""
    kind = exchange.place[0]
    wanted = NAMES[kind].lower() if kind is not None else ""
    return [name for name in _named(exchange.body, wanted) if name]


def _named(body: Any, wanted: str) -> Iterator[str]:
    operations = body.get("Operations") if isinstance(body, dict) else None
    for each in operations if isinstance(operations, list) else [body]:
        if not isinstance(each, dict):
            continue
        path, value = each.get("path"), each.get("value")
        if isinstance(path, str) and path.lower() == wanted and isinstance(value, str):
            yield value
        inner = value if isinstance(value, dict) else each
        yield from (name for key, name in inner.items() if key.lower() == wanted and isinstance(name, str))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
