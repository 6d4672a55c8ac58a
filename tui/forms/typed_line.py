"""TypedLine: the line in which a value is typed. It tells of enter at once: what is typed next may belong elsewhere."""

from collections.abc import Callable

from textual.widgets import Input


class TypedLine(Input):
    """One line; `on_enter` is called before another key is looked at."""

    def __init__(self, on_enter: Callable[[], None]) -> None:
        super().__init__(select_on_focus=False, compact=True)
        self.cursor_blink = False  # a blinking cursor would send bytes for ever
        self._done = on_enter

    async def action_submit(self) -> None:
        """Done typing."""
        self._done()
