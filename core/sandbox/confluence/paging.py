"""Confluence's page document: `_links.next` until the last page, relative to `_links.base`.

Source: Atlassian, "Pagination in the REST API".
"""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from core.sandbox.answers import Json
from core.sandbox.confluence.answers import Invalid, invalid
from core.sandbox.confluence.endpoint import Call

_DEFAULT_LIMIT = 200

Item = TypeVar("Item")


def paged(call: Call, path: str, items: Sequence[Item], show: Callable[[Call, Item], dict[str, object]]) -> Json:
    """The page that `start` and `limit` ask for; `limit` may come back smaller than asked."""
    start = _number(call, "start", 0)
    limit = min(_number(call, "limit", _DEFAULT_LIMIT), call.state.quirks.page_cap)
    results = [show(call, item) for item in items[start : start + limit]]
    kept = {name: value for name, value in call.query.items() if name not in ("start", "limit")}
    links = {"self": f"{call.base}{_with_query(path, kept)}", "base": call.base, "context": call.state.context}
    if start + limit < len(items) and limit > 0:
        links["next"] = _with_query(path, {**kept, "limit": str(limit), "start": str(start + limit)})
    return Json({"results": results, "start": start, "limit": limit, "size": len(results), "_links": links})


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise invalid([Invalid(f"{name}.invalid", f"{name} must be a number that is not negative.")])
    return int(text)


def _with_query(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
