"""Groups inside groups: which IdP groups a user is in, directly or through others, and where the nesting goes round.

Whoever is in a group is in every group around it. A deleted group counts for nothing and cuts the chain. Groups that
contain each other in a cycle have the same members; that is told, and flattening goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.planning.lookup import Lookup
from core.planning.rules import Nesting
from core.planning.values import SourceGroup, SourceUser

_NONE: frozenset[str] = frozenset()


def effective_groups(lookup: Lookup, nesting: Nesting) -> Mapping[str, frozenset[str]]:
    """User's id → ids of all living IdP groups it is in, those that this world does not have left out.

    Linear in the answer. Users of the same groups share one set.
    """
    around = groups_around(lookup) if nesting == "flatten" else _each_alone(lookup)
    flattened: dict[frozenset[str], frozenset[str]] = {}
    for user in lookup.users.values():
        if user.groups not in flattened:
            flattened[user.groups] = _united(user.groups, around)
    return {id_: flattened[user.groups] for id_, user in lookup.users.items()}


def groups_around(lookup: Lookup) -> Mapping[str, frozenset[str]]:
    """Id of a living IdP group that has users as members → ids of all groups these are in by it: the group itself and
    all around it."""
    direct = _NONE.union(*{user.groups for user in lookup.users.values()})
    return {id_: _upwards(lookup, id_) for id_ in direct if _is_living(lookup, id_)}


def through(user: SourceUser, group_id: str, around: Mapping[str, frozenset[str]]) -> str | None:
    """Id of the group that puts the user into this one (the smallest of several); `None`: it is a direct member."""
    if group_id in user.groups:
        return None
    return min((id_ for id_ in user.groups if group_id in around.get(id_, _NONE)), default=None)


def cycles(lookup: Lookup) -> Iterator[Sequence[SourceGroup]]:
    """Groups that contain each other: of each such knot at least one cycle, every group a member of the next, the last
    one of the first. Linear in groups and nestings."""
    seen: set[str] = set()
    for id_, group in lookup.groups.items():
        if id_ not in seen and not group.deleted:
            yield from _cycles_from(lookup, id_, seen)


def _cycles_from(lookup: Lookup, start: str, seen: set[str]) -> Iterator[Sequence[SourceGroup]]:
    """Search in depth; a parent that is on the path closes a cycle, told where it shares no group with one before."""
    path: list[str] = []
    position: dict[str, int] = {}
    waiting: list[Iterator[str]] = [iter((start,))]
    told = -1  # how far up the path the last told cycle goes
    while waiting:
        id_ = next(waiting[-1], None)
        if id_ is None:
            waiting.pop()
            if path:
                del position[path.pop()]
                told = min(told, len(path) - 1)
        elif id_ not in seen:
            seen.add(id_)
            position[id_] = len(path)
            path.append(id_)
            waiting.append(_parents(lookup, id_))
        elif position.get(id_, -1) > told:
            yield _from_smallest([lookup.groups[on_path] for on_path in path[position[id_] :]])
            told = len(path) - 1


def _from_smallest(cycle: list[SourceGroup]) -> Sequence[SourceGroup]:
    """The cycle from its smallest id on, wherever it was entered."""
    first = min(range(len(cycle)), key=lambda index: cycle[index].id)
    return (*cycle[first:], *cycle[:first])


def _upwards(lookup: Lookup, start: str) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        for parent in lookup.groups[waiting.pop()].parents:
            if parent not in found and _is_living(lookup, parent):
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


def _parents(lookup: Lookup, id_: str) -> Iterator[str]:
    return iter(sorted(parent for parent in lookup.groups[id_].parents if _is_living(lookup, parent)))


def _each_alone(lookup: Lookup) -> Mapping[str, frozenset[str]]:
    return {id_: frozenset((id_,)) for id_, group in lookup.groups.items() if not group.deleted}


def _is_living(lookup: Lookup, id_: str) -> bool:
    group = lookup.groups.get(id_)
    return group is not None and not group.deleted


def _united(ids: Iterable[str], around: Mapping[str, frozenset[str]]) -> frozenset[str]:
    united = _NONE.union(*(around[id_] for id_ in ids if id_ in around))
    return ids if ids == united and isinstance(ids, frozenset) else united
