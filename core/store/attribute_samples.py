"""What rules can use of the users of a provider: each attribute with how many have it, and what stands there."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from core.store.attributes import flattened
from core.store.tables import USERS

LOOKED_AT = 2_000
"""Users that are looked at, the newest: enough to know what they have, whatever their number."""
SHOWN = 3
"""Values of an attribute that are shown."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class AttributeSample:
    """One attribute of the users that were looked at."""

    name: str
    """As rules call it."""
    users: int
    """How many of them have it."""
    values: tuple[str, ...]
    """Some that they have, the most frequent first; long ones are cut."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The attributes of one provider's users."""

    attributes: tuple[AttributeSample, ...]
    """By name."""
    looked_at: int
    """How many users were looked at: the live ones, or as many of the newest as is enough."""


def samples(connection: Connection, provider: str) -> Samples:
    """What the users of a provider have, read from themselves."""
    live = select(USERS.c.document).where(USERS.c.provider == provider, USERS.c.deleted_at.is_(None))
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    looked_at = 0
    for (document,) in connection.execute(live.order_by(USERS.c.key.desc()).limit(LOOKED_AT)):
        looked_at += 1
        for name, value in flattened(orjson.loads(document)).items():
            values[name][value] += 1
    found = (_sample(name, values[name]) for name in sorted(values, key=str.casefold))
    return Samples(tuple(found), looked_at)


def _sample(name: str, values: Counter[str]) -> AttributeSample:
    frequent = sorted(values.items(), key=lambda each: (-each[1], each[0]))[:SHOWN]
    return AttributeSample(name, values.total(), tuple(_cut(value) for value, _ in frequent))


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
