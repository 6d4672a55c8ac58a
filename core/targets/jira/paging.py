"""Jira's paged listings (`startAt`, `maxResults`, `total`, `isLast`, `values`), read to their end or not at all.

Jira may give fewer items than asked for, so the next page starts where this one ended. It starts one item earlier, in
truth: if that item is no longer there, something before it came or went and everything moved. The total that every
page announces must stay the same and be reached. Whatever does not add up raises `IncompleteRead`.
"""

from collections.abc import AsyncIterator
from typing import Any

from core.targets.http import Query
from core.targets.jira.session import Session
from core.targets.whole_listings import broken, page_at


async def listed(
    session: Session, path: str, query: Query, *, page_size: int, identity: str, subject: str = ""
) -> AsyncIterator[dict[str, Any]]:
    """The items of a listing in order; `identity` is the field that tells them apart.

    :raises IncompleteRead: when it breaks off after the first page, or the pages do not add up.
    :raises TargetError: when the first page cannot be read.
    """
    start, total, last = 0, None, None
    seen: set[object] = set()
    while True:
        asked = {**query, "startAt": start, "maxResults": page_size}
        page = await page_at(start, path, session.read(path, asked, subject=subject))
        items, announced = _checked(page, start, path)
        if total not in (None, announced) or (last is not None and (not items or items[0].get(identity) != last)):
            raise broken(path, start, "it changed while it was read")
        total = announced
        fresh = items if last is None else items[1:]
        for item in fresh:
            if item.get(identity) in seen:
                raise broken(path, start, f"it has {item.get(identity)} twice")
            seen.add(item.get(identity))
            yield item
        if len(seen) == total:
            return
        if not fresh or len(seen) > total:
            raise broken(path, start, f"it announces {total} items and has {len(seen)}")
        last = items[-1].get(identity)
        start = len(seen) - 1


def _checked(page: Any, start: int, path: str) -> tuple[list[dict[str, Any]], int]:
    """The items of a page, and how many the whole listing has.

    :raises IncompleteRead: when the page is not the one asked for.
    """
    values = page.get("values") if isinstance(page, dict) else None
    if not isinstance(values, list) or not all(isinstance(item, dict) for item in values):
        raise broken(path, start, "the page has no list of values")
    total = page.get("total")
    if not isinstance(total, int) or isinstance(total, bool):
        raise broken(path, start, "the page does not announce how many there are")
    if page.get("startAt", start) != start:
        raise broken(path, start, f"the page starts at {page['startAt']}")
    if page.get("isLast") is True and start + len(values) < total:
        raise broken(path, start, f"it ends at {start + len(values)} of {total}")
    return values, total
