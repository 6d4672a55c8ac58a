"""The people that every contender is furnished with, and what an IdP sends to create one more."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import orjson

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SPARE = 64
"""Users, beyond the number asked for, who are in no group: these are added to groups and removed again."""
SAMPLE = 20_000
"""Users, of all, that requests ask for."""
BATCH = 2000
"""Users that are written in one transaction."""
T = TypeVar("T")
Known = tuple[str, str, str]
"""Id, userName and externalId of a user."""


@dataclass(frozen=True, slots=True)
class Population:
    """What is stored at one contender, as far as requests need to know it."""

    total: int
    """Users, without the spare ones."""
    users: list[Known]
    """A random sample."""
    spare: list[str]
    """Ids of users in no group."""
    groups: dict[str, str]
    """Size of a group: its id."""

    def save(self, path: Path) -> Path:
        """Write it where the load process reads it."""
        path.write_bytes(orjson.dumps(asdict(self)))
        return path

    @classmethod
    def load(cls, path: Path) -> "Population":
        """Read what `save` wrote."""
        return cls(**orjson.loads(path.read_bytes()))


def user(name: str) -> dict[str, Any]:
    """A new user as Entra ID sends it by default, about 500 bytes."""
    return {
        "schemas": [USER],
        "externalId": f"ext-{name}",
        "userName": f"{name}@contoso.example",
        "active": True,
        "displayName": f"User {name}",
        "title": "Engineer",
        "preferredLanguage": "en-US",
        "name": {"formatted": f"Given {name}", "familyName": f"Family {name}", "givenName": "Given"},
        "emails": [{"primary": True, "type": "work", "value": f"{name}@contoso.example"}],
        "phoneNumbers": [{"type": "work", "value": "+1-555-0100"}],
    }


def users(total: int) -> Iterator[dict[str, Any]]:
    """All that a contender has from the start; the last `SPARE` are in no group."""
    for number in range(total + SPARE):
        yield user(f"person{number:07d}")


def group_sizes(total: int, largest: int | None = None) -> list[int]:
    """A small group, one of a department, and one that everybody is in; none above `largest`."""
    sizes = {size for size in (10, 1000, total) if size <= total}
    return sorted(size for size in sizes if largest is None or size <= largest)


def sampled(ids: list[str]) -> list[Known]:
    """Some of the users that have these ids, in the order of `users`."""
    total = len(ids) - SPARE
    return sample(
        ((i, given["userName"], given["externalId"]) for i, given in zip(ids, users(total), strict=True)), total
    )


def sample(known: Iterable[Known], total: int) -> list[Known]:
    """Some of the first `total` users, in no order."""
    chance = random.Random(7)
    chosen = set(chance.sample(range(total), min(SAMPLE, total)))
    found = [each for number, each in enumerate(known) if number in chosen]
    chance.shuffle(found)
    return found


def parts(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows in lists of `BATCH`."""
    remaining = iter(rows)
    while part := list(islice(remaining, BATCH)):
        yield part
