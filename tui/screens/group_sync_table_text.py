"""What the table of mappings says beside its rows: headings, and what stands under the cursor. Pure."""

from collections.abc import Iterable
from typing import Literal

from core.planning.names import group_key
from tui.counting import counted
from tui.plain import fit
from tui.screens.group_sync_entries import Side
from tui.screens.group_sync_rows import Listed, lacking, meaning_of, said
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

Place = Literal["maps", "idp", "target"]
_NAMES: dict[Place, str] = {"idp": "IdP group", "target": "target group", "maps": "mapping"}


def head_lines(listed: Listed, mode: str, told: tuple[str, str], width: int) -> list[Line]:
    """How many mappings there are, and what is `told`: what the whole comes to, and how much is not saved."""
    summary, edits = told
    title = f" {counted(len(listed.entries), 'mapping')}"
    left = fit(f"  {summary}", max(0, width - len(title) - len(edits) - 1))
    rows: list[Line] = [
        line(Words(title, "page--title"), Words(left, "page--dim"), Words(f"{edits} ", "page--warning"))
    ]
    if mode != "manual":
        text = f" ! Mode is {mode}: these are not used. Set Mode to manual in the form."
        rows.append(line(Words(text, "page--warning")))
    return rows


def side_head(place: Side, words: str, number: int, *, is_here: bool) -> Line:
    """The heading of a side: what its columns are, and what is searched for."""
    found = f"  {number:,} have '{words}'" if words else f"  {number:,}"
    style = "page--title" if is_here else "page--dim"
    return line(Words(f"{'>' if is_here else ' '}     members  #   {_NAMES[place]}", style), Words(found, "page--dim"))


def about_lines(listed: Listed, place: Place, at: int, name: str | None, wrong: str, width: int) -> list[Line]:
    """What stands under the cursor of the list that has the keys."""
    if place == "maps":
        return _of_mapping(listed, at, wrong, width)
    if name is None:
        text = "No group here has these words." if listed.sides else "computing …"
        return _wrapped([text], width, "page--dim")
    return _of_name(listed, place, name, width)


def typed_lines(listed: Listed, side: Side, typed: str, width: int) -> list[Line]:
    """What a name would mean that is being typed."""
    if not typed.strip():
        more = "* and ? make it a glob: any characters, one character." if side == "idp" else "It may be a new one."
        return _wrapped([f"Type the name of an {_NAMES[side]}.".replace("an target", "a target"), more], width)
    meaning = meaning_of(listed, side, typed.strip())
    style = {"plain": "page--plain", "good": "page--good", "warning": "page--warning"}[meaning.tone]
    return _wrapped([f"{typed.strip()}: {meaning.text}"], width, style)


def _of_mapping(listed: Listed, at: int, wrong: str, width: int) -> list[Line]:
    if not listed.entries:
        return _wrapped(["There is no mapping yet: go to a group on each side, and press a."], width)
    entry = listed.entries[at]
    delta = listed.sides.deltas.get(entry.key) if listed.sides else None
    others = "others in its target groups stay" if entry.keeps else "others in its target groups are taken out"
    does = f"+{delta.added:,} -{delta.removed:,} members; " if delta else ""
    rows = _wrapped([f"{at + 1}. {said(entry)}", f"{does}{others} (space changes that)"], width)
    problems = [wrong, *lacking(listed, entry), *_conflicts(listed, entry.target)]
    return [*rows, *_wrapped([f"! {text}" for text in problems if text], width, "page--warning")]


def _of_name(listed: Listed, side: Side, name: str, width: int) -> list[Line]:
    meaning = meaning_of(listed, side, name)
    style = {"plain": "page--plain", "good": "page--good", "warning": "page--warning"}[meaning.tone]
    numbers = [str(n) for n, each in enumerate(listed.entries, 1) if each.has(side, name)]
    used = f"in mapping {', '.join(numbers[:12])}{', …' if len(numbers) > 12 else ''}" if numbers else "in no mapping"
    rows = _wrapped([f"{name}: {meaning.text}; {used}"], width, style)
    if side == "idp" or listed.sides is None:
        return rows
    group = listed.sides.target(name) or listed.sides.new.get(group_key(name))
    if group is None:
        return rows
    deltas = f"The plan adds {group.added:,} and removes {group.removed:,} members."
    return [*rows, *_wrapped([deltas], width), *_wrapped([f"! {t}" for t in group.problems], width, "page--warning")]


def _conflicts(listed: Listed, targets: Iterable[str]) -> list[str]:
    """Conflicts about target groups, but for those that their names tell already."""
    if listed.sides is None:
        return []
    of = listed.sides
    found = (of.target(name) or of.new.get(group_key(name)) for name in targets)
    return [text for each in found if each is not None for text in each.problems]


def _wrapped(texts: Iterable[str], width: int, style: str = "page--plain") -> list[Line]:
    return [line(Words(f" {part}", style)) for text in texts for part in wrapped(text, max(20, width - 2))]
