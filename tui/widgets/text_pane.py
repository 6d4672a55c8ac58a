"""TextPane: a long text under a title line, of which only the visible lines are styled and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui.actions import bindings
from tui.plain import fit
from tui.text_lines import Fold, TextLine, folded, shown

_CACHED_STRIPS = 256


class TextPane(Widget, can_focus=True, inherit_bindings=False):
    """Lines of text, folded to the width, moved with the keys of a list; the key that opens a row leaves the pane."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("text-pane--title", "text-pane--title-focused", "text-pane--plain", "text-pane--dim", "text-pane--head"),
        *("text-pane--good", "text-pane--warning", "text-pane--bad"),
        *("text-pane--key", "text-pane--string", "text-pane--value", "text-pane--sign"),
    }
    DEFAULT_CSS = """
    TextPane {
        & > .text-pane--title { color: $foreground-muted; }
        & > .text-pane--title-focused { color: $primary; text-style: bold; }
        & > .text-pane--plain { color: $foreground; }
        & > .text-pane--dim { color: $foreground-muted; }
        & > .text-pane--head { color: $primary; text-style: bold; }
        & > .text-pane--good { color: $success; }
        & > .text-pane--warning { color: $warning; }
        & > .text-pane--bad { color: $error; text-style: bold; }
        & > .text-pane--key { color: $secondary; }
        & > .text-pane--string { color: $success; }
        & > .text-pane--value { color: $warning; }
        & > .text-pane--sign { color: $foreground-muted; }
        &:ansi {
            & > .text-pane--title, & > .text-pane--dim, & > .text-pane--sign { color: $foreground; text-style: dim; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]

    top: var[int] = var(0)
    """The first visible line of the folded text."""

    @dataclass
    class Left(Message):
        """The pane was left by its own key."""

    def __init__(self, *, id: str | None = None) -> None:
        self._titles: tuple[str, ...] = ()
        self._key = ""
        self._lines: Sequence[TextLine] = ()
        self._folds: list[Fold] = []
        self._strips: LRUCache[int, Strip] = LRUCache(_CACHED_STRIPS)
        super().__init__(id=id)

    @property
    def lines(self) -> Sequence[TextLine]:
        """The text as it was given."""
        return self._lines

    @property
    def title(self) -> str:
        """What the title line says."""
        return self._title_strip().text

    def show(self, titles: tuple[str, ...], lines: Sequence[TextLine], key: str, *, keep_place: bool = False) -> None:
        """Show another text, from its beginning unless it is the same one read again.

        `titles` are forms of its title, the longest first; `key` is the one that enters and leaves the pane.
        """
        if (titles, lines, key) == (self._titles, self._lines, self._key):
            return
        self._titles, self._lines, self._key = titles, lines, key
        self.top = self.top if keep_place else 0
        self._fold()

    def on_resize(self, event: events.Resize) -> None:
        """Fold to the new width."""
        self._fold()

    def notify_style_update(self) -> None:
        """Forget the strips drawn in the old styles."""
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """The title, and below it the text."""
        if y == 0:
            return self._title_strip()
        index = self.top + y - 1
        width = self.content_size.width
        if index >= len(self._folds):
            return Strip.blank(width, self.get_component_rich_style("text-pane--plain"))
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._text_strip(self._folds[index], width)
        return strip

    def action_cursor_up(self) -> None:
        """One line up."""
        self._go_to(self.top - 1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self._go_to(self.top + 1)

    def action_page_up(self) -> None:
        """A pane up, one line kept in sight."""
        self._go_to(self.top - max(1, self._room - 1))

    def action_page_down(self) -> None:
        """A pane down, one line kept in sight."""
        self._go_to(self.top + max(1, self._room - 1))

    def action_oldest(self) -> None:
        """To the beginning."""
        self._go_to(0)

    def action_follow(self) -> None:
        """To the end."""
        self._go_to(len(self._folds))

    def action_open(self) -> None:
        """Leave the pane."""
        self.post_message(self.Left())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines up."""
        self._go_to(self.top - 3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines down."""
        self._go_to(self.top + 3)

    @property
    def _room(self) -> int:
        """Lines of text that are visible."""
        return max(0, self.content_size.height - 1)

    def _fold(self) -> None:
        self._strips.clear()
        self._folds = folded(self._lines, self.content_size.width) if self.content_size.width else []
        self._go_to(self.top)
        self.refresh()

    def _go_to(self, top: int) -> None:
        before, self.top = self.top, max(0, min(top, len(self._folds) - self._room))
        if self.top != before:
            self.refresh()

    def _title_strip(self) -> Strip:
        """The title; at its right the key that comes or goes, and which lines are seen."""
        width, total = self.content_size.width, len(self._folds)
        mark, style, way = ("> ", "title-focused", "leaves") if self.has_focus else ("- ", "title", "scrolls")
        place = f"{min(self.top + 1, total)}-{min(self.top + self._room, total)}/{total} "
        rights = (f"{self._key} {way}  {place}", place)
        forms = ((mark + title, right) for title in self._titles for right in rights)
        last = (mark + (self._titles or ("",))[-1], "")
        left, right = next((form for form in forms if len(form[0]) + len(form[1]) < width), last)
        text = fit(left, width - len(right)) + right
        return Strip([Segment(text, self.get_component_rich_style(f"text-pane--{style}"))], width)

    def _text_strip(self, fold: Fold, width: int) -> Strip:
        pieces = shown(self._lines[fold.line], fold)
        segments = [Segment(text, self.get_component_rich_style(f"text-pane--{style}")) for style, text in pieces]
        return Strip(segments).adjust_cell_length(width, self.get_component_rich_style("text-pane--plain"))
