"""Confluence's paged listings, read to their end or not at all.

A page answers `results`, `start`, `limit`, `size` and `_links.next`. Confluence may give fewer items than asked for,
so the next page starts where this one ended, and only a missing `next` is the end. It starts one item earlier, in
truth: if that item is no longer there, something before it came or went and everything moved, and what stood at the
border of the two pages would be lost without a trace. Whatever does not add up raises `IncompleteRead`: on the strength
of a listing, accounts are deactivated.
"""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.targets.confluence.session import Session
from core.targets.http import Query
from core.targets.whole_listings import broken, page_at

PAGE_SIZE = 200


async def listed(
    session: Session, path: str, query: Query | None = None, *, subject: str = "", exact: bool = True
) -> AsyncIterator[dict[str, Any]]:
    """The items of a listing in order. Without `exact` it may lose or repeat some that moved while it was read.

    :raises IncompleteRead: when it breaks off after the first page, or the pages do not add up.
    :raises TargetError: when the first page cannot be read.
    """
    start, expected = 0, None
    while True:
        asked = {**(query or {}), "start": start, "limit": PAGE_SIZE}
        page = await page_at(start, path, session.read(path, asked, subject=subject))
        items, onward = _checked(page, start, path)
        if expected is not None and (not items or _name_of(items[0]) != expected):
            raise broken(path, start, "it changed while it was read")
        for item in items if expected is None else items[1:]:
            yield item
        if onward is None:
            return
        overlaps = exact and len(items) > 1  # a page of one item could never get on
        expected = _name_of(items[-1]) if overlaps else None
        start = onward - overlaps


def _checked(page: Any, start: int, path: str) -> tuple[list[dict[str, Any]], int | None]:
    """The items of a page, and where the next one starts; `None` after the last.

    :raises IncompleteRead: when the page is not the one asked for, or leads elsewhere than to the next.
    """
    results = page.get("results") if isinstance(page, dict) else None
    if not isinstance(results, list) or not all(isinstance(item, dict) for item in results):
        raise broken(path, start, "the page has no list of results")
    if page.get("start", start) != start:
        raise broken(path, start, f"the page starts at {page['start']}")
    if page.get("size", len(results)) != len(results):
        raise broken(path, start, f"the page announces {page['size']} items and has {len(results)}")
    links = page.get("_links")
    link = links.get("next") if isinstance(links, dict) else None
    if not link:
        return results, None
    end = start + len(results)
    if not results:
        raise broken(path, start, "the page is empty and yet not the last")
    if _start_of(str(link)) != end:
        raise broken(path, start, f"the next page does not start at {end}")
    return results, end


def _name_of(item: dict[str, Any]) -> str:
    """What tells a user or group from the others."""
    return str(item.get("userKey") or item.get("name"))


def _start_of(link: str) -> int | None:
    """The `start` in a `next` link. The link itself is not followed: it may name another base URL than ours."""
    try:
        return int(parse_qs(urlsplit(link).query)["start"][-1])
    except (KeyError, ValueError):
        return None
