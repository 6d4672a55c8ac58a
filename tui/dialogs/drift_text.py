"""The drift of a target in words. Pure: the same report and width give the same lines."""

from collections.abc import Mapping, Sequence

from core.planning.drift import Kind
from core.store.drift import Listed, Orphan
from tui.times import moment, short_moment
from tui.widgets.page import Line, Words, line
from tui.widgets.window_source import Cell, Row
from tui.wrapping import wrapped

Found = Listed | Orphan
"""One thing that is reported."""
LIMIT = 1_000
"""Differences, and orphans of each kind, that are shown at most."""
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "account-changed": ("changed", "Somebody else changed this account."),
    "account-gone": ("gone", "This account is gone; somebody else deleted or renamed it."),
    "member-added": ("put in", "Somebody else put this account into a group that manciple manages."),
    "member-removed": ("taken out", "Somebody else took this account out of a group that manciple put it into."),
    "group-gone": ("gone", "This group is gone; somebody else deleted or renamed it."),
    "orphan-account": ("no user", "This account is active and belongs to no user of the identity provider."),
    "orphan-group": ("not fed", "manciple made this group, and no group of the identity provider feeds it any more."),
}
"""What is reported: in a word or two, and in a sentence."""
_PUT_RIGHT = "What the rules want otherwise, the next synchronisation puts right."
_TAKES: Mapping[Kind, str] = {"orphan-account": "deactivate the account", "orphan-group": "delete the group, if empty"}


def head_lines(target: str, found: Sequence[Found] | None, said: str, width: int) -> list[Line]:
    """How much is reported, and what came of the last key."""
    title = line(Words(f" Drift of {target}, as of its last read", "page--title"))
    if found is None:
        summary = said or "Reading; with many accounts this takes a moment."
        return [title, *(line(f" {text}") for text in wrapped(summary, width - 2))]
    orphans = sum(isinstance(each, Orphan) for each in found)
    changed = len(found) - orphans
    if not found:
        summary = f"v {target} is as it was left, and everything in it has somebody behind it."
    else:
        summary = f"{changed:,} changed by others, {orphans:,} with nobody behind them."
    if max(changed, orphans) >= LIMIT:
        summary += f" There may be more: `manciple drift {target}` lists them."
    rows = [line(f" {text}") for text in wrapped(summary, width - 2)]
    news = [line(Words(f" {text}", "page--warning")) for text in wrapped(f"> {said}", width - 2)] if said else []
    return [title, *rows, *news]


def row_of(place: int, found: Found, now: int) -> Row:
    """One row of the list."""
    seen = short_moment(found.seen_at, now) if isinstance(found, Listed) else ""
    return Row(
        place,
        (
            Cell("account" if "account" in found.kind else "group" if "group" in found.kind else "member", width=7),
            Cell(_KINDS[found.kind][0], "window-view--warning", 9),
            Cell(seen, "window-view--dim", 11),
            Cell(f"{found.name}{_difference(found)}"),
        ),
    )


def detail_lines(found: Found | None, keys: Mapping[str, str], width: int, now: int) -> list[Line]:
    """What the row under the cursor means, and what can be done about it."""
    close = f"{keys['dialog.dismiss']} closes this"
    if found is None:
        return [line(Words(f" {close}", "page--dim"))]
    texts = [_KINDS[found.kind][1]]
    if isinstance(found, Listed):
        by_run = f" by run {found.run}" if found.run is not None else ""
        texts.append(f"Seen {moment(found.seen_at, now)}{by_run}. {_PUT_RIGHT}")
    choices = [f"{keys['drift.keep']} lets it stay as it is"]
    if isinstance(found, Orphan):
        choices.append(f"{keys['drift.take_away']} plans to {_TAKES[found.kind]}, and the plan waits")
    rows = [line(Words(f" {found.name}{_difference(found)}", "page--title"))]
    rows += [line(f" {part}") for text in texts for part in wrapped(text, width - 2)]
    hints = wrapped("; ".join((*choices, close)) + ".", width - 2)
    return [*rows, *(line(Words(f" {text}", "page--dim")) for text in hints)]


def _difference(found: Found) -> str:
    """`: e-mail ada@x, found king@x`; nothing where there is no value."""
    if isinstance(found, Orphan) or found.field is None:
        return ""
    field = found.field.removeprefix("attributes.").replace("_", " ")
    return f": {field} {found.before or '-'}, found {found.after or '-'}"
