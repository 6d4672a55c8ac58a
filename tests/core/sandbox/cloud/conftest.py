"""Real HTTP to a simulated directory of Atlassian Cloud."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from cloud_visit import CloudVisit

from core.sandbox.cloud import Cloud
from core.sandbox.serving import serve


@pytest.fixture
async def visit() -> AsyncIterator[CloudVisit]:
    async with AsyncExitStack() as stack:

        async def open_client(cloud: Cloud, *, key: str | None = None, path: str | None = None) -> httpx.AsyncClient:
            url = await stack.enter_async_context(serve(cloud.app))
            bearer = cloud.issue_key() if key is None else key
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            client = httpx.AsyncClient(base_url=url + (path or cloud.context_path), headers=headers)
            return await stack.enter_async_context(client)

        yield open_client
