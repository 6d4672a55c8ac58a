"""The health check of a Jira target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.targets.examining import Step, capabilities, directories, nobody_there
from core.targets.jira.duplicates import hidden_names
from core.targets.jira.leads import Leads
from core.targets.jira.listing import accounts
from core.targets.jira.probing import Probing
from core.targets.jira.seats import Application, Seats, application
from core.targets.jira.session import Session
from core.targets.protocol import Finding, TargetError
from core.targets.retries import ONCE

_SHOWN = 10
"""Names that one finding has."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    seats: Seats
    leads: Leads
    directory: str | None


async def _version(parts: Parts) -> Sequence[Finding]:
    """Whether there is a Jira at the URL: it tells its version to everybody."""
    try:
        version = await parts.probing.version(ONCE)
    except TargetError as error:
        return (nobody_there(error, "Jira", parts.session.http, contexts="/jira"),)
    return (Finding("version", True, f"Jira {version}." if version else "Jira does not tell its version."),)


async def _credential(parts: Parts) -> Sequence[Finding]:
    name = await parts.session.known(ONCE)
    return (Finding("credential", True, f"Jira knows the credential as {name}."),)


async def _administrator(parts: Parts) -> Sequence[Finding]:
    await parts.session.applications(ONCE)
    return (Finding("administrator", True, "The account may administer Jira."),)


async def _listing(parts: Parts) -> Sequence[Finding]:
    count, hidden = 0, 0
    async for account in accounts(parts.session):
        count += 1
        hidden += account.email is None
    findings = [Finding("list accounts", True, f"All accounts can be listed ({count}), deactivated ones too.")]
    if hidden:
        text = f"The e-mail addresses of {hidden} accounts are not shown, so that they cannot be kept up."
        findings.append(Finding("e-mails", False, text, "Set User email visibility to public in Jira's settings."))
    return findings


async def _capabilities(parts: Parts) -> Sequence[Finding]:
    can = await parts.probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "create groups": can.create_group,
        "change members": can.members,
        "move leads": can.leads,
    }
    return capabilities(reasons, "Jira")


async def _directories(parts: Parts) -> Sequence[Finding]:
    found = await directories(parts.session.http, "Jira", parts.directory)
    hidden = await hidden_names(parts.session, ONCE)
    return (*found, Finding("directories", True, _told(hidden))) if hidden else found


def _told(hidden: Mapping[str, Sequence[str]]) -> str:
    """Names in several directories, the first few of them."""
    names = sorted(hidden)
    shown = "; ".join(f"{name} in {' and '.join(hidden[name])}" for name in names[:_SHOWN])
    more = f"; and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"Only the account in the first directory counts of each of these names: {shown}{more}."


async def _seats(parts: Parts) -> Sequence[Finding]:
    found = [application(document) for document in await parts.session.applications(ONCE)]
    missing = sorted(set(parts.seats.applications or ()) - {each.key for each in found})
    if missing:
        has = ", ".join(sorted(each.key for each in found)) or "none"
        text = f"Jira has no application {', '.join(missing)}; it has {has}."
        return (Finding("seats", False, text, "Correct the target's applications."),)
    return [_seats_of(each, is_given=parts.seats.gives(each)) for each in found]


def _seats_of(each: Application, *, is_given: bool) -> Finding:
    who = "New accounts get it." if is_given else "New accounts do not get it by themselves."
    if each.left is None:
        return Finding("seats", True, f"{each.name} has no limit of users. {who}")
    if each.left == 0:
        remedy = "Deactivate leavers, take access from others, or extend the licence."
        return Finding("seats", not is_given, f"{each.name} has no seat left. {who}", remedy)
    seats = "1 seat" if each.left == 1 else f"{each.left} seats"
    return Finding("seats", True, f"{each.name} has {seats} left. {who}")


async def _leads(parts: Parts) -> Sequence[Finding]:
    count = await parts.leads.visible()
    seen = "1 project" if count == 1 else f"{count} projects"
    text = f"{seen} can be seen. What is led in others cannot be moved before a deactivation."
    return (Finding("projects", True, text),)


STEPS: Sequence[Step[Parts]] = (
    ("version", _version, True),
    ("credential", _credential, True),
    ("administrator", _administrator, True),
    ("list accounts", _listing, False),
    ("capabilities", _capabilities, False),
    ("directories", _directories, False),
    ("seats", _seats, False),
    ("projects", _leads, False),
)
"""The check of a Jira, for `core.targets.examining.examine`."""
