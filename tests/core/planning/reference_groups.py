"""Which target groups there are to be, and who feeds them: what all ways of mapping share, and the defaults."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.planning.changes import ChangeKind
from core.planning.names import check_group_name, group_key, is_kept_group, normalised

from .reference_given import Expected, Given, state


@dataclass(frozen=True)
class Fed:
    """One target group that rules are about."""

    key: str
    name: str
    by: frozenset[str] = frozenset()
    """Ids of the IdP groups whose members are in it."""
    is_frozen: bool = False
    """Nobody is removed."""
    is_exclusive: bool = False
    """Members that no rule gives are removed, whoever added them."""
    is_missing: bool = False
    """It is not there, and not created either: members wait."""


@dataclass(frozen=True)
class Mapping:
    """What a way of mapping groups gives."""

    fed: list[Fed] = field(default_factory=list)
    changes: set[Expected] = field(default_factory=set)
    conflicts: set[tuple[str, str]] = field(default_factory=set)

    def of(self, key: str) -> Fed | None:
        return next((fed for fed in self.fed if fed.key == key), None)


def creation(name: str) -> Expected:
    """A group that is created."""
    return Expected(ChangeKind.CREATE_GROUP, group=name, after=state(name=name))


def with_defaults(given: Given, mapping: Mapping) -> Mapping:
    """The default groups as well."""
    rules = given.rules.groups
    for name in (*rules.default_for_all, *rules.default_for_new):
        mapping = _with_default(given, mapping, normalised(name))
    return mapping


def _with_default(given: Given, mapping: Mapping, name: str) -> Mapping:
    key = group_key(name)
    known, there = mapping.of(key), given.target_group(key)
    if known and not known.is_missing:
        return mapping
    fed = replace(known or Fed(key, ""), name=there.name if there else name, is_missing=False)
    if there:
        return replace(mapping, fed=[*_without(mapping.fed, key), fed])
    missing = replace(fed, is_missing=True)
    if any(change.kind == ChangeKind.RENAME_GROUP and ("name", key) in _keys(change) for change in mapping.changes):
        return replace(mapping, fed=[*_without(mapping.fed, key), missing])
    problem = named_conflict(given, name)
    if problem:
        conflicts = mapping.conflicts | {(problem, f"target-group:{key}")}
        return replace(mapping, fed=[*_without(mapping.fed, key), missing], conflicts=conflicts)
    return replace(mapping, fed=[*_without(mapping.fed, key), fed], changes=mapping.changes | {creation(name)})


def named_conflict(given: Given, name: str) -> str | None:
    """Why a target group that rules name, and that is not there, is not created."""
    if check_group_name(name, given.world.capabilities.names):
        return refusal(given, name)
    return None if given.rules.groups.create_missing else "C24"


def refusal(given: Given, name: str) -> str:
    """The conflict of a group name that the product does not take."""
    return "C21" if is_kept_group(name, given.world.capabilities.names) else "C16"


def _keys(change: Expected) -> set[tuple[str, str]]:
    return {(name, group_key(str(value))) for name, value in change.after}


def _without(all_fed: Iterable[Fed], key: str) -> list[Fed]:
    return [fed for fed in all_fed if fed.key != key]
