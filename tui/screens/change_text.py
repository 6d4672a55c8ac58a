"""One change, opened: what, why, from which state to which, and what was sent for it. Pure."""

from collections.abc import Iterator, Mapping

from core.store import exchanges
from tui import marks
from tui.actions import keys_of
from tui.plain import fit
from tui.screens.sync_facts import ChangeFacts
from tui.screens.sync_sources import about
from tui.times import moment
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_LABEL = 13
"""Columns of a label, with the space after the longest: `display_name`."""
_LONGEST_LABEL = 26
"""Columns at most of the name of a further attribute: `attributes.department`."""
_UNKNOWN = "(unknown)"


def change_lines(facts: ChangeFacts | None, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    """Everything about a change; what to do where it is gone."""
    back = keys_of("everywhere.back", keymap)[0]
    if facts is None:
        return [line(f" This change is no longer kept; {back} goes back.")]
    listed, change = facts.listed, facts.change
    title = f"Change {listed.position + 1} of run {listed.run}: {listed.kind} {about(listed)}"
    rows = [line(Words(f" {part}", "page--title")) for part in wrapped(title, width - 2)]
    rows.append(_state(facts, now))
    rows += _field("why", change.because.text, width) + _field("rule", change.because.rule, width)
    rows += _field("lead", change.lead or "", width) + _field("error", listed.error or "", width, "page--bad")
    rows += _field("account id", listed.account_id or "", width) + _field("user id", listed.user_id or "", width)
    rows += [*_difference(facts, width), *_trail(facts, width, now)]
    return [*rows, (), line(Words(f" {back} closes this", "page--dim"))]


def _state(facts: ChangeFacts, now: int) -> Line:
    listed = facts.listed
    mark = marks.CHANGE[listed.state]
    tried = f", tried {listed.attempts} times" if listed.attempts > 1 else ""
    at = listed.finished_at or listed.intent_at
    when = f", {moment(at, now)}" if at is not None else ""
    text = Words(f"{mark.sign} {listed.state}{tried}{when}".strip(), mark.on_page)
    return line(Words(f" {'state':<{_LABEL}}", "page--dim"), text)


def _field(label: str, text: str, width: int, style: str = "page--plain") -> list[Line]:
    if not text:
        return []
    first, *rest = wrapped(text, max(20, width - _LABEL - 2))
    head = line(Words(f" {label:<{_LABEL}}", "page--dim"), Words(first, style))
    return [head, *(line(" " * (_LABEL + 1), Words(part, style)) for part in rest)]


def _difference(facts: ChangeFacts, width: int) -> Iterator[Line]:
    """Field by field, before and after, what differs with a mark."""
    before, after = facts.change.before, facts.change.after
    names = sorted(before.keys() | after.keys())
    if not names:
        return
    label = max(_LABEL, min(_LONGEST_LABEL, 1 + max(map(len, names))))
    column = max(12, (width - label - 5) // 2)
    yield ()
    yield line(Words(f"   {'':<{label}}{fit('before', column)} after", "page--dim"))
    for name in names:
        old, new = (_value(side, name) for side in (before, after))
        mark = "~" if old != new else " "
        yield line(
            f" {mark} {fit(name, label)}{fit(old, column)} ", Words(new, "page--plain" if old == new else "page--good")
        )


def _value(side: Mapping[str, str | bool | None], name: str) -> str:
    if name not in side:
        return "-"
    value = side[name]
    if value is None:
        return _UNKNOWN
    return value if isinstance(value, str) else "yes" if value else "no"


def _trail(facts: ChangeFacts, width: int, now: int) -> Iterator[Line]:
    """From the request that caused it to what was sent."""
    if facts.cause is not None:
        yield ()
        yield line(Words(" caused by", "page--dim"))
        yield _exchange(facts.cause, now)
    if facts.sent:
        yield ()
        yield line(Words(" exchanges", "page--dim"))
        yield from (_exchange(found, now) for found in facts.sent)


def _exchange(found: exchanges.Listed, now: int) -> Line:
    is_failed = found.status is None or found.status >= 400
    status = Words(f"{'X' if is_failed else 'v'} {found.status or '---'} ", "page--bad" if is_failed else "page--good")
    outcome = f"  {found.outcome}" if found.outcome else ""
    text = f"{found.method} {found.path}  {found.duration / 1000:.0f} ms{outcome}"
    return line(Words(f"   {moment(found.at, now)} ", "page--dim"), status, text)
