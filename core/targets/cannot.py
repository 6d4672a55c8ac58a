"""What a product cannot do over its REST, refused in words: a target takes the parts that it lacks.

The same sentences stand in `Capabilities`, so that a plan says them before anything is tried.
"""

from collections.abc import AsyncIterator, Collection

from core.planning.values import Capabilities, Lead
from core.targets.protocol import Unsupported

_NOTHING = Capabilities()


class WithoutAccountRenames:
    """Accounts keep their names."""

    async def rename_account(self, name: str, new_name: str) -> None:
        """Refused."""
        raise Unsupported(_NOTHING.rename_user or "")


class WithoutGroupRenames:
    """Groups keep their names."""

    async def rename_group(self, name: str, new_name: str) -> None:
        """Refused."""
        raise Unsupported(_NOTHING.rename_group or "")


class WithoutAccountDeletion:
    """Accounts stay."""

    async def delete_account(self, name: str) -> None:
        """Refused."""
        raise Unsupported(_NOTHING.delete_user or "")


class WithoutGroupDeletion:
    """Groups stay."""

    async def delete_group(self, name: str) -> None:
        """Refused."""
        raise Unsupported(_NOTHING.delete_group or "")


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
