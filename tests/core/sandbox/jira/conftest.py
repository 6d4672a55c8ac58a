"""Real HTTP to a simulated Jira."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from jira_visit import JiraVisit

from core.sandbox.jira import ADMIN, Jira
from core.sandbox.serving import serve


@pytest.fixture
async def visit() -> AsyncIterator[JiraVisit]:
    async with AsyncExitStack() as stack:

        async def open_client(jira: Jira, *, user: str | None = ADMIN, token: str | None = None) -> httpx.AsyncClient:
            url = await stack.enter_async_context(serve(jira.app))
            bearer = token or (jira.issue_token(user) if user else None)
            headers = {"User-Agent": "manciple-test"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
            client = httpx.AsyncClient(base_url=url + jira.context_path, headers=headers)
            return await stack.enter_async_context(client)

        yield open_client
