"""The health check of a Confluence target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.targets.confluence.probing import Probing
from core.targets.confluence.session import READ_ONLY, READ_ONLY_REMEDY, Session, cannot_list
from core.targets.directories import NOT_SHOWN
from core.targets.examining import Step, capabilities, directories, nobody_there
from core.targets.protocol import Finding, TargetError, Unsupported
from core.targets.retries import ONCE


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    directory: str | None


async def _credential(parts: Parts) -> Sequence[Finding]:
    """Whether there is a Confluence at the URL, and whether it knows the credential."""
    try:
        name = await parts.session.known(ONCE)
    except TargetError as error:
        return (nobody_there(error, "Confluence", parts.session.http, contexts="/confluence or /wiki"),)
    return (Finding("credential", True, f"Confluence knows the credential as {name}."),)


async def _version(parts: Parts) -> Sequence[Finding]:
    version = await parts.probing.version()
    return (Finding("version", True, f"Confluence {version}." if version else "Confluence does not tell its version."),)


async def _administrator(parts: Parts) -> Sequence[Finding]:
    await parts.session.require_administrator(ONCE)
    return (Finding("administrator", True, "The account may change others."),)


async def _listing(parts: Parts) -> Sequence[Finding]:
    try:
        await parts.session.read("/user/list", {"start": 0, "limit": 1}, patience=ONCE)
    except Unsupported as error:
        raise cannot_list(error) from error
    return (Finding("list accounts", True, "All accounts can be listed, deactivated ones too."),)


async def _access_mode(parts: Parts) -> Sequence[Finding]:
    if await parts.session.is_read_only(ONCE):
        return (Finding("access mode", False, READ_ONLY, READ_ONLY_REMEDY),)
    return (Finding("access mode", True, "Confluence can be changed."),)


async def _capabilities(parts: Parts) -> Sequence[Finding]:
    can = await parts.probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "activate accounts": can.set_active,
        "create groups": can.create_group,
        "change members": can.members,
    }
    return capabilities(reasons, "Confluence")


async def _directories(parts: Parts) -> Sequence[Finding]:
    return await directories(parts.session.http, "Confluence", parts.directory)


async def _seats(parts: Parts) -> Sequence[Finding]:
    try:
        answer = await parts.session.http.read("/rest/license/1.0/license/remainingSeats", patience=ONCE)
        left = _count(answer.document())
    except NOT_SHOWN:
        left = None
    if left is None:
        return (Finding("seats", True, "Confluence does not tell how many seats are left."),)
    if left < 0:
        return (Finding("seats", True, "The licence has no limit of users."),)
    if left == 0:
        return (Finding("seats", False, "The licence has no seat left.", "Deactivate leavers, or extend the licence."),)
    return (Finding("seats", True, "1 seat is left." if left == 1 else f"{left} seats are left."),)


def _count(document: Any) -> int | None:
    """The number in `{"count": 8}` or in a bare `8`; -1 stands for no limit."""
    value = document.get("count") if isinstance(document, dict) else document
    return value if isinstance(value, int) and not isinstance(value, bool) else None


STEPS: Sequence[Step[Parts]] = (
    ("credential", _credential, True),
    ("version", _version, False),
    ("access mode", _access_mode, True),
    ("administrator", _administrator, True),
    ("list accounts", _listing, False),
    ("capabilities", _capabilities, False),
    ("directories", _directories, False),
    ("seats", _seats, False),
)
"""The check of a Confluence, for `core.targets.examining.examine`."""
