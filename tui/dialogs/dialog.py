"""Dialog: what all dialogs look like and how they close."""

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.actions import bindings

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A box in the middle of the screen. Closing it answers with `None`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog")]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > #box {
            width: 78;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: solid $primary;
            background: $surface;
        }
    }
    """
