"""The conflicts around a run in words. Pure: the same facts and width give the same lines."""

from functools import lru_cache

from tui.counting import counted
from tui.screens.bullets import bullet
from tui.screens.sync_facts import OpenConflict, RunFacts
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped


def conflict_lines(facts: RunFacts, width: int) -> list[Line]:
    """How many a run that is over found, and all that are open at its target; nothing where there is none."""
    found = facts.run.conflicts if facts.run.is_over else 0
    rows = bullet("!", f"{counted(found, 'conflict')} found", "page--warning", width) if found else []
    if not facts.open_conflicts:
        return rows
    number = counted(facts.open_conflicts, "conflict")
    text = f"{number} open at {facts.run.target}; answer them in Conflicts"
    rest = facts.open_conflicts - len(facts.conflicts)
    more = [line(Words(f"     and {rest:,} more", "page--dim"))] if rest > 0 else []
    return [*rows, *bullet("!", text, "page--warning", width), *_listed(facts.conflicts, width), *more]


@lru_cache(maxsize=4)  # there may be a thousand, and they are composed with every second
def _listed(conflicts: tuple[OpenConflict, ...], width: int) -> tuple[Line, ...]:
    return tuple(row for conflict in conflicts for row in _conflict(conflict, width))


def _conflict(conflict: OpenConflict, width: int) -> list[Line]:
    titles = wrapped(f"{conflict.kind}  {conflict.title}", max(20, width - 6))
    explanations = wrapped(conflict.explanation, max(20, width - 8))
    return [
        *(line(f"     {part}") for part in titles),
        *(line(Words(f"       {part}", "page--dim")) for part in explanations),
    ]
