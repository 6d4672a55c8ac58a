"""A sentence with a mark before it, wrapped; pure."""

from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped


def bullet(mark: str, text: str, style: str, width: int) -> list[Line]:
    """The mark, and `text` beside it."""
    first, *rest = wrapped(text, max(20, width - 6))
    return [line(Words(f"   {mark} {first}", style)), *(line(Words(f"     {part}", style)) for part in rest)]
