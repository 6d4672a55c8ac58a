"""What a form consists of: sections of fields, some of which repeat; and the rows that are seen of them.

Pure: the same sections, draft and folding give the same rows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tui.forms.draft import Draft
from tui.forms.field import Field, Path, Value


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of tables, or a table of tables, each of which has the same fields."""

    path: Path
    noun: str
    """What one is called: `rule`."""
    fields: Callable[[Path], Sequence[Field]]
    """The fields of the one at this path."""
    new: Mapping[str, Value]
    """What a new one begins with."""
    is_named: bool = False
    """A table of tables: each has a name, which is asked for. Else a list: each has a place."""
    help: str = ""
    """What adding one does, in one line."""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    key: str
    title: str
    help: str
    """One line."""
    fields: Sequence[Field] = ()
    entries: Entries | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a form."""

    kind: Literal["section", "field", "entry", "add"]
    section: Section
    path: Path = ()
    """Of a field its key, of an entry where it stands, of `add` where entries are added."""
    field: Field | None = None
    number: int = 0
    """Of an entry in a list: which one, from 1."""

    @property
    def name(self) -> Path:
        """What stays the same when rows come and go."""
        return (self.kind, self.section.key, *self.path)


def rows_of(sections: Sequence[Section], draft: Draft, folded: Collection[str] = ()) -> tuple[FormRow, ...]:
    """All rows that are not folded away under the headings of these sections."""
    return tuple(
        row
        for section in sections
        for row in (FormRow("section", section), *(() if section.key in folded else _below(section, draft)))
    )


def found(rows: Sequence[FormRow], words: str) -> tuple[FormRow, ...]:
    """The fields whose section, label, key or help has all the words; those first whose label begins so."""
    wanted = words.lower().split()
    has = [row for row in rows if row.field is not None and all(word in _said(row, row.field) for word in wanted)]
    return tuple(
        sorted(has, key=lambda row: row.field is None or not row.field.label.lower().startswith(words.lower()))
    )


def next_place(draft: Draft, entries: Entries) -> int:
    """Where a new entry of a list comes."""
    return len(_listed(draft, entries))


def edited_in(section: Section, draft: Draft) -> int:
    """How many fields of a section differ from the file; a list of tables counts once."""
    entries = section.entries
    whole = 1 if entries is not None and draft.differs(entries.path) else 0
    return whole + sum(draft.differs(field.path) for field in section.fields)


def _below(section: Section, draft: Draft) -> Iterator[FormRow]:
    for field in section.fields:
        yield FormRow("field", section, field.path, field)
    if section.entries is None:
        return
    entries = section.entries
    for number, last in enumerate(_names(draft, entries), 1):
        path = (*entries.path, last)
        yield FormRow("entry", section, path, number=number)
        for field in entries.fields(path):
            yield FormRow("field", section, field.path, field)
    yield FormRow("add", section, entries.path)


def _names(draft: Draft, entries: Entries) -> Sequence[str | int]:
    there = draft.value(entries.path)
    if entries.is_named:
        return list(there) if isinstance(there, Mapping) else []
    return range(len(_listed(draft, entries)))


def _listed(draft: Draft, entries: Entries) -> Sequence[object]:
    there = draft.value(entries.path)
    return there if isinstance(there, Sequence) and not isinstance(there, str) else ()


def _said(row: FormRow, field: Field) -> str:
    return f"{row.section.title} {field.label} {field.key} {field.help}".lower()
