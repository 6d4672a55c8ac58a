"""What the tests of the simulated Confluence share: the type of `visit`, and walking through all pages."""

from typing import Any, Protocol

import httpx

from core.sandbox.confluence import ADMIN, Confluence


class Visit(Protocol):
    """Serves an instance and gives a client at its base URL: as `user`, with `token`, or with nothing."""

    async def __call__(
        self, confluence: Confluence, *, user: str | None = ADMIN, token: str | None = None
    ) -> httpx.AsyncClient: ...


async def all_pages(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """Every result, following `_links.next` relative to `_links.base`."""
    results: list[dict[str, Any]] = []
    url: str | None = path
    while url:
        page = (await client.get(url)).json()
        results += page["results"]
        following = page["_links"].get("next")
        url = page["_links"]["base"] + following if following else None
    return results


def names(results: list[dict[str, Any]]) -> list[str]:
    """The usernames or group names of a page, in order."""
    return [result.get("username") or result["name"] for result in results]


def keys_of_errors(answer: httpx.Response) -> list[str]:
    """The message keys of the validation errors in the product's error document."""
    return [error["message"]["key"] for error in answer.json()["data"]["errors"]]
