"""Conflicts that no plan can see: what a target refuses again and again, and seats that are used up.

They are opened and closed by what becomes of changes, never by a plan.
"""

from core.planning import resolutions
from core.planning.changes import Conflict
from core.planning.wording import counted

REFUSED, NO_SEATS = "C45", "C36"
LATE = frozenset({REFUSED, NO_SEATS})
AFTER = 3
"""Failures in a row from which on an admin is asked."""


def refused(kind: str, ident: str, name: str, reason: str, attempts: int) -> Conflict:
    """C45: what is due for a user or group (`kind`) failed again and again. It is still tried, ever more seldom."""
    leaving = resolutions.SKIP_ALWAYS_USER if kind == "user" else resolutions.SKIP_ALWAYS_GROUP
    return Conflict(
        REFUSED,
        f"{kind}:{ident}",
        f"What is due for {name} failed {counted(attempts, 'time')}",
        "The target does not take it. It is tried again, more seldom each time; nothing else waits for it.",
        {"name": name, "reason": reason, "attempts": str(attempts)},
        (resolutions.RETRY, resolutions.HOLD, leaving),
        user_id=ident if kind == "user" else None,
        group_id=ident if kind == "group" else None,
    )


def no_seats(target: str, reason: str, waiting: int) -> Conflict:
    """C36: the licence has no seat left. Leavers go first in every run, so that what they free is used at once."""
    return Conflict(
        NO_SEATS,
        f"target:{target}",
        f"{target} has no free seat: {counted(waiting, 'account')} {'waits' if waiting == 1 else 'wait'}",
        "Its licence is used up. Deactivations and everything else go on; accounts are created once there are seats.",
        {"reason": reason, "waiting": str(waiting)},
        (resolutions.RETRY, resolutions.HOLD),
    )
