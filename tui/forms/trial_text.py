"""A trial in words: counts by kind, conflicts, brakes, what was left out, the first changes with reasons. Pure."""

from collections.abc import Iterable

from core.planning.changes import ChangeKind
from core.planning.limits import NOUNS
from tui.counting import counted
from tui.forms.trial_facts import Count, TrialFacts
from tui.times import moment
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_TAKING = frozenset(
    {ChangeKind.REMOVE_MEMBER, ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT, ChangeKind.DELETE_GROUP}
)
_NOUN = 22


def summary(facts: TrialFacts) -> str:
    """A trial in one line."""
    said = counted(facts.total, "change") if facts.total else "nothing to change"
    parts = [said]
    if facts.is_edited:
        parts.append(f"the edit itself: +{facts.new:,} -{facts.gone:,}")
    if number := sum(count.now for count in facts.conflicts):
        parts.append(counted(number, "conflict"))
    if facts.holds:
        parts.append(counted(len(facts.holds), "brake"))
    return ", ".join(parts)


def trial_lines(facts: TrialFacts, width: int, now: int) -> list[Line]:
    """All of it but the samples."""
    return [
        *_basis(facts, width, now),
        (),
        *_changes(facts, width),
        *_conflicts(facts, width),
        *_holds(facts, width),
        *_notes(facts, width),
    ]


def listed_lines(facts: TrialFacts, width: int) -> list[Line]:
    """The first changes, those that the edit makes with a `+`."""
    if not facts.listed:
        return []
    rows: list[Line] = [(), line(Words(" First changes", "page--title"))]
    for each in facts.listed:
        mark, style = ("+", "page--good") if each.is_by_edit else (" ", "page--plain")
        rows += _text(f"{mark} {each.what}", 1, width, style)
        rows += _text(each.because, 5, width, "page--dim")
    if facts.total > len(facts.listed):
        rows.append(line(Words(f"   … and {facts.total - len(facts.listed):,} more", "page--dim")))
    return rows


def _basis(facts: TrialFacts, width: int, now: int) -> list[Line]:
    """What it was planned from, and how old that is."""
    of = f"{counted(facts.users, 'user')}, {counted(facts.accounts, 'account')}"
    if facts.seen_at is None:
        text = f"{of}. The target was never read whole: accounts that are there already are not known yet."
        rows = _text(f"! {text}", 1, width, "page--warning")
    else:
        rows = _text(f"{of}; the target as read at {moment(facts.seen_at, now)}", 1, width, "page--dim")
    if facts.unread:
        names = ", ".join(facts.unread[:3]) + (f" and {len(facts.unread) - 3} more" if len(facts.unread) > 3 else "")
        text = f"! Who is in {names} was never read: who is there already counts as to be added."
        rows += _text(text, 1, width, "page--warning")
    return rows


def _changes(facts: TrialFacts, width: int) -> list[Line]:
    whole = counted(facts.total, "change") if facts.total else "nothing would be changed"
    rows = [line(Words(" All changes", "page--title"), f"  {whole}")]
    for count in facts.changes:
        is_loss = count.kind in _TAKING and count.now > 0
        style = "page--warning" if is_loss else "page--plain"
        noun = NOUNS[ChangeKind(count.kind)] + ("" if count.now == 1 else "s")
        number = Words(f" {'!' if is_loss else ' '} {count.now:>7,} {noun:<{_NOUN}}", style)
        rows.append(line(number, Words(_difference(count), "page--key")))
    if facts.is_edited:
        text = f"The edit itself adds {facts.new:,} and takes {facts.gone:,} away from what is planned already."
        rows += _text(text if facts.new or facts.gone else "The edit itself changes nothing of it.", 1, width)
    if facts.are_leads_unknown:
        text = "What leavers lead is not known here: a run reads it, and moves it to others first."
        rows += _text(text, 1, width, "page--dim")
    return rows


def _conflicts(facts: TrialFacts, width: int) -> list[Line]:
    if not facts.conflicts:
        return []
    rows: list[Line] = [(), line(Words(" Conflicts", "page--title"))]
    for count in facts.conflicts:
        head = f"! {count.now:,} {count.kind}{_difference(count)}  {count.sample}".rstrip()
        rows += _text(head, 1, width, "page--warning" if count.now else "page--good")
    return rows


def _holds(facts: TrialFacts, width: int) -> list[Line]:
    if not facts.holds:
        return []
    rows: list[Line] = [(), line(Words(" Brakes", "page--title"))]
    for hold in facts.holds:
        rows += _text(f"! {hold.brake}: {hold.text}", 1, width, "page--warning")
    return rows


def _notes(facts: TrialFacts, width: int) -> list[Line]:
    if not facts.notes:
        return []
    return [(), line(Words(" Left out", "page--title")), *_all(facts.notes, width)]


def _all(texts: Iterable[str], width: int) -> list[Line]:
    return [row for text in texts for row in _text(text, 1, width, "page--dim")]


def _difference(count: Count) -> str:
    """What the edit makes of a number."""
    by = count.now - count.before
    return f" ({by:+,} by the edit)" if by else ""


def _text(text: str, by: int, width: int, style: str = "page--plain") -> list[Line]:
    first, *rest = wrapped(text, max(20, width - by - 3))
    indent = 2 if text[:1] in "!+ " else 0
    return [line(Words(" " * by + first, style)), *(line(Words(" " * (by + indent) + part, style)) for part in rest)]
