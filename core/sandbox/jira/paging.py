"""Jira's page document: `isLast` tells the end, `nextPage` leads on.

Source: Jira Data Center REST API reference, Pagination.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.sandbox.answers import Json
from core.sandbox.jira.endpoint import Call

Item = TypeVar("Item")


def paged(
    call: Call, address: str, items: Sequence[Item], show: Callable[[Call, Item], dict[str, object]], *, largest: int
) -> Json:
    """The page that `startAt` and `maxResults` ask for; `address` is the listing's own, up to these parameters."""
    start, size = call.number("startAt", 0), min(call.number("maxResults", largest), largest)
    at = f"{address}maxResults={size}&startAt="
    is_last = start + size >= len(items)
    page: dict[str, object] = {
        "self": f"{at}{start}",
        "maxResults": size,
        "startAt": start,
        "total": len(items),
        "isLast": is_last,
        "values": [show(call, item) for item in items[start : start + size]],
    }
    return Json(page if is_last else page | {"nextPage": f"{at}{start + size}"})
