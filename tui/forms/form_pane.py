"""FormPane: a form as a list, what is said of the field under the cursor, and the line in which it is typed.

It knows sections and a draft, and neither file nor store: each edit is told as another draft (`Changed`), and the
problems of that one are handed back (`judge`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from core.config.formats import NotAccepted
from tui.actions import bindings
from tui.forms.checking import not_values, on_rows
from tui.forms.draft import Draft
from tui.forms.field import Field, Path, Value, text_of, value_of
from tui.forms.form_list import FormList
from tui.forms.form_text import about_lines
from tui.forms.outline import Entries, FormRow, Section, next_place
from tui.forms.typed_line import TypedLine
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.window_view import WindowView

_NONE: Mapping[Path, str] = {}
_PROMPT = 9
Beside = Callable[[Field, int], Sequence[Line]]
"""What else is said of a field, in so many columns: what it makes of samples."""


class FormPane(Vertical):
    """A form over a draft."""

    DEFAULT_CSS = f"""
    FormPane {{
        & > #about {{ height: 8; border-top: solid $panel; }}
        & > #editor {{ height: 1; display: none; }}
        & > #editor Page {{ width: {_PROMPT}; }}
        & > #editor Input {{ width: 1fr; height: 1; border: none; padding: 0; }}
        & > #editor Input:focus {{ border: none; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("typing")]

    @dataclass
    class Changed(Message):
        """The draft is another one."""

        draft: Draft

    @dataclass
    class Moved(Message):
        """The cursor came to another row, or typing began or ended."""

    def __init__(self, beside: Beside = lambda field, width: (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draft = Draft("", {})
        self._beside = beside
        self._problems: Mapping[Path, str] = _NONE
        self._typing: Literal["value", "name", "words"] | None = None
        self._before: tuple[Draft, int] | None = None
        """The draft and the row before it was typed."""
        self._list = FormList(self._open, id="fields")
        self._about = Page(self._about_lines, id="about")
        self._prompt = Page(self._prompt_lines)
        self._input = TypedLine(self._submit)

    @property
    def row(self) -> FormRow | None:
        """The row under the cursor."""
        return self._list.row

    @property
    def rows(self) -> tuple[FormRow, ...]:
        """All rows, folded away or not."""
        return self._list.all_rows

    @property
    def is_typing(self) -> bool:
        """Whether keys are characters."""
        return self._typing is not None

    def compose(self) -> ComposeResult:
        """The list over what is said of a row, and the line to type in."""
        yield self._list
        yield self._about
        with Horizontal(id="editor"):
            yield self._prompt
            yield self._input

    def show(self, sections: Sequence[Section], draft: Draft, *, folded: bool) -> None:
        """Begin with a draft; `folded` shows the headings alone."""
        self._end_typing()
        self.draft, self._problems = draft, _NONE
        self._list.begin(sections, draft, folded=folded)
        self.update()

    def replace(self, draft: Draft) -> None:
        """Go on with another draft of the same form, as after it was saved."""
        self.draft = draft
        self._list.show(draft, self._problems)
        self.update()

    def judge(self, problems: Mapping[Path, str]) -> None:
        """Take what is wrong with the draft, by key."""
        fields = [row.field for row in self.rows if row.field is not None]
        self._problems = {**on_rows(problems, [row.path for row in self.rows]), **not_values(fields, self.draft)}
        self._list.show(self.draft, self._problems)
        self.update()

    def focus_list(self) -> None:
        """Give the list the keys."""
        self.screen.set_focus(self._list)  # at once, unlike `focus`: what is typed next may belong elsewhere

    def update(self) -> None:
        """Say again what is said of the row under the cursor."""
        self._about.update()

    def change(self, by: int) -> None:
        """The next or previous choice of the field under the cursor; a heading unfolds and folds."""
        row = self.row
        if row is None:
            return
        if row.kind == "section":
            self._list.fold(row.section.key, folded=by < 0)
            self.update()
        elif row.field is not None and row.field.kind == "flag":
            self._set(row.field, not self._there(row.field))
        elif row.field is not None and row.field.kind == "choice":
            choices, there = row.field.choices, self._there(row.field)
            at = choices.index(there) if there in choices else -1
            self._set(row.field, choices[(at + by) % len(choices)])

    def reset(self) -> None:
        """What stands in the file, for the field under the cursor."""
        if (row := self.row) is not None and row.path:
            self._take(self.draft.as_saved(row.path))

    def take_default(self) -> None:
        """Take the key out, so that its default holds."""
        if (row := self.row) is not None and row.field is not None:
            self._take(self.draft.with_value(row.path, None))

    def take_out(self) -> None:
        """Take out the entry that the row under the cursor belongs to."""
        row = self.row
        entries = row.section.entries if row is not None else None
        if row is not None and entries is not None and len(row.path) > len(entries.path):
            self._take(self.draft.without(row.path[: len(entries.path) + 1]))

    @property
    def can_take_out(self) -> bool:
        """Whether the row under the cursor belongs to an entry."""
        row = self.row
        entries = row.section.entries if row is not None else None
        return row is not None and entries is not None and row.path[:-1][: len(entries.path)] == entries.path

    def go_to(self, setting: Path) -> None:
        """Go to a setting; of several whose keys begin so, to the first."""
        self._list.go_near(setting)

    def find(self) -> None:
        """Type words; the cursor goes to the first setting that has them."""
        self._begin("words", "")

    def go_back(self) -> bool:
        """Leave what is typed as it was; whether there was anything to leave."""
        if self._typing is None:
            return False
        draft, at = self._before or (self.draft, self._list.cursor)
        self._end_typing()
        self._list.go(at)
        if draft != self.draft:
            self._take(draft)
        return True

    def keep(self) -> None:
        """End typing, and keep what was typed."""
        self._take_typed()  # by now the last keys may not have been told
        self._end_typing()

    def action_next(self) -> None:
        """Keep what was typed, and go on to the next field."""
        self.keep()
        self._list.go_on(1)

    def action_previous(self) -> None:
        """Keep what was typed, and go back to the previous field."""
        self.keep()
        self._list.go_on(-1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """These keys are the list's own while nothing is typed."""
        return self._typing is not None if action in ("next", "previous") else True

    @on(WindowView.Highlighted)
    def _moved(self, event: WindowView.Highlighted) -> None:
        event.stop()
        self.update()
        self.post_message(self.Moved())

    def _open(self) -> None:
        row = self.row
        if row is None:
            return
        if row.kind == "section":
            self._list.fold(row.section.key, folded=row.section.key not in self._list.form.folded)
        elif row.kind == "add" and row.section.entries is not None:
            self._add(row.section.entries)
        elif row.field is not None and row.field.is_typed:
            typed, there = self.draft.typed.get(row.path), self._there(row.field)
            self._begin("value", typed if typed is not None else text_of(row.field, there))
        else:
            self.change(1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._take_typed()

    def _submit(self) -> None:
        """Keep what is typed; a name makes an entry."""
        name, row = self._input.value.strip(), self.row
        is_name = self._typing == "name"
        self.keep()
        if is_name and name and row is not None and row.section.entries is not None:
            self._add_at((*row.section.entries.path, name), row.section.entries)

    def _take_typed(self) -> None:
        if self._typing == "words":
            self._list.go_to_found(self._input.value)
        elif self._typing == "value" and (row := self.row) is not None and row.field is not None:
            self._take(self._with_text(row.field, self._input.value))

    def _with_text(self, field: Field, typed: str) -> Draft:
        if typed == text_of(field, self.draft.was(field.path)):
            return self.draft.as_saved(field.path)
        try:
            return self.draft.with_value(field.path, value_of(field, typed))
        except NotAccepted:
            return self.draft.with_text(field.path, typed)

    def _there(self, field: Field) -> Value | None:
        value = self.draft.value(field.path)
        return field.default if value is None else value

    def _set(self, field: Field, value: Value) -> None:
        """A value that is chosen; one that is the default already is not written where it was not given before."""
        is_plain = value == field.default and self.draft.was(field.path) is None
        self._take(self.draft.with_value(field.path, None if is_plain else value))

    def _take(self, draft: Draft) -> None:
        before, self.draft = self.draft, draft
        if before != draft:
            self._list.show(draft, self._problems)
            self.update()
            self.post_message(self.Changed(draft))

    def _add(self, entries: Entries) -> None:
        if entries.is_named:
            self._begin("name", "")
        else:
            self._add_at((*entries.path, next_place(self.draft, entries)), entries)

    def _add_at(self, path: Path, entries: Entries) -> None:
        """Add an entry where none of this name is, and go to its first field."""
        if self.draft.value(path) is None:
            self._take(self.draft.with_value(path, entries.new))
        self._list.go_to(next(iter(entries.fields(path))).path)

    def _begin(self, what: Literal["value", "name", "words"], value: str) -> None:
        self._before, self._typing = (self.draft, self._list.cursor), what
        self._input.value = value
        self._input.cursor_position = len(value)
        self.query_one("#editor").display = True
        self.screen.set_focus(self._input)  # at once, unlike `focus`: what is typed next belongs here
        self._prompt.update()
        self.update()
        self.post_message(self.Moved())

    def _end_typing(self) -> None:
        if self._typing is not None:
            self._typing, self._before = None, None
            self.query_one("#editor").display = False
            self.screen.set_focus(self._list)
            self.update()
            self.post_message(self.Moved())

    def _about_lines(self, width: int) -> list[Line]:
        row = self.row
        lines = about_lines(row, self._list.form, width)
        return [*lines, *self._beside(row.field, width)] if row is not None and row.field is not None else lines

    def _prompt_lines(self, width: int) -> list[Line]:
        return [line(Words({"name": " name", "words": " find"}.get(self._typing or "", " value"), "page--key"))]
