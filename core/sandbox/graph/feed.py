"""The log of edits that delta queries read: one per kind of object, only ever appended to.

An entry says which object was edited and what of it, never how it looks now. A position is the number of entries
before it, so a delta token is two numbers and an edit costs the same in every tenant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Edit(NamedTuple):
    """One entry of the log."""

    object_id: str
    properties: frozenset[str] = frozenset()
    """Properties that changed, by Graph's names; `manager` and `members` are told in `related`."""
    whole: bool = False
    """Created, or restored: the object is told with all it has."""
    left: bool = False
    """Deleted, to the recycle bin or for good."""
    related: str | None = None
    """The object that became, or ceased to be, its manager or its member."""
    joined: bool = True
    """Whether it became one."""


@dataclass(slots=True)
class Changed:
    """What happened to one object between two positions, folded."""

    properties: set[str] = field(default_factory=set)
    whole: bool = False
    left: bool = False
    related: dict[str, bool] = field(default_factory=dict)
    """Objects that became (True) or ceased to be (False) its manager or members, the last word on each."""

    def take(self, edit: Edit) -> None:
        """Add a later edit."""
        self.properties |= edit.properties
        self.whole |= edit.whole
        self.left |= edit.left
        if edit.related is not None:
            self.related.pop(edit.related, None)
            self.related[edit.related] = edit.joined


class Feed:
    """The edits of one kind of object, oldest first."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def __len__(self) -> int:
        """The position after the last edit."""
        return len(self._edits)

    def append(self, edit: Edit) -> None:
        """Log an edit."""
        self._edits.append(edit)

    def between(self, start: int, end: int) -> Iterator[Edit]:
        """The edits from one position to another."""
        return iter(self._edits[start:end])

    def folded(self, start: int, end: int) -> dict[str, Changed]:
        """What was edited between two positions, by object, in the order of the first edits."""
        changed: dict[str, Changed] = {}
        for edit in self.between(start, end):
            changed.setdefault(edit.object_id, Changed()).take(edit)
        return changed
