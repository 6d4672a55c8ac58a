"""What a run did to each thing, from before its first change of it to after its last.

A run of pushes may change one thing several times. Undoing it puts back what was there before the first of these, in
one change; so changes of one thing are put together here, newest first, as long as each begins where the next older
one ended. Where one does not, somebody else came between, and what is older is not undone.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from core.planning.changes import Change, ChangeKind

_Fields = Mapping[str, str | bool | None]

_WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE_ACCOUNT: "active",
    ChangeKind.REACTIVATE_ACCOUNT: "active",
    ChangeKind.DEACTIVATE_ACCOUNT: "active",
    ChangeKind.DELETE_ACCOUNT: "account",
    ChangeKind.UPDATE_ACCOUNT: "values",
    ChangeKind.RENAME_ACCOUNT: "name",
    ChangeKind.LINK_ACCOUNT: "link",
    ChangeKind.UNLINK_ACCOUNT: "link",
    ChangeKind.CREATE_GROUP: "group",
    ChangeKind.DELETE_GROUP: "group",
    ChangeKind.RENAME_GROUP: "group name",
    ChangeKind.LINK_GROUP: "group link",
    ChangeKind.UNLINK_GROUP: "group link",
    ChangeKind.ADD_MEMBER: "member",
    ChangeKind.REMOVE_MEMBER: "member",
    ChangeKind.MOVE_LEAD: "lead",
}
"""Kind of change → what it changes: kinds that share it take each other back."""


@dataclass(frozen=True, slots=True)
class Span:
    """All that a run did to one thing."""

    first: Change
    """Its `before` is what was there before the run; of an account's values it has each that any of them changed."""
    last: Change
    """Its `after` is what the run left; likewise."""


def spans(done: Iterable[Change], about: Callable[[Change], Hashable]) -> tuple[tuple[Span, ...], tuple[Change, ...]]:
    """The spans of changes that are given newest first, and those changes that somebody else's came after."""
    found: dict[tuple[str, Hashable], Span] = {}
    broken: dict[tuple[str, Hashable], list[Change]] = {}
    for change in done:
        key = _WORDS[change.kind], about(change)
        later = found.get(key)
        if later is None:
            found[key] = Span(change, change)
        elif key in broken or not _leads_to(change, later.first):
            broken.setdefault(key, []).append(change)
        else:
            found[key] = _lengthened(later, change)
    return tuple(found.values()), tuple(change for changes in broken.values() for change in changes)


def _leads_to(earlier: Change, later: Change) -> bool:
    """Whether the later change began where the earlier one ended; an unknown value is no difference."""
    pairs = ((value, later.before[name]) for name, value in earlier.after.items() if name in later.before)
    return all(left == found for left, found in pairs if left is not None and found is not None)


def _lengthened(span: Span, earlier: Change) -> Span:
    """Updates each say some of the values; any other change says all of what it is about."""
    if earlier.kind != ChangeKind.UPDATE_ACCOUNT:
        return Span(earlier, span.last)
    return Span(
        replace(earlier, before={**span.first.before, **earlier.before}),
        replace(span.last, after={**earlier.after, **span.last.after}),
    )
