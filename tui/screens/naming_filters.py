"""Filters by their names: choosing one, deleting one, and giving the present one a name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.actions import keys_of
from tui.dialogs.filters import FiltersDialog
from tui.frame import Level
from tui.named_filters import NamedFilter, NamedFiltersError

if TYPE_CHECKING:
    from tui.app import Console


def choose_filter(console: "Console", chosen: Callable[[str | None], None]) -> None:
    """Show the filters that have a name; `chosen` is given the text of one, or `None`."""
    filters = console.remembered.filters

    def delete(found: NamedFilter) -> str:
        try:
            filters.delete(found.name)
        except NamedFiltersError as error:
            return str(error)
        return ""

    try:
        found = filters.all(console.settings.console.filters)
    except NamedFiltersError as error:
        console.flash(str(error), "bad")
        return
    if found:
        console.push_screen(FiltersDialog(found, delete, console.keymap), chosen)
    else:
        key = keys_of("requests.save_filter", console.keymap)[0]
        console.flash(f"no filter has a name yet: set one, and {key} gives it a name", "warning")


def name_filter(console: "Console", name: str, text: str) -> tuple[str, Level]:
    """Give a filter a name; returns what to say of it."""
    try:
        is_another = console.remembered.filters.save(name, text)
    except NamedFiltersError as error:
        return f"not kept: {error}", "bad"
    key = keys_of("requests.filters", console.keymap)[0]
    return f'"{name}" is {text}{" from now on" if is_another else ""}; {key} has it', "good"
