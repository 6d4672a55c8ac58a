"""Searching the changes of a run for words, a range of positions at a time.

Most of what is searched stands in the stored document alone, and no index can help with that. So whoever searches does
it in steps, each of which costs the changes of its range, however many the run has.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields

import orjson
from sqlalchemy import Connection, select

from core.planning.changes import Change
from core.planning.document import read_change
from core.store import tables
from core.store.changes import Listed
from core.store.parts import rows_of

_CHANGES = tables.Change.metadata.tables["changes"]
_COLUMNS = tuple(_CHANGES.c[field.name] for field in fields(Listed))


def matching(connection: Connection, run: int, words: str, first: int, last: int) -> list[int]:
    """The positions from `first` to `last` whose changes have all these words (`has_words`), ascending."""
    wanted = words.casefold().split()
    escaped = [orjson.dumps(word).decode()[1:-1] for word in wanted]  # as they stand in a document
    among = select(_CHANGES.c.position, _CHANGES.c.state, _CHANGES.c.error, _CHANGES.c.detail).where(
        _CHANGES.c.run == run, _CHANGES.c.position >= first, _CHANGES.c.position <= last
    )
    found = []
    for position, state, error, detail in connection.execute(among.order_by(_CHANGES.c.position)):
        text = f"{state} {error or ''} {detail.decode()}".casefold()
        # A document has names beside its values, so a word in it is only a sign that reading it is worth while.
        if all(word in text or other in text for word, other in zip(wanted, escaped, strict=True)):
            change = read_change(orjson.loads(detail))
            if has_words(change, state, error, wanted):
                found.append(position)
    return found


def has_words(change: Change, state: str, error: str | None, words: Sequence[str]) -> bool:
    """Whether a change has all these words, which are casefolded, in what it does, to whom, to what, how it stands,
    why, or in its states before and after."""
    about = (change.kind, change.account, change.group, change.lead, state, change.because.text, error)
    values = (*change.before.values(), *change.after.values())
    text = " ".join(str(each) for each in (*about, *values) if each is not None).casefold()
    return all(word in text for word in words)


def at(connection: Connection, run: int, positions: Collection[int]) -> list[Listed]:
    """The changes at these positions of a run, ascending."""
    listed = select(*_COLUMNS).where(_CHANGES.c.run == run)
    rows = rows_of(connection, listed, _CHANGES.c.position, positions)
    return sorted((Listed(*row) for row in rows), key=lambda found: found.position)
