"""A directory's listings by index (RFC 7644 section 3.4.2.4), read to their end or not at all.

Atlassian gives at most 100 at once, in no order that it promises. So the next page starts at the last item that was
seen: if that one is no longer there, something came or went and everything moved. The total that every page announces
must stay the same and be reached, and nothing may come twice. Whatever does not add up raises `IncompleteRead`.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from core.targets.cloud.session import Session
from core.targets.cloud.wire import ResourceT, read_list
from core.targets.protocol import IncompleteRead
from core.targets.whole_listings import broken, page_at

PAGE_SIZE = 100
_FEW = 10
"""Asked for at once where more are too long for one answer: groups come with all of their members."""


async def listed(session: Session, path: str, model: type[ResourceT]) -> AsyncIterator[ResourceT]:
    """All users or groups.

    :raises IncompleteRead: when the listing breaks off after the first page, or the pages do not add up.
    :raises TargetError: when the first page cannot be read.
    """
    total: int | None = None
    last: str | None = None
    seen: set[str] = set()
    while True:
        start = max(1, len(seen))
        document = await page_at(start - 1, path, _page(session, path, start))
        items, announced, index = await asyncio.to_thread(read_list, model, document)
        if index not in (0, start):
            raise broken(path, start, f"the page starts at {index}")
        if total not in (None, announced) or (last is not None and (not items or items[0].id != last)):
            raise broken(path, start, "it changed while it was read")
        total = announced
        fresh = items if last is None else items[1:]
        for item in fresh:
            if str(item.id) in seen:
                raise broken(path, start, f"it has {item.id} twice")
            seen.add(str(item.id))
            yield item
        if len(seen) == total:
            return
        if not fresh or len(seen) > total:
            raise broken(path, start, f"it announces {total} items and has {len(seen)}")
        last = str(items[-1].id)


async def _page(session: Session, path: str, start: int) -> Any:
    try:
        return await session.read_listing(path, {"startIndex": start, "count": PAGE_SIZE})
    except IncompleteRead:
        return await session.read_listing(path, {"startIndex": start, "count": _FEW})
