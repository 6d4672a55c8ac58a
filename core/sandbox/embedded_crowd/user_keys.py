"""User keys: a product's own ids of usernames, shared by all directories and kept when a user is renamed."""

import random
from collections.abc import Iterator
from itertools import count

from core.sandbox.embedded_crowd.content import name_key


def random_keys(seed: int) -> Iterator[str]:
    """Keys as Confluence makes them: 32 hexadecimal digits."""
    chance = random.Random(seed)
    while True:
        yield f"{chance.getrandbits(128):032x}"


def numbered_keys() -> Iterator[str]:
    """Keys as Jira makes them: `JIRAUSER10000` and on."""
    return (f"JIRAUSER{number}" for number in count(10000))


class UserKeys:
    """Which user key belongs to which username; new ones are taken from `keys`."""

    def __init__(self, keys: Iterator[str]) -> None:
        self._keys = keys
        self._by_name: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The user key of a username, made on first use."""
        key = name_key(name)
        if key not in self._by_name:
            user_key = next(self._keys)
            self._by_name[key] = user_key
            self._names[user_key] = key
        return self._by_name[key]

    def name(self, user_key: str) -> str | None:
        """The name key that has this user key."""
        return self._names.get(user_key)

    def rename(self, old: str, new: str) -> None:
        """Give the user key of one name to another."""
        user_key = self._by_name[name_key(new)] = self._by_name.pop(name_key(old))
        self._names[user_key] = name_key(new)

    def forget(self, name: str) -> None:
        """Make a username free: whoever gets it next is somebody else."""
        del self._names[self._by_name.pop(name_key(name))]
