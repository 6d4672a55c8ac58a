"""Groups inside groups, as Jira reads through them: a member of the inner one is a member of the outer one too."""

from collections.abc import Iterable

from core.sandbox.embedded_crowd import EmbeddedCrowd, name_key


def outer_groups(crowd: EmbeddedCrowd, groups: Iterable[str]) -> set[str]:
    """These groups, by key, and all that they are nested in."""
    outside: dict[str, set[str]] = {}
    for content in crowd.contents:
        for outer, inner in content.nested.items():
            for key in inner:
                outside.setdefault(key, set()).add(outer)
    return _reached(groups, outside)


def all_members(crowd: EmbeddedCrowd, group: str) -> list[str]:
    """Sorted name keys of the members of a group and of the groups inside it."""
    inside = {key: set(crowd.nested_groups(key)) for key in crowd.groups()} if _is_nesting(crowd) else {}
    reached = _reached([name_key(group)], inside)
    if len(reached) == 1:
        return crowd.members(group)
    return sorted({member for key in reached for member in crowd.members(key)})


def _is_nesting(crowd: EmbeddedCrowd) -> bool:
    return any(inner for content in crowd.contents for inner in content.nested.values())


def _reached(start: Iterable[str], onward: dict[str, set[str]]) -> set[str]:
    found, waiting = set[str](), list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += onward.get(key, ())
    return found
