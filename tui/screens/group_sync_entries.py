"""The mappings of a draft, and each edit of them as the value of `[[target.groups.map]]`. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from core.planning.names import group_key
from tui.forms.draft import Draft
from tui.forms.field import Value
from tui.screens.group_sync_fields import MAP
from tui.screens.group_sync_sides import MapKey, map_key

Side = Literal["idp", "target"]
KEEP = "keep_existing_members"


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping."""

    idp: tuple[str, ...]
    target: tuple[str, ...]
    keeps: bool
    """Members that manciple did not add are kept."""
    value: Mapping[str, Any]
    """As it is written."""
    is_edited: bool
    """The file has no such mapping."""

    @property
    def key(self) -> MapKey:
        """What it is known by."""
        return map_key(self.idp, self.target)

    def names(self, side: Side) -> tuple[str, ...]:
        """The names of one side."""
        return self.idp if side == "idp" else self.target

    def has(self, side: Side, name: str) -> bool:
        """Whether it has a name; case does not matter."""
        return group_key(name) in map(group_key, self.names(side))


def entries(draft: Draft) -> tuple[Entry, ...]:
    """The mappings of a draft, in order."""
    saved = _listed(draft.was(MAP))
    return tuple(_entry(each, saved) for each in _listed(draft.value(MAP)))


def uses(of: Sequence[Entry], side: Side) -> Counter[str]:
    """How many mappings have a name, by its key."""
    return Counter(key for each in of for key in set(map(group_key, each.names(side))))


def toggled(draft: Draft, at: int, side: Side, name: str) -> Draft:
    """With a name in the mapping that was not in it, or without one that was."""
    entry = entries(draft)[at]
    names = entry.names(side)
    if entry.has(side, name):
        left = [each for each in names if group_key(each) != group_key(name)]
        return _with(draft, at, {**entry.value, side: _written(left, entry.value.get(side))})
    return _with(draft, at, {**entry.value, side: _written([*names, name], entry.value.get(side))})


def keeping_toggled(draft: Draft, at: int) -> Draft:
    """With a mapping that keeps other members, or keeps none, unlike before."""
    entry = entries(draft)[at]
    others = {key: value for key, value in entry.value.items() if key != KEEP}
    # On is the default: it is not written where it need not be.
    return _with(draft, at, {**others, KEEP: False} if entry.keeps else others)


def added(draft: Draft, idp: Sequence[str], target: Sequence[str]) -> Draft:
    """With one more mapping, the last."""
    entry: dict[str, Value] = {"idp": _written(idp, None), "target": _written(target, None)}
    return draft.with_value(MAP, cast("Value", (*_listed(draft.value(MAP)), entry)))


def removed(draft: Draft, at: int) -> Draft:
    """Without a mapping."""
    return draft.without((*MAP, at))


def _with(draft: Draft, at: int, value: Mapping[str, Any]) -> Draft:
    """A mapping that means what one in the file means is written as that is."""
    saved = next((each for each in _listed(draft.was(MAP)) if _means(each) == _means(value)), value)
    listed = list(_listed(draft.value(MAP)))
    listed[at] = saved
    return draft.with_value(MAP, cast("Value", tuple(listed)))


def _entry(value: Mapping[str, Any], saved: Sequence[Mapping[str, Any]]) -> Entry:
    is_edited = all(_means(value) != _means(each) for each in saved)
    return Entry(_names(value.get("idp")), _names(value.get("target")), value.get(KEEP) is not False, value, is_edited)


def _means(value: Mapping[str, Any]) -> object:
    return _names(value.get("idp")), _names(value.get("target")), value.get(KEEP) is not False


def _listed(value: object) -> Sequence[Mapping[str, Any]]:
    is_list = isinstance(value, list | tuple) and all(isinstance(each, Mapping) for each in value)
    return cast("Sequence[Mapping[str, Any]]", value) if is_list else ()


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def _written(names: Sequence[str], before: object) -> Value:
    """One name alone stands by itself, unless it stood in a list before."""
    return names[0] if len(names) == 1 and not (isinstance(before, list | tuple) and len(before) == 1) else tuple(names)
