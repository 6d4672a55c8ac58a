"""Names that several user directories have, as Jira counts and lists them; what it found holds for ten minutes.

Source: Atlassian, "Finding duplicate user accounts" (8.19 and later); JRASERVER-68797.
"""

import time

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.state import Duplicates, State
from core.sandbox.version import Version

_HOLDS = 600.0
"""Seconds."""


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about names in several directories."""
    admin, since = Access.ADMINISTRATOR, Version(8, 19)
    return [
        Endpoint("GET", "/rest/api/2/user/duplicated/count", _count, admin, since),
        Endpoint("GET", "/rest/api/2/user/duplicated/list", _list, admin, since),
    ]


def _count(call: Call) -> Response:
    return Json({"count": len(_cached(call))})


def _list(call: Call) -> Response:
    return Json(
        {
            name: [
                {"directoryId": ident, "directoryName": directory, "userActive": active}
                for ident, directory, active in holders
            ]
            for name, holders in _cached(call).items()
        }
    )


def _cached(call: Call) -> Duplicates:
    """What was found last; a system administrator may have it looked for again."""
    state, now = call.state, time.monotonic()
    flushes = call.flag("flush", default=False) and call.access >= Access.SYSTEM_ADMINISTRATOR
    if state.duplicates is None or flushes or now >= state.duplicates[1]:
        state.duplicates = _found(state), now + _HOLDS
    return state.duplicates[0]


def _found(state: State) -> Duplicates:
    """A name is a duplicate where several accounts are active, or where the only active one is not the first."""
    holders: dict[str, list[tuple[int, str, bool]]] = {}
    for content in state.crowd.contents:
        if content.directory.active:
            for key, account in content.accounts.items():
                holder = (content.directory.id, content.directory.name, account.active)
                holders.setdefault(key, []).append(holder)
    return {name: tuple(found) for name, found in sorted(holders.items()) if _is_duplicate([a for *_, a in found])}


def _is_duplicate(active: list[bool]) -> bool:
    return active.count(True) > 1 or (active.count(True) == 1 and not active[0])
