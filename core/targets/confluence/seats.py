"""How many seats the licence of a Confluence has left."""

from typing import Any

from core.targets.directories import NOT_SHOWN
from core.targets.http import Http
from core.targets.protocol import NoSeats
from core.targets.retries import PATIENT, Patience

FULL = "The licence has no seat left."
FREE_ONE = "Deactivate leavers, or extend the licence."
_REMAINING = "/rest/license/1.0/license/remainingSeats"


async def seats_left(http: Http, patience: Patience = PATIENT) -> int | None:
    """The seats that are left, a negative number where there is no limit; `None` where Confluence does not tell.

    :raises Unavailable: when no answer came.
    """
    try:
        return _count((await http.read(_REMAINING, patience=patience)).document())
    except NOT_SHOWN:
        return None


async def require_seat(http: Http) -> None:
    """Make sure that a new account finds a seat, as far as Confluence tells.

    :raises NoSeats: when there is none left.
    """
    if await seats_left(http) == 0:
        raise NoSeats(FULL, remedy=FREE_ONE)


def _count(document: Any) -> int | None:
    """The number in `{"count": 8}` or in a bare `8`; -1 stands for no limit."""
    value = document.get("count") if isinstance(document, dict) else document
    return value if isinstance(value, int) and not isinstance(value, bool) else None
