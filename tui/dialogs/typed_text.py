"""Typing in a dialog that is one page: what a key makes of the text so far."""

from collections.abc import Callable

from textual import events


def typed(
    text: str, event: events.Key, fits: Callable[[str], bool] = str.isprintable, longest: int | None = None
) -> str | None:
    """The text after this key; `None` where the key does not belong to it, and is left to the bindings."""
    if event.key == "backspace":
        return text[:-1]
    if event.key == "ctrl+u":
        return ""
    character = event.character or ""
    return (text + character)[:longest] if len(character) == 1 and fits(character) else None
