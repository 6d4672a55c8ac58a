"""Groups inside groups, followed to their end."""

from collections.abc import Callable, Iterable

from core.sandbox.crowd.seen import Seen
from core.sandbox.embedded_crowd import name_key


def inside(seen: Seen, group: str) -> set[str]:
    """Keys of a group and of all that are inside it."""
    return _reached([name_key(group)], seen.children)


def around(seen: Seen, groups: Iterable[str]) -> set[str]:
    """Keys of these groups and of all that they are inside of."""
    return _reached(groups, seen.parents)


def _reached(start: Iterable[str], onward: Callable[[str], set[str]]) -> set[str]:
    found, waiting = set[str](), list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += onward(key)
    return found
