"""Crowd's listings (`start-index`, `max-results`), read to their end or not at all. They tell no total.

A page that is shorter than asked for may be the last, or cut by a limit of the instance. So the next one is asked for
until there is none, unless a longer page of the same listing was seen before: what could be longer was not cut.
Each page starts with the last item of the one before: if that is no longer there, something before it came or went and
everything moved. Whatever does not add up raises `IncompleteRead`.
"""

from collections.abc import AsyncIterator
from typing import Any

from core.planning.names import account_key
from core.targets.crowd.session import Session
from core.targets.http import Query
from core.targets.whole_listings import broken, page_at

PAGE_SIZE = 1000


class Listings:
    """The listings of one Crowd."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._longest: dict[str, int] = {}
        """Path → items of the longest page that it gave."""

    async def items(self, path: str, query: Query, kind: str, *, subject: str = "") -> AsyncIterator[dict[str, Any]]:
        """The items of a listing in order; `kind` is `users` or `groups`.

        :raises IncompleteRead: when it breaks off after the first page, or the pages do not add up.
        :raises TargetError: when the first page cannot be read.
        """
        seen: set[str] = set()
        last = None
        while True:
            start = max(0, len(seen) - 1)
            page = await self._page(path, query, kind, start, subject)
            if last is not None and (not page or _identity(page[0]) != last):
                raise broken(path, start, "it changed while it was read")
            fresh = page if last is None else page[1:]
            for item in fresh:
                if _identity(item) in seen:
                    raise broken(path, start, f"it has {item['name']} twice")
                seen.add(_identity(item))
                yield item
            if not fresh or len(page) < self._longest.get(path, 0):
                break
            self._longest[path] = len(page)
            last = _identity(page[-1])
        if self._longest.get(path) == 1 and await self._page(path, query, kind, 1, subject):
            raise broken(path, 1, "the instance gives one item at a time, which proves nothing")

    async def _page(self, path: str, query: Query, kind: str, start: int, subject: str) -> list[dict[str, Any]]:
        asked = {**query, "start-index": start, "max-results": PAGE_SIZE}
        document = await page_at(start, path, self._session.read(path, asked, subject=subject))
        return _checked(document, kind, start, path)


def _checked(document: Any, kind: str, start: int, path: str) -> list[dict[str, Any]]:
    """The items of a page.

    :raises IncompleteRead: when it is no page.
    """
    items = document.get(kind) if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(_is_named(item) for item in items):
        raise broken(path, start, f"the page has no list of {kind}")
    return items


def _is_named(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str) and bool(item["name"])


def _identity(item: dict[str, Any]) -> str:
    return account_key(item["name"])
