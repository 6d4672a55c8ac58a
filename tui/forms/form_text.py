"""A form in words: its rows, and what is said of the one under the cursor. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tui.counting import counted
from tui.forms.draft import Draft
from tui.forms.field import Field, Path, shown, text_of
from tui.forms.outline import FormRow, Section, edited_in
from tui.widgets.page import Line, Words, line
from tui.widgets.window_source import Cell, Row
from tui.wrapping import wrapped

HEAD = "form-list--head"
"""The component class of a section's heading."""
_LABEL = 26


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is seen."""

    draft: Draft
    problems: Mapping[Path, str]
    folded: Collection[str]

    def text(self, field: Field) -> str:
        """What stands in a field: what was typed, else the value or its default."""
        typed = self.draft.typed.get(field.path)
        return typed if typed is not None else shown(field, self.draft.value(field.path))

    def is_default(self, field: Field) -> bool:
        """Whether nothing is given, so that the default holds."""
        return field.path not in self.draft.typed and self.draft.value(field.path) is None


def cells(number: int, row: FormRow, form: Shown) -> Row:
    """A row as the list draws it: `!` has a problem, `*` differs from the file, and defaults are dim."""
    if row.kind == "section":
        return Row(number, _heading(row.section, form))
    if row.kind == "entry":
        return Row(number, (Cell("   " + _entry(row, form.draft), _tone(row.path, form)),))
    if row.kind == "add" or row.field is None:
        noun = row.section.entries.noun if row.section.entries else ""
        return Row(number, (Cell(f"   + add {noun}", "window-view--dim"),))
    field, mark = row.field, _mark(row.path, form)
    indent = "    " if row.section.entries is not None and row.path not in _own(row.section) else "  "
    style = "window-view--dim" if form.is_default(field) else "window-view--row"
    tone = _tone(row.path, form)
    label = Cell(f"{mark}{indent}{field.label}", tone, _LABEL)
    return Row(number, (label, Cell(form.text(field), style if tone == "window-view--row" else tone)))


def about_lines(row: FormRow | None, form: Shown, width: int) -> list[Line]:
    """What the row under the cursor is, what is wrong with it, and what it was."""
    if row is None:
        return []
    title, key, said = _title(row, form.draft)
    rows = [line(Words(f" {title}", "page--title"), Words(f"  {key}", "page--dim"))]
    rows += [line(f" {text}") for text in wrapped(said, max(20, width - 2))]
    problem = form.problems.get(row.path) if row.path else None
    if problem:
        rows += [line(Words(f" {'!' if not n else ' '} {t}", "page--warning")) for n, t in _numbered(problem, width)]
    elif row.field is not None:
        rows += [line(Words(f" {text}", "page--dim")) for text in wrapped(_beside(row.field, form.draft), width - 2)]
    return rows


def explained(row: FormRow | None) -> tuple[str, ...]:
    """A setting at length, for the help page."""
    if row is None or row.field is None:
        return ()
    field = row.field
    choices = f"Accepted: {', '.join(field.choices)}." if field.choices else ""
    default = f"Default: {shown(field, None)}."
    return (f"{field.label} ({field.key}): {field.help}", *filter(None, (field.more, choices, default)))


def edited_text(draft: Draft) -> str:
    """How much is not saved."""
    return f"{counted(draft.number_edited, 'change')} not saved" if draft.is_edited else ""


def other_problems(problems: Mapping[Path, str], rows: Sequence[FormRow]) -> list[str]:
    """What is wrong with what has no row of its own."""
    seen = {row.path for row in rows}
    return [text for path, text in problems.items() if path not in seen]


def _heading(section: Section, form: Shown) -> tuple[Cell, ...]:
    number, sign = edited_in(section, form.draft), "+" if section.key in form.folded else "-"
    paths = _own(section) | ({section.entries.path} if section.entries else set())
    wrong = any(path[: len(place)] == place for path in form.problems for place in paths if path)
    mark = "!" if wrong else "*" if number else " "
    told = f"{number} changed" if number else section.help if section.key in form.folded else ""
    style = "window-view--warning" if wrong else HEAD
    return Cell(f"{mark}{sign} {section.title}", style, _LABEL), Cell(told, "window-view--dim")


def _own(section: Section) -> set[Path]:
    return {field.path for field in section.fields}


def _entry(row: FormRow, draft: Draft) -> str:
    noun = row.section.entries.noun if row.section.entries else ""
    return f"{noun} {row.number}" if isinstance(row.path[-1], int) else str(row.path[-1])


def _mark(path: Path, form: Shown) -> str:
    return "!" if path in form.problems else "*" if form.draft.differs(path) else " "


def _tone(path: Path, form: Shown) -> str:
    return "window-view--warning" if path in form.problems else "window-view--row"


def _title(row: FormRow, draft: Draft) -> tuple[str, str, str]:
    if row.field is not None:
        return row.field.label, row.field.key, row.field.help
    if row.kind == "section":
        return row.section.title, "", row.section.help
    entries, key = row.section.entries, ".".join(part for part in row.path if isinstance(part, str))
    if row.kind == "add":
        return f"Add {entries.noun if entries else ''}", key, entries.help if entries else ""
    return _entry(row, draft), key, row.section.help


def _beside(field: Field, draft: Draft) -> str:
    """The default, and what stands in the file where that is otherwise."""
    default = f"default {shown(field, None)}"
    if not draft.differs(field.path):
        return default
    was = draft.was(field.path)
    return f"{default}; in config.toml {'not given' if was is None else text_of(field, was) or '(empty)'}"


def _numbered(text: str, width: int) -> list[tuple[int, str]]:
    return list(enumerate(wrapped(text, max(20, width - 4))))
