"""The changes of a run as a table: what each does, how it stands, and why."""

from collections.abc import Sequence

from core.cli.output import columns
from core.cli.table import table
from core.planning.changes import Change
from core.store.changes import Listed


def change_table(found: Sequence[tuple[Listed, Change]]) -> list[str]:
    """The lines of a table of changes; the column of errors is there only where there are any."""
    headings = ("#", "CHANGE", "ACCOUNT", "GROUP", "STATE", "BECAUSE", "ERROR")
    rows = [
        (
            str(listed.position + 1),
            change.kind.value,
            change.account or "-",
            change.group or "-",
            listed.state,
            change.because.text,
            listed.error or "",
        )
        for listed, change in found
    ]
    shown = slice(None) if any(row[-1] for row in rows) else slice(-1)
    return table(headings[shown], [row[shown] for row in rows], right=("#",), columns=columns())


def has_words(listed: Listed, change: Change, words: str) -> bool:
    """Whether a change has all these words, without case, in what it does, to whom, to what, how it stands or why."""
    about = (change.kind, change.account, change.group, change.lead, listed.state, change.because.text, listed.error)
    values = (*change.before.values(), *change.after.values())
    text = " ".join(str(each) for each in (*about, *values) if each is not None).casefold()
    return all(word in text for word in words.casefold().split())
