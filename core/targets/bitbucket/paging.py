"""Bitbucket's paged listings (`start`, `limit`, `isLastPage`, `nextPageStart`), read to their end or not at all.

A page may have fewer items than asked for, and the next one starts where `nextPageStart` says, which need not be where
this one ended. No total is announced. So the pages prove each other: where they lie close together, each starts one
item earlier, which must be the last of the page before; where there is a gap, the page before is read once more and
must be the same. If something came or went between them, everything has moved, and `IncompleteRead` is raised.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from core.targets.bitbucket.session import Session
from core.targets.http import Query
from core.targets.protocol import IncompleteRead
from core.targets.whole_listings import broken, page_at

PAGE_SIZE = 1000
"""The most that Bitbucket gives at once."""
Item = dict[str, Any]
Identity = Callable[[Item], str]
"""What tells an item from the others; raises `IncompleteRead` for one that has nothing of the kind."""
_CHANGED = "it changed while it was read"


async def listed(
    session: Session, path: str, query: Query, *, identity: Identity, subject: str = ""
) -> AsyncIterator[Item]:
    """The items of a listing in order.

    :raises IncompleteRead: when it breaks off after the first page, or the pages do not add up.
    :raises TargetError: when the first page cannot be read.
    """

    async def read(start: int) -> tuple[list[Item], list[str], int | None]:
        asked = {**query, "start": start, "limit": PAGE_SIZE}
        page = await page_at(start, path, session.read(path, asked, subject=subject))
        items, onward = _checked(page, start, path)
        return items, [identity(item) for item in items], onward

    start, last, before = 0, None, None
    seen: set[str] = set()
    while True:
        items, keys, onward = await read(start)
        if last is not None and keys[:1] != [last]:
            raise broken(path, start, _CHANGED)
        if before is not None and (await read(before[0]))[1] != before[1]:
            raise broken(path, start, _CHANGED)
        for key, item in list(zip(keys, items, strict=True))[0 if last is None else 1 :]:
            if key in seen:
                raise broken(path, start, f"it has {key} twice")
            seen.add(key)
            yield item
        if onward is None:
            return
        if onward == start + len(items) and len(items) > 1:
            last, before, start = keys[-1], None, onward - 1
        else:
            last, before, start = None, (start, keys), onward


def _checked(page: Any, start: int, path: str) -> tuple[list[Item], int | None]:
    """The items of a page, and where the next one starts; `None` after the last.

    :raises IncompleteRead: when the page is not the one asked for, or leads nowhere.
    """
    values = page.get("values") if isinstance(page, dict) else None
    if not isinstance(values, list) or not all(isinstance(item, dict) for item in values):
        raise broken(path, start, "the page has no list of values")
    if page.get("start", start) != start:
        raise broken(path, start, f"the page starts at {page['start']}")
    if page.get("size", len(values)) != len(values):
        raise broken(path, start, f"the page announces {page['size']} items and has {len(values)}")
    is_last, onward = page.get("isLastPage"), page.get("nextPageStart")
    if is_last is True:
        return values, None
    if is_last is not False or not isinstance(onward, int) or onward < start + max(1, len(values)):
        raise broken(path, start, "it is not the last page, and leads to no next one")
    return values, onward


def by(field: str) -> Identity:
    """Items are told apart by this field, whatever its case."""

    def identity(item: Item) -> str:
        value = item.get(field)
        if not isinstance(value, str | int) or value == "":
            raise IncompleteRead(f"Bitbucket answered with an item of a listing that has no {field}.")
        return str(value).lower()

    return identity


def by_name_of(field: str) -> Identity:
    """Items are told apart by the name of what this field holds."""
    name = by("name")

    def identity(item: Item) -> str:
        inside = item.get(field)
        return name(inside if isinstance(inside, dict) else {})

    return identity
