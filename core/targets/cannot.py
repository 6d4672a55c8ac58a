"""What most products have nothing of, refused in words: a target takes the part that it lacks.

The same sentence stands in `Capabilities`, so that a plan says it before anything is tried.
"""

from collections.abc import AsyncIterator, Collection

from core.planning.values import Capabilities, Lead
from core.targets.protocol import Unsupported

_NOTHING = Capabilities()


class WithoutLeads:
    """Nothing is led by an account."""

    async def list_leads(self, roles: Collection[str]) -> AsyncIterator[Lead]:
        """Refused."""
        raise Unsupported(_NOTHING.leads or "")
        yield  # makes it a generator, as the protocol has it

    async def find_lead(self, key: str) -> Lead | None:
        """Refused."""
        raise Unsupported(_NOTHING.leads or "")

    async def move_lead(self, key: str, account: str) -> None:
        """Refused."""
        raise Unsupported(_NOTHING.leads or "")
