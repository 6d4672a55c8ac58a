"""Every contract test runs against every product."""

from collections.abc import AsyncIterator

import pytest
from stage import Stage
from stages import STAGES


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A product with its administrator and nobody else."""
    async with STAGES[request.param]() as on_stage:
        yield on_stage
