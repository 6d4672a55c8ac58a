"""What this directory can do. There is one version of the interface, which says itself whether it takes a PATCH."""

from typing import Any

from core.planning.values import Capabilities
from core.targets.cloud.names import NAME_RULES
from core.targets.cloud.reading import ATTRIBUTES
from core.targets.cloud.session import Session
from core.targets.protocol import Refused, Unsupported
from core.targets.remembered import Remembered
from core.targets.timing import Timing

FRESH_FOR = 300.0
"""Seconds that an answer of `capabilities` holds without asking again."""
DELETE_USER = (
    "Atlassian Cloud deletes no account over its user provisioning API: its DELETE deactivates, and hides the account "
    'for good. Use when_inactive = "deactivate", and delete accounts in admin.atlassian.com.'
)
RENAME_GROUP = (
    "Atlassian Cloud does not rename groups. Make a new one, move its members and its product access, and delete the "
    "old one."
)
_NO_PATCH = "This directory takes no PATCH, without which nothing can be changed. Look at its ServiceProviderConfig."


class Probing:
    """Finds out what one directory can do, and remembers it."""

    def __init__(self, session: Session, timing: Timing) -> None:
        self._session = session
        self._remembered = Remembered(self._found, FRESH_FOR, timing)

    async def capabilities(self) -> Capabilities:
        """What the directory can do now.

        :raises CredentialFailed: when the API key is not accepted.
        :raises Unavailable: when there is no such directory.
        """
        return await self._remembered.get()

    async def _found(self) -> Capabilities:
        await self._session.require_directory()
        reason = None if await self._takes_patch() else _NO_PATCH
        return Capabilities(
            update_user=reason,
            rename_user=reason,
            set_active=reason,
            delete_user=DELETE_USER,
            rename_group=RENAME_GROUP,
            delete_group=None,
            members=reason,
            attributes=frozenset(ATTRIBUTES),
            names=NAME_RULES,
        )

    async def _takes_patch(self) -> bool:
        """What `ServiceProviderConfig` says (RFC 7643 section 5); yes where it says nothing."""
        try:
            document: Any = await self._session.read("/ServiceProviderConfig")
        except (Refused, Unsupported):
            return True
        patch = document.get("patch") if isinstance(document, dict) else None
        return not isinstance(patch, dict) or patch.get("supported") is not False
