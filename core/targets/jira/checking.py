"""The health check of a Jira target: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What only a system administrator may look at is no failure when it cannot be seen.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.targets.directories import in_order, misplaced, read_directories
from core.targets.jira.leads import Leads
from core.targets.jira.listing import accounts
from core.targets.jira.probing import Probing
from core.targets.jira.seats import Application, Seats, application
from core.targets.jira.session import Session
from core.targets.protocol import CredentialFailed, Finding, TargetError, Unavailable
from core.targets.retries import ONCE


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    seats: Seats
    leads: Leads
    directory: str | None


Step = Callable[[Parts], Awaitable[Sequence[Finding]]]


async def examine(parts: Parts) -> Sequence[Finding]:
    """The findings in the order in which they build on one another; it ends at one that all others need."""
    findings: list[Finding] = []
    for subject, step, needed in _STEPS:
        try:
            found = await step(parts)
        except TargetError as error:
            found = (_failure(subject, error),)
        findings += found
        if needed and not found[-1].ok:
            break
    return findings


async def _version(parts: Parts) -> Sequence[Finding]:
    """Whether there is a Jira at the URL: it tells its version to everybody."""
    try:
        version = await parts.probing.version(ONCE)
    except CredentialFailed as error:
        return (_failure("credential", error),)
    except Unavailable as error:
        return (_failure("connection", error),)
    except TargetError as error:
        text = f"There is no Jira at {parts.session.http.base_url}: {error.message}"
        remedy = "Put its base URL with the context path (often /jira) into the target's url."
        return (Finding("url", False, text, remedy),)
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
    return [_capability(subject, reason) for subject, reason in reasons.items()]


def _capability(subject: str, reason: str | None) -> Finding:
    if reason is None:
        return Finding(subject, True, "Possible over the REST API.")
    text, _, remedy = reason.partition(". ")
    return Finding(subject, False, f"{text.rstrip('.')}.", remedy or "Correct it in Jira or in the target.")


async def _directories(parts: Parts) -> Sequence[Finding]:
    """The order decides which of two accounts of one name counts, and where new ones go."""
    directories = await read_directories(parts.session.http, ONCE)
    if parts.directory is not None and (reason := misplaced(directories, parts.directory)):
        return (_capability("directories", reason),)
    if directories is None:
        text = "The order of the user directories is shown to system administrators only; names that hide one "
        return (Finding("directories", True, text + "another in several directories cannot be warned of."),)
    text = f"In order: {in_order(directories)}. New accounts go into the first that can be written."
    return (Finding("directories", True, text),)


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


def _failure(subject: str, error: TargetError) -> Finding:
    return Finding(subject, False, error.message, error.remedy or "Look at the exchange in the log.")


_STEPS: tuple[tuple[str, Step, bool], ...] = (
    ("version", _version, True),
    ("credential", _credential, True),
    ("administrator", _administrator, True),
    ("list accounts", _listing, False),
    ("capabilities", _capabilities, False),
    ("directories", _directories, False),
    ("seats", _seats, False),
    ("projects", _leads, False),
)
"""What is looked at, how, and whether everything after it needs it."""
