"""The lines over the list of people. Pure: the same facts and width give the same lines."""

from collections.abc import Mapping, Sequence

from core.store.identities import Kind
from tui.actions import keys_of
from tui.plain import fit
from tui.screens.people_source import MARK, columns
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_NAMES: Mapping[Kind, str] = {"User": "Users", "Group": "Groups"}
_COLUMNS: Mapping[Kind, Sequence[str]] = {
    "User": ("userName", "display name", "account at"),
    "Group": ("IdP group", "target groups at"),
}


def heading_lines(
    kind: Kind, count: int, words: str, found: int, is_searching: bool, keymap: Mapping[str, str], width: int
) -> list[Line]:
    """What is listed, and the names of the columns."""
    switch, search = (keys_of(f"people.{name}", keymap)[0] for name in ("switch", "search"))
    other = _NAMES["Group" if kind == "User" else "User"].lower()
    if words:
        title = f' {_NAMES[kind]}: {found:,} with "{words}"{", searching on" if is_searching else ""}'
        hint = f"{search} changes it, {switch} shows {other}"
    else:
        title, hint = f" {_NAMES[kind]}: {count:,}", f"{search} finds one, {switch} shows {other}"
    cells = [fit(name, cells) for name, cells in zip(_COLUMNS[kind], columns(kind, width), strict=False)]
    names = " ".join((" " * (MARK + 2), *cells, _COLUMNS[kind][-1]))
    return [line(Words(title, "page--title"), Words(f"   {hint}", "page--dim")), line(Words(names, "page--dim"))]


def empty_lines(kind: Kind, words: str, keymap: Mapping[str, str], width: int) -> list[Line]:
    """What is said in the place of an empty list."""
    if words:
        text = f'None of the {_NAMES[kind].lower()} has "{words}" in a name or e-mail address, or as its id.'
        keys = f"{keys_of('everywhere.back', keymap)[0]} shows all again."
    else:
        text = f"No identity provider has sent {_NAMES[kind].lower()} yet."
        keys = f"{keys_of('everywhere.requests', keymap)[0]} shows what it asks."
    return [line(Words(f" {part}", "page--plain")) for part in (*wrapped(text, width - 2), keys)]
