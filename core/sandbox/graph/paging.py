"""Pages of ordinary listings: a snapshot of ids, walked by links with opaque tokens.

The same link may be followed twice, and gives the same page both times. A link repeats the query, but no header. What
was deleted since the first page is left out, so a page may be shorter than asked, and empty.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from core.sandbox.graph.call import Call, Reply
from core.sandbox.graph.contents import Clock
from core.sandbox.graph.errors import Refusal
from core.sandbox.graph.options import page_size, wants_count
from core.sandbox.graph.properties import Document

T = TypeVar("T")
Show = Callable[[Any], Document | None]
"""Shows one object by its key; None leaves it out."""


class Remembered(Generic[T]):
    """What opaque tokens stand for; the newest `most` are remembered."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._over: set[str] = set()

    def keep(self, value: T) -> str:
        """A new token for a value."""
        token = secrets.token_urlsafe(48)
        self._kept[token] = self._clock(), value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return token

    def find(self, token: str, seconds: float | None) -> T | None:
        """The value of a token; None for an unknown one and for one older than `seconds`."""
        made, value = self._kept.get(token, (0.0, None))
        over = token in self._over or (seconds is not None and self._clock() - made >= seconds)
        return None if over else value

    def remains_of(self, token: str) -> T | None:
        """The value of a token that may be over; None for one that is not remembered."""
        return self._kept.get(token, (0.0, None))[1]

    def expire_all(self) -> None:
        """Let all tokens be over that were given so far."""
        self._over = set(self._kept)


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a listing."""

    path: str
    keys: Sequence[Any]
    size: int
    show: Show
    context: str
    start: int = 0


def first_page(call: Call, keys: Sequence[Any], show: Show, context: str, *, count: int | None = None) -> Reply:
    """The first page of a listing; `keys` are what `show` takes, and `count` is told instead of their number."""
    page = Page(call.path, keys, page_size(call), show, context)
    total = {"@odata.count": len(keys) if count is None else count} if call.eventual and wants_count(call) else {}
    return _reply(call, page, total)


def next_page(call: Call) -> Reply:
    """The page that a `$skiptoken` leads to.

    :raises Refusal: 400 when the token is over, or was never given.
    """
    page = call.state.pages.find(call.query["$skiptoken"], call.state.quirks.page_token_seconds)
    if page is None or page.path != call.path:
        message = "Specified page token value has expired and can no longer be included in your request."
        raise Refusal(400, "Directory_ExpiredPageToken", message)
    return _reply(call, page, {})


def _reply(call: Call, page: Page, total: Mapping[str, int]) -> Reply:
    end = page.start + page.size
    shown = [document for key in page.keys[page.start : end] if (document := page.show(key)) is not None]
    links = {}
    if end < len(page.keys):
        token = call.state.pages.keep(replace(page, start=end))
        asked = {name: value for name, value in call.query.items() if name != "$skiptoken"}
        query = urlencode({**asked, "$skiptoken": token}, quote_via=quote, safe="$,()'/")
        links["@odata.nextLink"] = f"{call.base}/{page.path}?{query}"
    context = {"@odata.context": f"{call.base}/$metadata#{page.context}"}
    return Reply({**context, **total, **links, "value": shown})
