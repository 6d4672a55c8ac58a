"""FormList: the rows of a form, with a cursor, and sections that fold."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from tui.forms.draft import Draft
from tui.forms.field import Path
from tui.forms.form_text import Shown, cells
from tui.forms.outline import FormRow, Section, found, rows_of
from tui.widgets.fixed_rows import FixedRows
from tui.widgets.window_source import Row
from tui.widgets.window_view import WindowView


class FormList(WindowView):
    """Sections, their fields, and what stands in them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"form-list--head"}
    DEFAULT_CSS = """
    FormList > .form-list--head { color: $primary; text-style: bold; }
    """

    def __init__(self, on_open: Callable[[], None], *, id: str | None = None) -> None:
        """`on_open` is called at once: the keys that follow may be characters of a value."""
        super().__init__(FixedRows(self._cells), id=id)
        self._on_open = on_open
        self._sections: Sequence[Section] = ()
        self._form = Shown(Draft("", {}), {}, frozenset())
        self.form_rows: tuple[FormRow, ...] = ()
        """The rows that are not folded away."""

    @property
    def form(self) -> Shown:
        """What is shown."""
        return self._form

    @property
    def row(self) -> FormRow | None:
        """The row under the cursor."""
        place = self.cursor - 1
        return self.form_rows[place] if 0 <= place < len(self.form_rows) else None

    @property
    def all_rows(self) -> tuple[FormRow, ...]:
        """The rows, folded away or not."""
        return rows_of(self._sections, self._form.draft)

    def begin(self, sections: Sequence[Section], draft: Draft, *, folded: bool) -> None:
        """Another form; `folded` shows the headings alone."""
        self._sections = sections
        keys = frozenset(section.key for section in sections) if folded else frozenset[str]()
        self._form = Shown(draft, {}, keys)
        self._renew()
        self.go(1)

    def show(self, draft: Draft, problems: Mapping[Path, str]) -> None:
        """The same form with another draft; the cursor stays on its row, or goes to the neighbour."""
        self._form = Shown(draft, problems, self._form.folded)
        self._renew()

    def fold(self, key: str, *, folded: bool) -> None:
        """Fold a section away under its heading, or unfold it."""
        keys = frozenset(self._form.folded) | {key} if folded else frozenset(self._form.folded) - {key}
        self._form = Shown(self._form.draft, self._form.problems, keys)
        self._renew()

    def action_open(self) -> None:
        """Type in, or choose in, the row under the cursor."""
        self._on_open()

    def go(self, at: int) -> None:
        """Put the cursor on a row, and read all rows again; what is in sight stays where it is."""
        self.following, height = False, self.size.height
        if not height:
            self.cursor = at
            return
        self.head = len(self.form_rows)
        rows = self._source.window(min(self.top, at) or 1, height)
        if not rows or rows[-1].id < at:
            rows = self._source.window_ending(at, height)
        self._show(rows if len(rows) == height else self._source.window_ending(self.head, height), cursor=at)

    def go_to(self, path: Path) -> None:
        """Unfold the section of a field, and put the cursor there."""
        row = next((row for row in self.all_rows if row.path == path and row.field), None)
        if row is not None:
            self.fold(row.section.key, folded=False)
            self.go(self.form_rows.index(row) + 1)

    def go_near(self, path: Path) -> None:
        """Unfold the section of the first row whose path begins so, and put the cursor there."""
        row = next((row for row in self.all_rows if path and row.path[: len(path)] == path), None)
        if row is not None:
            self.fold(row.section.key, folded=False)
            self.go(self.form_rows.index(row) + 1)

    def go_to_found(self, words: str) -> None:
        """The first setting that has all the words, if there is one."""
        if words.strip() and (rows := found(self.all_rows, words)):
            self.go_to(rows[0].path)

    def go_on(self, by: int) -> None:
        """To the next field, or with -1 to the one before."""
        places = [number for number, row in enumerate(self.form_rows, 1) if row.field is not None]
        later = [place for place in places if (place - self.cursor) * by > 0]
        if later:
            self.go(min(later) if by > 0 else max(later))

    def _renew(self) -> None:
        name, at = (self.row.name if self.row else ()), self.cursor
        self.form_rows = rows_of(self._sections, self._form.draft, self._form.folded)
        places = (number for number, row in enumerate(self.form_rows, 1) if row.name == name)
        self.go(next(places, min(at, len(self.form_rows)) or 1))

    def _cells(self) -> list[Row]:
        return [cells(number, row, self._form) for number, row in enumerate(self.form_rows, 1)]
