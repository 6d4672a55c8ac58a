"""Conflicts as commands show them: what each is about, why nothing was done, and what it was seen by."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from core.cli.exits import USAGE, CommandFailed
from core.cli.naming import manciple
from core.planning.changes import Conflict
from core.planning.document import conflict_document
from core.store import conflicts
from core.store.conflicts import Listed

Numbered = tuple[int, Conflict]
"""A conflict with its number in the queue."""

_ALL = 1 << 31
"""More conflicts than a target has."""


def open_at(connection: Connection, target: str) -> list[tuple[Listed, Conflict]]:
    """Every conflict that is open at a target as listed and in full, oldest first."""
    listed = conflicts.open_conflicts(connection, target, _ALL)
    found = ((row, conflicts.opened(connection, row.id)) for row in listed)
    return [(row, opened[1]) for row, opened in found if opened is not None]


def opened_one(connection: Connection, number: int) -> tuple[Listed, Conflict]:
    """One conflict as listed and in full.

    :raises CommandFailed: when there is none of this number.
    """
    found = conflicts.opened(connection, number)
    if found is None:
        raise CommandFailed(f"there is no conflict {number}: see `{manciple('conflicts')}`", USAGE)
    return found


def conflict_documents(found: Sequence[Numbered]) -> list[dict[str, object]]:
    """The JSON forms of conflicts."""
    return [conflict_document(conflict) | {"id": number} for number, conflict in found]


def conflict_lines(found: Sequence[Numbered], *, with_evidence: bool) -> Iterator[str]:
    """Each conflict in a few lines: number, kind and title; the explanation; and what was seen, if wanted."""
    digits = max((len(str(number)) for number, _ in found), default=0)
    indent = " " * (digits + 4)
    for number, conflict in found:
        yield f"  {number:>{digits}}  {conflict.kind:<4}  {conflict.title}"
        yield f"{indent}{conflict.explanation}"
        if with_evidence:
            yield from (f"{indent}{name}: {value}" for name, value in conflict.evidence.items())
