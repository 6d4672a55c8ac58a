"""The health check of a Confluence target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from core.targets.confluence.probing import Probing
from core.targets.confluence.session import READ_ONLY, READ_ONLY_REMEDY, Session, cannot_list
from core.targets.protocol import (
    CredentialFailed,
    Finding,
    IncompleteRead,
    Refused,
    TargetError,
    Unavailable,
    Unsupported,
)
from core.targets.retries import ONCE

_NOT_SHOWN = (CredentialFailed, IncompleteRead, Refused, Unsupported)
"""How an instance answers what this account may not see, or what its version does not have."""

Step = Callable[[Session, Probing], Awaitable[Sequence[Finding]]]


async def examine(session: Session, probing: Probing) -> Sequence[Finding]:
    """The findings in the order in which they build on one another; it ends at one that all others need."""
    findings: list[Finding] = []
    for subject, step, needed in _STEPS:
        try:
            found = await step(session, probing)
        except TargetError as error:
            found = (_failure(subject, error),)
        findings += found
        if needed and not found[-1].ok:
            break
    return findings


async def _credential(session: Session, _: Probing) -> Sequence[Finding]:
    """Whether there is a Confluence at the URL, and whether it knows the credential."""
    try:
        name = await session.known(ONCE)
    except CredentialFailed as error:
        return (_failure("credential", error),)
    except Unavailable as error:
        return (_failure("connection", error),)
    except TargetError as error:
        text = f"There is no Confluence at {session.http.base_url}: {error.message}"
        remedy = "Put its base URL with the context path (often /confluence or /wiki) into the target's url."
        return (Finding("url", False, text, remedy),)
    return (Finding("credential", True, f"Confluence knows the credential as {name}."),)


async def _version(_: Session, probing: Probing) -> Sequence[Finding]:
    version = await probing.version()
    return (Finding("version", True, f"Confluence {version}." if version else "Confluence does not tell its version."),)


async def _administrator(session: Session, _: Probing) -> Sequence[Finding]:
    await session.require_administrator(ONCE)
    return (Finding("administrator", True, "The account may change others."),)


async def _listing(session: Session, _: Probing) -> Sequence[Finding]:
    try:
        await session.read("/user/list", {"start": 0, "limit": 1}, patience=ONCE)
    except Unsupported as error:
        raise cannot_list(error) from error
    return (Finding("list accounts", True, "All accounts can be listed, deactivated ones too."),)


async def _access_mode(session: Session, _: Probing) -> Sequence[Finding]:
    if await session.is_read_only(ONCE):
        return (Finding("access mode", False, READ_ONLY, READ_ONLY_REMEDY),)
    return (Finding("access mode", True, "Confluence can be changed."),)


async def _capabilities(_: Session, probing: Probing) -> Sequence[Finding]:
    can = await probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "activate accounts": can.set_active,
        "create groups": can.create_group,
        "change members": can.members,
    }
    return [_capability(subject, reason) for subject, reason in reasons.items()]


def _capability(subject: str, reason: str | None) -> Finding:
    if reason is None:
        return Finding(subject, True, "Possible over the REST API.")
    text, _, remedy = reason.partition(". ")
    return Finding(subject, False, f"{text}.", remedy)


async def _directories(session: Session, _: Probing) -> Sequence[Finding]:
    """The order decides which of two accounts of one name counts, and where new ones go: the first writable one."""
    try:
        answer = await session.http.read("/rest/crowd/latest/directory", patience=ONCE)
        document = answer.document()
    except _NOT_SHOWN:
        text = "The order of the user directories is shown to system administrators only; names that hide one "
        return (Finding("directories", True, text + "another in several directories cannot be warned of."),)
    listed = document.get("directory") if isinstance(document, dict) else None
    entries = listed if isinstance(listed, list) else []
    names = [str(entry.get("name")) for entry in entries if isinstance(entry, dict) and entry.get("active", True)]
    order = ", then ".join(names) or "none"
    return (Finding("directories", True, f"In order: {order}. New accounts go into the first that can be written."),)


async def _seats(session: Session, _: Probing) -> Sequence[Finding]:
    try:
        answer = await session.http.read("/rest/license/1.0/license/remainingSeats", patience=ONCE)
        left = _count(answer.document())
    except _NOT_SHOWN:
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


def _failure(subject: str, error: TargetError) -> Finding:
    return Finding(subject, False, error.message, error.remedy or "Look at the exchange in the log.")


_STEPS: tuple[tuple[str, Step, bool], ...] = (
    ("credential", _credential, True),
    ("version", _version, False),
    ("access mode", _access_mode, True),
    ("administrator", _administrator, True),
    ("list accounts", _listing, False),
    ("capabilities", _capabilities, False),
    ("directories", _directories, False),
    ("seats", _seats, False),
)
"""What is looked at, how, and whether everything after it needs it."""
