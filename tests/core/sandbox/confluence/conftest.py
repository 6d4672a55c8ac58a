"""Real HTTP to a simulated Confluence."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from confluence_visit import Visit

from core.sandbox.confluence import ADMIN, Confluence
from core.sandbox.serving import serve


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    async with AsyncExitStack() as stack:

        async def open_client(
            confluence: Confluence, *, user: str | None = ADMIN, token: str | None = None
        ) -> httpx.AsyncClient:
            url = await stack.enter_async_context(serve(confluence.app))
            bearer = token or (confluence.issue_token(user) if user else None)
            headers = {"User-Agent": "manciple-test"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
            client = httpx.AsyncClient(base_url=url + confluence.context_path, headers=headers)
            return await stack.enter_async_context(client)

        yield open_client
