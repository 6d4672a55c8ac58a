"""The health check of a Bitbucket target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.targets.bitbucket.licence import read_licence
from core.targets.bitbucket.listing import Listing
from core.targets.bitbucket.probing import Probing
from core.targets.bitbucket.session import Session
from core.targets.examining import Step, capabilities, directories, nobody_there
from core.targets.protocol import Finding, TargetError
from core.targets.retries import ONCE

_STRIPS = (
    "Bitbucket has no deactivation over its REST API: what lets an account in is taken from it instead, and given back "
    "when it returns. Its keys, repositories and permissions on projects stay."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    listing: Listing
    directory: str | None


async def _version(parts: Parts) -> Sequence[Finding]:
    """Whether there is a Bitbucket at the URL: it tells its version to everybody."""
    try:
        version = await parts.probing.version(ONCE)
    except TargetError as error:
        return (nobody_there(error, "Bitbucket", parts.session.http, contexts="/bitbucket"),)
    told = f"Bitbucket {version}." if version else "Bitbucket does not tell its version."
    return (Finding("version", True, told),)


async def _credential(parts: Parts) -> Sequence[Finding]:
    name = await parts.session.known(ONCE)
    if not name:
        return (Finding("credential", True, "Bitbucket does not tell whose credential it is."),)
    return (Finding("credential", True, f"Bitbucket knows the credential as {name}."),)


async def _administrator(parts: Parts) -> Sequence[Finding]:
    await parts.session.administers(ONCE)
    return (Finding("administrator", True, "The credential may administer Bitbucket."),)


async def _listing(parts: Parts) -> Sequence[Finding]:
    count = 0
    async for _ in parts.listing.accounts():
        count += 1
    return (Finding("list accounts", True, f"All accounts can be listed ({count}), deactivated ones too."),)


async def _capabilities(parts: Parts) -> Sequence[Finding]:
    can = await parts.probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "create groups": can.create_group,
        "change members": can.members,
    }
    found = [*capabilities(reasons, "Bitbucket")]
    if can.set_active is None:
        return (*found, Finding("deactivate accounts", True, _STRIPS))
    return (*found, *capabilities({"deactivate accounts": can.set_active}, "Bitbucket"))


async def _directories(parts: Parts) -> Sequence[Finding]:
    return await directories(parts.session.http, "Bitbucket", parts.directory)


async def _seats(parts: Parts) -> Sequence[Finding]:
    licence = await read_licence(parts.session.read)
    if licence is None:
        remedy = "Set one under Administration, Licensing."
        return (Finding("seats", False, "Bitbucket has no licence.", remedy),)
    if licence.left is None:
        return (Finding("seats", True, "The licence has no limit of users."),)
    if licence.left == 0:
        remedy = "Deactivate leavers, take permissions from others, or extend the licence."
        return (Finding("seats", False, "The licence has no seat left.", remedy),)
    seats = "1 seat" if licence.left == 1 else f"{licence.left} seats"
    return (Finding("seats", True, f"The licence has {seats} left."),)


STEPS: Sequence[Step[Parts]] = (
    ("version", _version, True),
    ("credential", _credential, True),
    ("administrator", _administrator, True),
    ("list accounts", _listing, False),
    ("capabilities", _capabilities, False),
    ("directories", _directories, False),
    ("seats", _seats, False),
)
"""The check of a Bitbucket, for `core.targets.examining.examine`."""
