"""What the names and patterns of a field of `[target.groups]` mean on both sides, as they are typed. Pure."""

from collections.abc import Iterator, Sequence

from core.planning.globs import matching_glob
from core.planning.names import group_key
from core.planning.on_the_fly import made_name
from core.planning.rules import GroupRules, OnTheFly
from tui.counting import counted
from tui.forms.field import Field, Value
from tui.screens.group_sync_fields import FLY
from tui.screens.group_sync_sides import IdpGroup, Meaning, Sides, idp_meaning, target_meaning
from tui.widgets.page import Line, Words, line

_SHOWN = 4
_STYLES = {"plain": "page--dim", "good": "page--good", "warning": "page--warning"}


def beside(field: Field, value: Value | None, rules: GroupRules, of: Sides) -> list[Line]:
    """A few lines about a field with this value; none for a field that names nothing."""
    names = _names(value)
    if field.path[:2] == FLY:
        return [*_unmatched(field, names, of), *_on_the_fly(rules.on_the_fly, of)]
    match field.path[-1]:
        case "idp":
            return _said(names, [idp_meaning(name, of) for name in names])
        case "target" | "default_for_new" | "default_for_all":
            return _said(names, [target_meaning(name, of, creates=rules.create_missing) for name in names])
        case "protect":
            return _protected(rules.protect, of)
    return []


def _said(names: Sequence[str], meanings: Sequence[Meaning]) -> list[Line]:
    """Those first that need a look."""
    told = sorted(zip(names, meanings, strict=True), key=lambda each: each[1].tone != "warning")
    rows = [line(Words(f"   {name}: {meaning.text}", _STYLES[meaning.tone])) for name, meaning in told[:_SHOWN]]
    if len(told) > _SHOWN:
        rows[-1] = line(Words(f"   … and {len(told) - _SHOWN + 1} more names", "page--dim"))
    return rows


def _protected(globs: Sequence[str], of: Sides) -> list[Line]:
    names = [each.name for each in of.targets if matching_glob(globs, each.name) is not None]
    listed = f": {', '.join(names[:_SHOWN])}{', …' if len(names) > _SHOWN else ''}" if names else ""
    return [line(Words(f"   {counted(len(names), 'target group')} of {len(of.targets):,}{listed}", "page--dim"))]


def _unmatched(field: Field, names: Sequence[str], of: Sides) -> Iterator[Line]:
    """A glob that matches nothing is a slip, more often than not."""
    if field.path[-1] in ("include", "exclude") and of.idp:
        for name in [name for name in names if not of.matched(name)][:1]:
            yield line(Words(f"   ! {name} matches no IdP group", "page--warning"))


def _on_the_fly(rules: OnTheFly, of: Sides) -> Iterator[Line]:
    mapped = of.mapped(rules)
    style = "page--dim" if mapped or not of.idp else "page--warning"
    yield line(Words(f"   {len(mapped):,} of {counted(len(of.idp), 'IdP group')} are mapped", style))
    yield from (_made(rules, each, of) for each in mapped[: _SHOWN - 1])


def _made(rules: OnTheFly, each: IdpGroup, of: Sides) -> Line:
    made = made_name(each.group, rules)
    if made is None:
        return line(Words(f"   {each.name} -> ", "page--dim"), Words("(left out)", "page--warning"))
    meaning = target_meaning(made, of, creates=rules.create_missing)
    is_there = of.target(made) is not None
    said = "is there" if is_there else meaning.text.partition(", and")[0]
    same = " (same name)" if group_key(made) == group_key(each.name) else ""
    return line(
        Words(f"   {each.name} -> ", "page--dim"),
        Words(made or "(empty)", _STYLES["good" if meaning.tone == "plain" else meaning.tone]),
        Words(f"  {said}{same}", "page--dim"),
    )


def _names(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, Sequence) else ()
