"""One conflict in words. Pure: the same facts and width give the same lines."""

from collections.abc import Mapping, Sequence

from core.planning.resolutions import offered
from core.store import claims
from core.store.answers import Given
from tui import marks
from tui.actions import keys_of
from tui.plain import fit
from tui.screens.conflict_facts import ConflictFacts, Pair
from tui.times import short_moment
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_FIELD = 13
"""Cells of the names of fields."""
NOTHING = (
    "Nothing waits for a decision.",
    "What a plan must not guess is listed here, with both sides and the answers that it offers. Until it is answered "
    "it waits, and everything else goes on.",
)


def empty_lines(width: int) -> list[Line]:
    """What is said where there is no conflict."""
    first, second = NOTHING
    return [line(Words(f" v {first}", "page--good")), *_indented(second, 3, "page--dim", width)]


def detail_lines(facts: ConflictFacts, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    """What it is about, both sides, what can be answered, and what was."""
    row, conflict = facts.row, facts.conflict
    head = f"{row.id}  {row.kind}  {conflict.title}"
    return [
        *(line(Words(f" {text}", "page--title")) for text in wrapped(head, max(20, width - 2))),
        *_indented(conflict.explanation, 1, "page--plain", width),
        _state(facts, now),
        *([] if row.note is None else _indented(f"! {row.note}", 1, "page--warning", width)),
        (),
        *_sides(facts.pairs, row.target, width),
        *_evidence(facts, width),
        (),
        *_answers(facts, keymap, width),
        *_history(facts.given, now),
    ]


def heading(number: int, keys: bool, keymap: Mapping[str, str], width: int) -> Line:
    """Over the queue: how many wait."""
    waiting = f": {number:,} {'waits' if number == 1 else 'wait'}" if number else ""
    text = f" {'>' if keys else '-'} Conflicts{waiting}"
    style = "page--title" if keys else "page--dim"
    return line(Words(fit(f"{text}   {keys_of('conflicts.next_pane', keymap)[0]} goes on", width), style))


def _state(facts: ConflictFacts, now: int) -> Line:
    row = facts.row
    mark = marks.CONFLICT[row.state]
    by = f" by {row.owner}" if row.owner else ""
    until = f" until {short_moment(row.until, now)}" if row.until is not None else ""
    claimed = ""
    if row.claimed_by is not None and row.claimed_at is not None and row.claimed_at > now - claims.LASTS:
        claimed = f"; {row.claimed_by} has it open"
    alike = f"; {len(facts.alike)} alike" if len(facts.alike) > 1 else ""
    text = (
        f" {mark.sign} {row.state}{by}{until} at {row.target} since {short_moment(row.opened_at, now)}{alike}{claimed}"
    )
    return line(Words(text, mark.on_page))


def _sides(pairs: Sequence[Pair], target: str, width: int) -> list[Line]:
    """Both records, one beside the other; what differs is marked."""
    if not pairs:
        return []
    room = max(8, (width - _FIELD - 5) // 2)
    rows = [line(Words(f" {'':{_FIELD}}{fit('identity provider', room)} {fit(target, room)}", "page--dim"))]
    for name, ours, theirs in pairs:
        differs = ours.lower() != theirs.lower() and name != "id" and bool(theirs)
        text = f"{'≠' if differs else ' '}{fit(name, _FIELD)}{fit(ours or '-', room)} {fit(theirs or '-', room)}"
        rows.append(line(Words(f" {text}"[: width * 2], "page--warning" if differs else "page--plain")))
    return rows


def _evidence(facts: ConflictFacts, width: int) -> list[Line]:
    rows: list[Line] = [()] if facts.pairs else []
    for name, value in facts.conflict.evidence.items():
        first, *rest = wrapped(value or "-", max(20, width - _FIELD - 3))
        label = fit(name, _FIELD)
        rows.append(line(Words(f" {label} ", "page--dim"), first))
        rows += [line(f" {'':{_FIELD}} {text}") for text in rest]
    return rows


def _answers(facts: ConflictFacts, keymap: Mapping[str, str], width: int) -> list[Line]:
    if facts.row.state == "answered":
        take_back = keys_of("conflicts.take_back", keymap)[0]
        return [line(Words(f" > The next plan carries the answer out; {take_back} takes it back.", "page--good"))]
    if facts.row.state == "closed":
        return [line(Words(" v It is over: no plan meets it any more.", "page--good"))]
    rows = [line(Words(f" {keys_of('conflicts.answer', keymap)[0]} answers, with one of:", "page--dim"))]
    for resolution in offered(facts.conflict):
        first, *rest = wrapped(f"{resolution.title}: {resolution.consequence}", max(20, width - 6))
        rows.append(line(Words(f"   {resolution.key} ", "page--key"), first))
        rows += [line(Words(f"     {text}", "page--plain")) for text in rest]
    return rows


def _history(given: Sequence[Given], now: int) -> list[Line]:
    if not given:
        return []
    rows: list[Line] = [(), line(Words(" What was answered", "page--dim"))]
    for each in given:
        by = f"rule {each.rule}" if each.rule is not None else each.by
        ending = f" ({each.ending})" if each.ending else ""
        text = f"   {short_moment(each.at, now)}  {each.key} {each.value or ''} by {by}: {each.state}{ending}"
        rows.append(line(text))
    return rows


def _indented(text: str, by: int, style: str, width: int) -> list[Line]:
    return [line(Words(" " * by + part, style)) for part in wrapped(text, max(20, width - by - 1))]
