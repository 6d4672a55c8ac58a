"""How a target refuses what its product cannot do."""

from collections.abc import Awaitable

import pytest

from core.targets.protocol import Refused, Unsupported

NO = (Refused, Unsupported)
"""A name that cannot be, or not over this REST: either says so before anything is done."""


async def refused(reason: str | None, call: Awaitable[object]) -> bool:
    """Do it, and answer whether it was refused: it must be where there is a reason, and in its words."""
    if reason is None:
        await call
        return False
    with pytest.raises(Unsupported) as caught:
        await call
    assert str(caught.value) == reason
    return True
