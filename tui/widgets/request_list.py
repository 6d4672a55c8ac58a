"""RequestList: the list of exchanges, which goes to any of them, and says in words when there is none."""

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from tui.plain import fit
from tui.request_rows import columns
from tui.request_source import Matches, RequestLog
from tui.widgets.window_view import WindowView


class RequestList(WindowView):
    """A `WindowView` over a log, or over the matches of a filter. Its owner ticks it."""

    held_at: var[int] = var(0)
    """The newest exchange of the log when the rows were held."""
    empty_text: var[str] = var("")
    """What stands in the place of rows where there are none."""

    @dataclass
    class Moved(Message):
        """The list began to follow or to hold, or its columns changed."""

        def can_replace(self, message: Message) -> bool:
            """Only that it happened matters."""
            return isinstance(message, RequestList.Moved)

    def __init__(self, log: RequestLog, *, id: str | None = None) -> None:
        super().__init__(log, id=id)
        self._log = log
        self._kept_place = (0, 0)

    @property
    def matches(self) -> Matches | None:
        """What is shown, where it is the matches of a filter."""
        return self._source if isinstance(self._source, Matches) else None

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns that there is room for; the view then fills itself."""
        self._log.columns = columns(event.size.width)
        self.post_message(self.Moved())

    def watch_following(self, following: bool) -> None:
        """Remember where the rows were held."""
        self.held_at = self._log.newest
        self.post_message(self.Moved())

    def watch_empty_text(self) -> None:
        """It is drawn where the first row would be."""
        if not self.rows:
            self.refresh()

    def show_source(self, source: RequestLog | Matches) -> None:
        """Show the log or matches of it: the newest where it follows, else what was under the cursor, on its line.

        Matches that there are none of do not make it forget that row.
        """
        if self.following:
            self.switch(source)
            return
        if self.rows:
            self._kept_place = (self.cursor, self._index())
        self._source = source
        self._place(*self._kept_place)

    def hold(self) -> None:
        """Hold the rows as they are; an empty list has none to hold."""
        self._hold()

    def hold_at(self, number: int) -> None:
        """Hold at this exchange before anything was shown."""
        self._kept_place = (number, 0)
        self.switch(self._source, at=number)

    def go_to(self, number: int) -> None:
        """Hold at this exchange, or at its nearest neighbour; in the middle of the view, where it was out of sight."""
        self.following = False
        if any(row.id == number for row in self.rows):
            self._move_cursor(number)
        else:
            self._place(number, self.size.height // 2)

    def action_oldest(self) -> None:
        """To the oldest row; of matches, to the oldest found so far, and on as older ones are found."""
        if self.matches is not None:
            self.matches.search.want_all()
        super().action_oldest()

    def show_found(self, oldest_before: int) -> None:
        """Older matches were found than `oldest_before`: show what has room, and go on to the oldest if asked to."""
        if self.matches is not None and self.matches.search.wants_all and self.cursor == oldest_before:
            super().action_oldest()
        elif len(self.rows) < self.size.height:
            self.reload()
        else:
            self._update_bar()

    def _place(self, number: int, line: int) -> None:
        """Show a row on a line of the view, its neighbours around it, and no empty lines if there are rows for them."""
        height = self.size.height
        before = self._source.window_ending(number, line + 1)
        after = self._source.window(number + 1, height - len(before))
        if len(before) + len(after) < height:
            before = self._source.window_ending(number, height - len(after))
        self._show([*before, *after], cursor=number)

    def render_line(self, y: int) -> Strip:
        """A row, or what there is to say instead of rows."""
        if y or self.rows or not self.empty_text:
            return super().render_line(y)
        width = self.size.width
        return Strip([Segment(fit(f"  {self.empty_text}", width), self.get_component_rich_style("window-view--dim"))])
