"""Page: a widget of composed lines, of which only those that changed are drawn again.

A screen gives a function from a width to lines, and calls `update` when its facts may have changed. One page holds what
elsewhere would be dozens of labels: it opens in a tenth of the time, and an age that ticks costs one line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui.plain import ELLIPSIS, plain


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a line: any text, and the component class that styles it."""

    text: str
    style: str = "page--plain"


Line = tuple[Words, ...]
ComposeLines = Callable[[int], Sequence[Line]]
"""From a width in terminal cells to lines; called often, so it reads nothing."""


def line(*parts: Words | str) -> Line:
    """A line of parts; a mere text is plain words."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


class Page(Widget):
    """Composed lines, as high as there are lines unless its style says otherwise."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("page--plain", "page--dim", "page--good", "page--warning", "page--bad", "page--title", "page--key"),
    }
    DEFAULT_CSS = """
    Page {
        height: auto;
        & > .page--plain { color: $foreground; }
        & > .page--dim { color: $foreground-muted; }
        & > .page--good { color: $success; }
        & > .page--warning { color: $warning; }
        & > .page--bad { color: $error; text-style: bold; }
        & > .page--title { color: $primary; text-style: bold; }
        & > .page--key { color: $accent; text-style: bold; }
        &:ansi > .page--dim { color: $foreground; text-style: dim; }
    }
    """

    def __init__(self, compose_lines: ComposeLines, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._compose_lines = compose_lines
        self._lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """What it says, without styles."""
        return "\n".join("".join(plain(words.text) for words in line) for line in self._lines)

    def update(self) -> None:
        """Compose again; draw the lines that differ."""
        width = self.content_size.width
        before, self._lines = self._lines, tuple(self._compose_lines(width)) if width else ()
        if len(before) != len(self._lines):
            self.refresh(layout=self.styles.is_auto_height)
            return
        changed = [y for y, pair in enumerate(zip(before, self._lines, strict=True)) if pair[0] != pair[1]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def on_resize(self, event: events.Resize) -> None:
        """Compose for the new width."""
        self.update()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as this width takes. The first ones composed are kept, so that they are drawn at once."""
        lines = tuple(self._compose_lines(width)) if width else ()
        self._lines = self._lines or lines
        return len(lines)

    def render_line(self, y: int) -> Strip:
        """One line, cut with an ellipsis where it is too long."""
        width = self.content_size.width
        base = self.get_component_rich_style("page--plain")
        if y >= len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(plain(words.text), self.get_component_rich_style(words.style)) for words in self._lines[y]]
        strip = Strip(segments)
        if strip.cell_length <= width:
            return strip.adjust_cell_length(width, base)
        cut = strip.crop(0, max(0, width - 1))
        return Strip.join([cut, Strip([Segment(ELLIPSIS, base)])]).adjust_cell_length(width, base)
