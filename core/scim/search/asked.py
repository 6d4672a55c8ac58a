"""What a list or a query asks for, read from the query of a GET or the body of a search by POST (RFC 7644 §3.4.2-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from scim2_models import InvalidCountException, InvalidSyntaxException, InvalidValueException
from scim2_server.requests import ScimRequest

from core.scim.routing import PLACES
from core.scim.search.projection import Projection
from core.scim.service import DEFAULT_PAGE, LAST_INDEX, MAX_RESULTS
from core.store.identities import Kind

_EVERYTHING: tuple[Kind, ...] = ("User", "Group")
_LISTED: Mapping[str, tuple[Kind, ...]] = {"/": _EVERYTHING} | {path: (kind,) for path, kind in PLACES.items()}
_SEARCHED: Mapping[str, tuple[Kind, ...]] = {f"{path.rstrip('/')}/.search": kinds for path, kinds in _LISTED.items()}
_ORDERS = {"": False, "ascending": False, "descending": True}
_DIGITS = 18
"""Digits of a number at most: what is longer is as good as the largest there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One list or query."""

    kinds: tuple[Kind, ...]
    """What is searched; at the base URI both kinds (RFC 7644 §3.4.2.1)."""
    projection: Projection
    filter: str | None = None
    sort_by: str | None = None
    is_descending: bool = False
    start: int = 1
    """The first resource of the page, counted from 1."""
    count: int = DEFAULT_PAGE
    """Resources on the page at most, within `MAX_RESULTS`."""
    cursor: str | None = None
    """Where to go on; empty for the first of pages by cursor, `None` for pages by index (RFC 9865 §2)."""

    def identity(self) -> bytes:
        """What two pages of one query have in common."""
        shown = [sorted(names or ()) for names in (self.projection.shown, self.projection.hidden)]
        return orjson.dumps([self.kinds, self.filter, self.sort_by, self.is_descending, shown])


def asked_by(request: ScimRequest, document: dict[str, Any] | None) -> Asked | None:
    """What a request asks for; `None` where it is no list or query. `document` is its body in strict form.

    :raises SCIMException: 400, with the parameter and the remedy.
    """
    if request.method == "GET" and (kinds := _LISTED.get(request.path)):
        return _asked(kinds, {name.lower(): value for name, value in request.query.items()})
    if request.method == "POST" and (kinds := _SEARCHED.get(request.path)):
        return _asked(kinds, _parameters(request, document))
    return None


def _parameters(request: ScimRequest, document: dict[str, Any] | None) -> dict[str, Any]:
    """The members of a SearchRequest; names are read in any case, and null is no value."""
    if document is None:  # empty, or no object
        body = request.body if isinstance(request.body, bytes) else b""
        if body.strip() != b"{}" and b"".join(body.split()) != b"{}":
            raise InvalidSyntaxException(detail="the body is no JSON object: send a SearchRequest (RFC 7644 §3.4.3)")
        return {}
    return {name.lower(): value for name, value in document.items() if value is not None}


def _asked(kinds: tuple[Kind, ...], given: Mapping[str, Any]) -> Asked:
    cursor = _text(given, "cursor")
    if cursor is not None and "startindex" in given:
        raise InvalidValueException(detail="cursor and startIndex exclude one another: send one of them")
    return Asked(
        kinds=kinds,
        projection=Projection.of({name: _names(given, name) for name in ("attributes", "excludedAttributes")}),
        filter=_text(given, "filter"),
        sort_by=_text(given, "sortBy"),
        is_descending=_is_descending(_text(given, "sortOrder") or ""),
        start=min(max(_number(given, "startIndex", 1), 1), LAST_INDEX),
        count=min(max(_count(given, by_cursor=cursor is not None), 0), MAX_RESULTS),
        cursor=cursor,
    )


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name.lower())
    if value is None or isinstance(value, str):
        return value
    raise InvalidValueException(detail=f"{name} is no text: send a string")


def _names(given: Mapping[str, Any], name: str) -> str:
    """A list of attributes, as the query writes it; a body has them in a list."""
    value = given.get(name.lower(), "")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    if isinstance(value, str):
        return value
    raise InvalidValueException(detail=f"{name} is no list of attributes: send their names")


def _is_descending(order: str) -> bool:
    try:
        return _ORDERS[order.lower()]
    except KeyError:
        detail = f"sortOrder is {order!r}: send ascending or descending"
        raise InvalidValueException(detail=detail) from None


def _count(given: Mapping[str, Any], *, by_cursor: bool) -> int:
    try:
        return _number(given, "count", DEFAULT_PAGE)
    except InvalidValueException as refused:
        if by_cursor:  # RFC 9865 §2.1 has a name of its own for it
            raise InvalidCountException(detail=refused.detail) from None
        raise


def _number(given: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = given.get(name.lower(), otherwise)
    if isinstance(value, str):
        digits = value.strip().removeprefix("-")
        if digits.isascii() and digits.isdecimal():
            size = int(digits) if len(digits) <= _DIGITS else LAST_INDEX
            return -size if value.strip().startswith("-") else size
    elif isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InvalidValueException(detail=f"{name} is {str(value)[:40]!r}: send a whole number")
