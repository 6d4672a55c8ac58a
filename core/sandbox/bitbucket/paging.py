"""Bitbucket's page document: `isLastPage` tells the end, `nextPageStart` leads on, and is no sum of start and limit.

Source: Bitbucket Data Center REST API reference, Paged APIs.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.sandbox.answers import Json
from core.sandbox.bitbucket.answers import invalid
from core.sandbox.bitbucket.endpoint import Call

Item = TypeVar("Item")
_DEFAULT_LIMIT = 25


def paged(call: Call, items: Sequence[Item], show: Callable[[Call, Item], object]) -> Json:
    """The page that `start` and `limit` ask for."""
    start, limit = call.number("start", 0), min(call.number("limit", _DEFAULT_LIMIT), call.state.quirks.largest_page)
    if limit == 0:
        raise invalid("The limit must be at least 1.", "limit")
    first, end = _place(call, start, limit), _place(call, start + limit, limit)
    shown, is_last = items[first:end], end >= len(items)
    return Json(
        {
            "size": len(shown),
            "limit": limit,
            "isLastPage": is_last,
            "values": [show(call, item) for item in shown],
            "start": start,
            "nextPageStart": None if is_last else start + limit,
        }
    )


def _place(call: Call, start: int, limit: int) -> int:
    """Where in the listing `start` is: each page of sparse ones leaves its last places empty."""
    full = limit - min(call.state.quirks.sparse_pages, limit - 1)
    pages, rest = divmod(start, limit)
    return pages * full + min(rest, full)
