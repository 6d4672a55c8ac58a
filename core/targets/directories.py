"""The user directories of a Confluence, Jira or Bitbucket, which Embedded Crowd tells in their order.

The order decides two things that their REST does not let anybody choose: which of two accounts of one name counts, and
where new accounts go: into the first directory that can be written. Whether one can be written is not told. So a
directory is sure to get the new accounts only where it is the first.
"""

from dataclasses import dataclass
from typing import Any

from core.targets.http import Http
from core.targets.protocol import CredentialFailed, IncompleteRead, Refused, Unsupported
from core.targets.retries import PATIENT, Patience

NOT_SHOWN = (CredentialFailed, IncompleteRead, Refused, Unsupported)
"""How an instance answers what this account may not see, or what its version does not have."""


@dataclass(frozen=True, slots=True)
class UserDirectory:
    """One active user directory."""

    name: str
    type: str
    """`INTERNAL`, `CONNECTOR` (LDAP), `CROWD`, `DELEGATING`."""


async def read_directories(http: Http, patience: Patience = PATIENT) -> tuple[UserDirectory, ...] | None:
    """The active directories in order; `None` where they are not shown (they are to system administrators).

    :raises Unavailable: when no answer came.
    """
    try:
        document = (await http.read("/rest/crowd/latest/directory", patience=patience)).document()
    except NOT_SHOWN:
        return None
    # Jira names the list otherwise than Confluence and Bitbucket do.
    listed = (document.get("directories") or document.get("directory")) if isinstance(document, dict) else None
    entries: list[Any] = listed if isinstance(listed, list) else []
    shown = [entry for entry in entries if isinstance(entry, dict) and entry.get("active", True)]
    return tuple(UserDirectory(str(entry.get("name")), str(entry.get("type"))) for entry in shown)


async def misplacement(http: Http, wanted: str | None) -> str | None:
    """Why new accounts are not sure to go where they shall, as the instance is now; `None` where they are, or may go
    anywhere.

    :raises Unavailable: when no answer came.
    """
    return None if wanted is None else misplaced(await read_directories(http), wanted)


def in_order(directories: tuple[UserDirectory, ...]) -> str:
    """Their names as the middle of a sentence."""
    return ", then ".join(directory.name for directory in directories) or "none"


def misplaced(directories: tuple[UserDirectory, ...] | None, wanted: str) -> str | None:
    """Why new accounts are not sure to go into the directory `wanted`, and the remedy; `None` where they are."""
    if directories is None:
        return (
            f"Whether new accounts go into the user directory {wanted} is told to system administrators only. "
            "Make the account behind the credential one, or take directory out of the target."
        )
    if directories and directories[0].name == wanted:
        return None
    if wanted not in [directory.name for directory in directories]:
        return f"There is no active user directory {wanted}. In order they are: {in_order(directories)}."
    return (
        f"New accounts go into the first user directory that can be written, and {directories[0].name} stands before "
        f"{wanted}. Move {wanted} to the top, or take directory out of the target."
    )
