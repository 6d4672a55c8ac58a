"""The health check of a directory: everything that stops it from working, each with its remedy.

It changes nothing and never raises. What Atlassian does not tell over this API is said plainly, and is no failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from core.planning.wording import counted
from core.targets.cloud.expiry import expiry
from core.targets.cloud.groups import Groups
from core.targets.cloud.names import is_kept_by_atlassian
from core.targets.cloud.probing import Probing
from core.targets.cloud.session import Session
from core.targets.cloud.users import Users
from core.targets.examining import Step, capabilities, failure
from core.targets.protocol import CredentialFailed, Finding, TargetError
from core.targets.retries import ONCE
from core.targets.timing import Timing

_URL_REMEDY = (
    "Put the directory base URL, https://api.atlassian.com/scim/directory/ and the directory's id, into the target's "
    "url; it stands beside the API key in admin.atlassian.com."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a check looks at."""

    session: Session
    probing: Probing
    users: Users
    groups: Groups
    timing: Timing
    expires: date | None


async def _credential(parts: Parts) -> Sequence[Finding]:
    """Whether there is a directory at the URL, and whether it accepts the key."""
    known = expiry(parts.expires, parts.timing.wall())
    try:
        await parts.session.require_directory(ONCE)
    except CredentialFailed as error:
        return (known, failure("credential", error)) if not known.ok else (failure("credential", error),)
    except TargetError as error:
        return (_nobody_there(parts.session, error),)
    return (Finding("credential", True, "The directory accepts the API key."),)


async def _expiry(parts: Parts) -> Sequence[Finding]:
    return (expiry(parts.expires, parts.timing.wall()),)


async def _accounts(parts: Parts) -> Sequence[Finding]:
    count = 0
    async for _ in parts.users.all():
        count += 1
    text = f"All accounts can be listed ({count}), deactivated ones too. Who was deleted is not shown."
    return (Finding("list accounts", True, text),)


async def _groups(parts: Parts) -> Sequence[Finding]:
    names = [group.name async for group in parts.groups.all()]
    kept = sorted(name for name in names if is_kept_by_atlassian(name))
    if not kept:
        return (Finding("groups", True, f"All groups can be listed ({len(names)})."),)
    text = (
        f"The directory has {counted(len(kept), 'group')} named as Atlassian names its own: {', '.join(kept)}. Such "
        "groups are not synced with the organization: who is put into them gets nothing."
    )
    return (Finding("groups", False, text, "Delete them, and map to other names that are given access in the admin."),)


async def _domains(_: Parts) -> Sequence[Finding]:
    text = (
        "Only mail addresses of verified domains are accepted. Atlassian does not tell over this API which these are."
    )
    return (Finding("domains", True, text),)


async def _capabilities(parts: Parts) -> Sequence[Finding]:
    can = await parts.probing.capabilities()
    reasons = {
        "create accounts": can.create_user,
        "update accounts": can.update_user,
        "create groups": can.create_group,
        "change members": can.members,
    }
    return capabilities(reasons, "Atlassian Cloud")


def _nobody_there(session: Session, error: TargetError) -> Finding:
    path = urlsplit(session.http.base_url).path
    if error.status is None and path.startswith("/scim/directory/"):
        return failure("connection", error)
    return Finding("url" if error.status != 503 else "connection", False, error.message, error.remedy or _URL_REMEDY)


STEPS: Sequence[Step[Parts]] = (
    ("credential", _credential, True),
    ("API key", _expiry, False),
    ("list accounts", _accounts, False),
    ("groups", _groups, False),
    ("capabilities", _capabilities, False),
    ("domains", _domains, False),
)
"""The check of a directory, for `core.targets.examining.examine`."""
