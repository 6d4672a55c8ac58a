"""The health check of a Crowd target: everything that stops it from working, each with its remedy.

It changes nothing and never raises.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from core.planning.values import Account, TargetGroup
from core.targets.crowd.probing import Probing
from core.targets.crowd.reading import EXTERNAL_ID, NAME_PARTS, directory_of
from core.targets.crowd.session import ALLOW, Session
from core.targets.examining import Step, capabilities, failure, nobody_there
from core.targets.protocol import CredentialFailed, Finding, TargetError
from core.targets.retries import ONCE

_SERVERS = {"Crowd": "Crowd {}.", "JIRA": "Jira {}, which serves Crowd's REST API."}
"""What the header of an answer calls it → how it is told."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    list_accounts: Callable[[], AsyncIterator[Account]]
    list_groups: Callable[[], AsyncIterator[TargetGroup]]


async def _application(parts: Parts) -> Sequence[Finding]:
    """Whether there is a Crowd at the URL that knows the application, and lets it call from here."""
    try:
        product, _, version = (await parts.session.known(ONCE)).partition("/")
    except CredentialFailed as error:
        return (failure("address" if error.status == 403 else "credential", error),)
    except TargetError as error:
        return (nobody_there(error, "Crowd", parts.session.http, contexts="/crowd"),)
    told = _SERVERS.get(product, "Crowd {}.").format(version) if version else "Crowd does not tell its version."
    return (
        Finding("version", True, told),
        Finding("credential", True, "It knows the application, and lets it call from here."),
    )


async def _accounts(parts: Parts) -> Sequence[Finding]:
    count, directories = 0, set[str]()
    async for account in parts.list_accounts():
        count += 1
        directories.add(directory_of(account.id))
    listed = Finding("list accounts", True, f"All accounts can be listed ({count}), deactivated ones too.")
    if len(directories) < 2:
        return (listed,)
    text = f"The accounts are in {len(directories)} directories ({', '.join(sorted(directories))})."
    return (
        listed,
        Finding("directory", False, text, "Make an application for each directory, so that it is sure where users go."),
    )


async def _groups(parts: Parts) -> Sequence[Finding]:
    count = len([group async for group in parts.list_groups()])
    return (Finding("list groups", True, f"All groups can be listed ({count})."),)


async def _capabilities(parts: Parts) -> Sequence[Finding]:
    can = await parts.probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "rename accounts": can.rename_user,
        "create groups": can.create_group,
        "change members": can.members,
    }
    return (*capabilities(reasons, "Crowd"), _attributes(parts, can.attributes))


def _attributes(parts: Parts, able: frozenset[str]) -> Finding:
    """What is lost without attributes: those that rules make, and the mark by which an account is found again."""
    if EXTERNAL_ID in able:
        return Finding("attributes", True, "They can be kept, and with them the id of each user at the provider.")
    text = "The application may not change attributes: accounts do not keep the id of their user at the provider."
    needed = parts.probing.attributes - NAME_PARTS.keys()
    return Finding("attributes", not needed, text, ALLOW.format(permission="Modify User Attributes"))


STEPS: Sequence[Step[Parts]] = (
    ("credential", _application, True),
    ("list accounts", _accounts, False),
    ("list groups", _groups, False),
    ("capabilities", _capabilities, False),
)
"""The check of a Crowd, for `core.targets.examining.examine`."""
