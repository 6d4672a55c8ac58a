"""Crowd's listings: a part of them from `start-index` on, without a word on how many there are in all."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.responses import Response

from core.sandbox.crowd import representations
from core.sandbox.crowd.directories import User
from core.sandbox.crowd.endpoint import Call

Item = TypeVar("Item")


def users(call: Call, found: Sequence[User]) -> Response:
    """The part of these users that is asked for; whole ones only where `expand=user` is."""
    show = representations.user if call.expands("user") else representations.short_user
    return call.answer("users", {"expand": "user", "users": _part(call, found, show)})


def groups(call: Call, found: Sequence[str]) -> Response:
    """The part of these groups that is asked for."""
    show = representations.group if call.expands("group") else representations.short_group
    return call.answer("groups", {"expand": "group", "groups": _part(call, found, show)})


def _part(call: Call, items: Sequence[Item], show: Callable[[Call, Item], dict[str, object]]) -> list[object]:
    quirks = call.state.quirks
    start, size = max(0, call.number("start-index", 0)), call.number("max-results", quirks.default_page)
    if size < 0:  # EntityQuery.ALL_RESULTS
        size = len(items)
    if quirks.largest_page is not None:
        size = min(size, quirks.largest_page)
    return [show(call, item) for item in items[start : start + size]]
