"""What a form's screen says around the form: its heading, the preview in a line and at length, why a key cannot act."""

from collections.abc import Mapping, Sequence

from tui.actions import Action, keys_of
from tui.forms.draft import Draft
from tui.forms.form_pane import FormPane
from tui.forms.form_text import edited_text
from tui.forms.previewing import Previewing
from tui.plain import fit
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_OF_FIELD = frozenset({"form.reset", "form.take_default"})
_OF_TARGETS = frozenset({"form.next_target", "form.previous_target"})


def heading(title: str, draft: Draft, failure: str, keymap: Mapping[str, str], width: int) -> list[Line]:
    """What is edited and how much of it is not saved; or why there is no form."""
    edits = edited_text(draft)
    saved = f"{edits}; {keys_of('form.save', keymap)[0]} saves " if edits else ""
    left = fit(f" {title}", max(0, width - len(saved)))
    rows: list[Line] = [line(Words(left, "page--title"), Words(saved, "page--warning"))]
    failed = (text for part in failure.splitlines() for text in wrapped(part, max(20, width - 4)))
    return [*rows, *(line(Words(f" ! {text}", "page--warning")) for text in failed)]


def summary_line(found: Previewing, draft: Draft, keymap: Mapping[str, str]) -> Line:
    """The preview in one line."""
    state, style = found.state(draft)
    text = state or (found.preview.summary if found.preview is not None else "")
    return line(Words(f" Preview ({keys_of('form.next_pane', keymap)[0]}) ", "page--key"), Words(text, style))


def preview_lines(found: Previewing, draft: Draft, width: int, now: int, *, has_keys: bool) -> list[Line]:
    """The preview at length; where it is of another state than the draft's, that is said first."""
    state, style = found.state(draft)
    title = f" {'>' if has_keys else '-'} Preview: what this comes to, computed from what was last read"
    said = wrapped(state, max(20, width - 2)) if state else ()
    rows: list[Line] = [line(Words(title, "page--title")), *(line(Words(f" {text}", style)) for text in said)]
    return [*rows, *(found.preview.lines(width, now) if found.preview is not None else ())]


def reason_against(action: Action, form: FormPane, targets: Sequence[object], *, is_wrong: bool) -> str:
    """Why an action of the form cannot act; `is_wrong`: a value is no valid one."""
    row = form.row
    if action.id == "form.save" and not form.draft.is_edited:
        return "nothing is changed"
    if action.id == "form.save" and is_wrong:
        return "a value is wrong; it is marked with !"
    if action.id in _OF_FIELD and (row is None or row.field is None):
        return "go to a setting first"
    if action.id == "form.remove" and not form.can_take_out:
        return "the cursor is in no rule that was added"
    if action.id in _OF_TARGETS and len(targets) < 2:
        return "there is one target only"
    return ""
