"""The health check of a Confluence target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.targets.confluence.probing import Probing
from core.targets.confluence.seats import FREE_ONE, FULL, seats_left
from core.targets.confluence.session import READ_ONLY, READ_ONLY_REMEDY, Session, cannot_list
from core.targets.examining import Step, capability, directories, nobody_there
from core.targets.protocol import Finding, TargetError, Unsupported
from core.targets.retries import ONCE

_OPERATIONS = {
    "create accounts": "create_user",
    "update accounts": "update_user",
    "activate accounts": "set_active",
    "delete accounts": "delete_user",
    "create groups": "create_group",
    "delete groups": "delete_group",
    "change members": "members",
}
"""Subjects of findings, and the fields of `Capabilities`."""


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
    return [
        Finding(subject, True, "Possible over JSON-RPC, where the REST API of this version lacks it.")
        if field in parts.probing.by_rpc and getattr(can, field) is None
        else capability(subject, getattr(can, field), "Confluence")
        for subject, field in _OPERATIONS.items()
    ]


async def _directories(parts: Parts) -> Sequence[Finding]:
    return await directories(parts.session.http, "Confluence", parts.directory)


async def _seats(parts: Parts) -> Sequence[Finding]:
    left = await seats_left(parts.session.http, ONCE)
    if left is None:
        return (Finding("seats", True, "Confluence does not tell how many seats are left."),)
    if left < 0:
        return (Finding("seats", True, "The licence has no limit of users."),)
    if left == 0:
        return (Finding("seats", False, FULL, FREE_ONE),)
    return (Finding("seats", True, "1 seat is left." if left == 1 else f"{left} seats are left."),)


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
