"""The preview of the group sync screen in words. Pure."""

from collections.abc import Sequence

from tui import marks
from tui.counting import counted
from tui.marks import Mark
from tui.screens.group_sync_facts import Fly, Followed, Mapped
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_MARKS: dict[str, Mark] = {"yes": marks.GOOD, "no": marks.LOOK, "n/a": marks.NOTE}
_STATES: dict[str, tuple[str, str]] = {
    "conflict": ("!", "page--warning"),
    "created": ("+", "page--good"),
    "missing": ("!", "page--warning"),
    "left out": ("-", "page--dim"),
    "there": (" ", "page--plain"),
}
_SAID: dict[str, str] = {"missing": "is not there", "created": "is created", "there": "is there"}


def fly_lines(fly: Fly | None, width: int) -> list[Line]:
    """Which of the IdP's groups are mapped, what each becomes, and whether that is there."""
    if fly is None:
        return []
    counts = ", ".join(f"{fly.counts[state]:,} {state}" for state in _STATES if fly.counts.get(state))
    head = f" {fly.matching:,} of {counted(fly.of, 'IdP group')}" + (f": {counts}" if counts else "")
    rows: list[Line] = [(), line(Words(" On the fly", "page--title"), f" {head}")]
    if not fly.matching and fly.of:
        rows.append(
            line(Words(" ! No IdP group is mapped: include names none, or exclude names all.", "page--warning"))
        )
    rows += [_mapped(each, width) for each in fly.shown]
    if fly.matching > len(fly.shown):
        rows.append(line(Words(f"   … and {fly.matching - len(fly.shown):,} more", "page--dim")))
    return rows


def followed_lines(samples: Sequence[Followed], width: int) -> list[Line]:
    """Target groups followed through the rules."""
    if not samples:
        return []
    rows: list[Line] = [(), line(Words(" Three target groups followed through the rules", "page--title"))]
    for sample in samples:
        rows.append(line(Words(f" {sample.name}", "page--key"), Words(f"  {sample.members}", "page--dim")))
        for step in sample.steps:
            mark = _MARKS[step.verdict]
            first, *rest = wrapped(f"{step.rule}: {step.text}", max(20, width - 6))
            style = mark.on_page if mark is marks.LOOK else "page--plain"
            rows.append(line(Words(f"   {mark.sign} ", mark.on_page), Words(first, style)))
            rows += [line(Words(f"     {part}", style)) for part in rest]
    return rows


def _mapped(each: Mapped, width: int) -> Line:
    sign, style = _STATES[each.state]
    becomes = f" -> {each.becomes}" if each.becomes else ""
    said = each.text if each.state in ("conflict", "left out") else _SAID[each.state]
    more = f", {each.text}" if each.state == "there" and each.text else ""
    return line(Words(f" {sign} {each.name}{becomes}", style), Words(f"  {said}{more}", "page--dim"))
