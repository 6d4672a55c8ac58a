"""The seats of Bitbucket's licence. Everybody takes one who is active and has any global permission."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from core.targets.protocol import IncompleteRead, NotFound


@dataclass(frozen=True, slots=True)
class Licence:
    """How far the licence goes."""

    most: int | None
    """Users that it allows; `None`: any number."""
    taken: int

    @property
    def left(self) -> int | None:
        """Free seats; `None`: without limit."""
        return None if self.most is None else max(0, self.most - self.taken)


async def read_licence(read: Callable[[str], Awaitable[Any]]) -> Licence | None:
    """The licence as it is now; `None` where none is set. `read` GETs a path.

    :raises IncompleteRead: when the answer is no licence.
    """
    try:
        document = await read("/admin/license")
    except NotFound:
        return None
    status = document.get("status") if isinstance(document, dict) else None
    taken = status.get("currentNumberOfUsers") if isinstance(status, dict) else None
    if not isinstance(taken, int):
        raise IncompleteRead("Bitbucket answered with something that is no licence.")
    most = document.get("maximumNumberOfUsers")
    is_limited = document.get("unlimitedNumberOfUsers") is not True and isinstance(most, int) and most >= 0
    return Licence(most if is_limited else None, taken)
