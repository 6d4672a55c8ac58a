"""Cursors: where the next page of a query begins, in a form that only this process makes and reads (RFC 9865 §2, §5).

A cursor holds for one provider, one query and one page size. It is authenticated, with a key that this process draws
when it starts: after a restart a client is told to begin again, which it must be ready for at any time anyway.
"""

import base64
import binascii
import hmac
import os
from dataclasses import dataclass
from typing import Any

import orjson
from scim2_models import ExpiredCursorException, InvalidCountException, InvalidCursorException

from core.scim.search.asked import Asked
from core.scim.service import CURSOR_SECONDS

_KEY = os.urandom(32)
_KEY_NAME = os.urandom(4)
"""Tells a cursor of an earlier process from one that nobody made."""
_MAC = 16
_HEAD = len(_KEY_NAME) + _MAC
_BEGIN_AGAIN = "send an empty cursor to begin again"


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which resource a page begins."""

    part: int = 0
    key: int = 0
    value: Any = None
    """What it is sorted by; `None` where it has no such value, or nothing is sorted."""
    total: int | None = None
    """How many matched when the first page was made."""


def seal(provider: str, asked: Asked, position: Position, now: int) -> str:
    """The cursor for a position; `now` in milliseconds since 1970."""
    body = orjson.dumps([now, asked.count, position.part, position.key, position.value, position.total])
    return _written(_KEY_NAME + _mac(provider, asked, body) + body)


def unseal(provider: str, asked: Asked, now: int) -> Position:
    """The position that the cursor of a query holds; the very beginning where it is empty.

    :raises InvalidCursorException: where it was not made here, or not for this provider and query.
    :raises InvalidCountException: where it was made for another page size.
    :raises ExpiredCursorException: where it is older than `CURSOR_SECONDS`, or was made before a restart.
    """
    if not asked.cursor:
        return Position()
    sealed = _read(asked.cursor)
    if sealed[: len(_KEY_NAME)] != _KEY_NAME and _looks_sealed(sealed):
        raise ExpiredCursorException(detail=f"the cursor was made before a restart: {_BEGIN_AGAIN}")
    body = sealed[_HEAD:]
    if not hmac.compare_digest(sealed[len(_KEY_NAME) : _HEAD], _mac(provider, asked, body)):
        raise InvalidCursorException(detail=f"the cursor is none of this query: {_BEGIN_AGAIN}")
    made_at, count, *position = orjson.loads(body)
    if count != asked.count:
        raise InvalidCountException(detail=f"the cursor was made for count={count}: keep it, or {_BEGIN_AGAIN}")
    if now - made_at > CURSOR_SECONDS * 1000:
        raise ExpiredCursorException(detail=f"the cursor is older than {CURSOR_SECONDS} s: {_BEGIN_AGAIN}")
    return Position(*position)


def _mac(provider: str, asked: Asked, body: bytes) -> bytes:
    bound = orjson.dumps([provider]) + asked.identity() + b"\0" + body
    return hmac.digest(_KEY, bound, "sha256")[:_MAC]


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _read(cursor: str) -> bytes:
    """Its bytes; one that differs only where base64 looks away is refused as well."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    if len(sealed) <= _HEAD or _written(sealed) != cursor:
        raise InvalidCursorException(detail=f"the cursor is none that was given: {_BEGIN_AGAIN}")
    return sealed


def _looks_sealed(sealed: bytes) -> bool:
    try:
        parts = orjson.loads(sealed[_HEAD:])
    except orjson.JSONDecodeError:
        return False
    return isinstance(parts, list) and len(parts) == len(Position.__slots__) + 2
