"""Real HTTP to a simulated Crowd."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from crowd_visit import CrowdVisit

from core.sandbox.crowd import APPLICATION, Application, Crowd
from core.sandbox.serving import serve


@pytest.fixture
async def visit() -> AsyncIterator[CrowdVisit]:
    async with AsyncExitStack() as stack:

        async def open_client(crowd: Crowd, application: Application = APPLICATION) -> httpx.AsyncClient:
            url = await stack.enter_async_context(serve(crowd.app))
            client = httpx.AsyncClient(
                base_url=f"{url}{crowd.context_path}/rest/usermanagement/1",
                headers={"Accept": "application/json"},
                auth=(application.name, application.password),
            )
            return await stack.enter_async_context(client)

        yield open_client
