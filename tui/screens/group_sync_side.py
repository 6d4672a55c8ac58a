"""SideView: the names of one side of the table of mappings, those first that the mapping has."""

from tui.screens.group_sync_entries import Side
from tui.screens.group_sync_rows import Listed, Named, names_of, side_rows
from tui.widgets.window_source import Source
from tui.widgets.window_view import WindowView


class SideView(WindowView):
    """Groups of the identity provider, or of the target, all of them or those that are searched for."""

    def __init__(self, side: Side, *, id: str | None = None) -> None:
        self.side = side
        self.words = ""
        """What is searched for."""
        self.names: list[str] = []
        """What is listed."""
        super().__init__(Named((), side_rows(Listed((), None, creates=False), side, 0)), id=id)

    @property
    def name_at_cursor(self) -> str | None:
        """The name under the cursor."""
        return self.names[self.cursor - 1] if 0 < self.cursor <= len(self.names) else None

    def show(self, listed: Listed, at: int, *, from_top: bool) -> None:
        """Show what the mapping `at` has and lacks.

        Another mapping brings its names to the top; else the order stays while names are put in and taken out.
        """
        names = names_of(listed, self.side, at, self.words)
        if not from_top and set(names) == set(self.names):
            names = self.names
        self.names = names
        cursor = 1 if from_top or not self.cursor else min(self.cursor, len(names))
        source = Named(names, side_rows(listed, self.side, at))
        switch_in_place(self, source, cursor if names else None, 1 if from_top else self.top)


def switch_in_place(view: WindowView, source: Source, at: int | None, top: int) -> None:
    """Show another source with the cursor at `at`, and the row `top` still at the top where it can be."""
    view.switch(source, at=at)
    if at is not None and 0 < top <= at:
        view.top = top
        view.reload()
