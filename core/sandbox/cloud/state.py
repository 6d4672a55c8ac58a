"""The whole state of one simulated directory but for its users and groups. Whoever touches it holds `lock`."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from core.sandbox.cloud.quirks import Quirks
from core.sandbox.cloud.settings import Settings
from core.sandbox.instance import Served
from core.sandbox.version import Version

_FIRST = Version(1, 0)
"""The interface has no other version."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A directory's API key."""

    directory: str
    """Id of the directory it is for."""
    expires: float | None = None
    """Seconds since 1970; `None`: never."""


class State(Served[Settings]):
    """One directory of an organization."""

    def __init__(self, directory: str, quirks: Quirks, settings: Settings, clock: Callable[[], float], seed: int):
        super().__init__(_FIRST, f"/scim/directory/{directory}", settings)
        self.directory = directory
        self.quirks = quirks
        self.keys: dict[str, ApiKey] = {}
        self.managed: dict[str, str] = {}
        """Mail address → id of the Atlassian account that is there already."""
        self.unsynced: set[str] = set()
        """Ids of groups that were answered as created and never reach the organization."""
        self.method = ""
        """Of the request that is being answered: the same fault has another status in PUT than in PATCH."""
        self._clock = clock
        self._chance = random.Random(seed)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock()

    def new_id(self) -> str:
        """An id that nothing has."""
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def account_id(self, email: str) -> str:
        """The Atlassian account of this address: the one that is there already, or a new one."""
        return self.managed.setdefault(email.lower(), f"712020:{self.new_id()}")


def real_clock() -> float:
    """Seconds since 1970."""
    return time.time()
