"""Real HTTP to a simulated Bitbucket."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from bitbucket_visit import BitbucketVisit

from core.sandbox.bitbucket import ADMIN, Bitbucket
from core.sandbox.serving import serve


@pytest.fixture
async def visit() -> AsyncIterator[BitbucketVisit]:
    async with AsyncExitStack() as stack:

        async def open_client(
            bitbucket: Bitbucket, *, user: str | None = ADMIN, password: str = "admin", token: str | None = None
        ) -> httpx.AsyncClient:
            url = await stack.enter_async_context(serve(bitbucket.app))
            headers = {"User-Agent": "manciple-test"} | ({"Authorization": f"Bearer {token}"} if token else {})
            auth = httpx.BasicAuth(user, password) if user and not token else None
            client = httpx.AsyncClient(base_url=url + bitbucket.context_path, headers=headers, auth=auth)
            return await stack.enter_async_context(client)

        yield open_client
