"""Brakes: what a plan would do more of than an admin allows unasked, and the last administrators.

A brake holds the whole class of changes that is too large, never a part of it: which of 212 deactivations are wrong
cannot be told from their number. All others go on. What waits already for the same reason counts with it, and what
pushes did within the last hour counts beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.planning.causes import cause_of
from core.planning.changes import Change, ChangeKind, Hold, Plan
from core.planning.dependence import with_dependants
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.rules import FEW, BrakeRules, Limit
from core.planning.values import AdminGroup, Totals, Waiting

SAMPLE = 10
"""How many names a hold shows."""

_REMOVING_ACCOUNT = (ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT)
_DELETING = (ChangeKind.DELETE_ACCOUNT, ChangeKind.DELETE_GROUP)
_UPDATING = (ChangeKind.UPDATE_ACCOUNT, ChangeKind.RENAME_ACCOUNT)
_LOOSENING = frozenset({*_REMOVING_ACCOUNT, ChangeKind.DELETE_GROUP, ChangeKind.REMOVE_MEMBER})
"""Kinds that can take a member from an administrators' group."""


@dataclass(frozen=True, slots=True)
class _Brake:
    """One limit over some kinds of change."""

    key: str
    limit: Limit
    kinds: tuple[ChangeKind, ...]
    does: str
    """`deactivated`: what would be done to them."""
    base: int
    """What the percentage is taken of."""
    of: str
    """`linked`: what that is."""


def brakes(changes: Sequence[Change], lookup: Lookup, rules: BrakeRules) -> tuple[Hold, ...]:
    """The brakes that these changes hit, the last administrators first; `changes` are in the order of the plan."""
    of_kind: defaultdict[ChangeKind, list[Change]] = defaultdict(list)
    for change in changes:
        of_kind[change.kind].append(change)
    totals = lookup.world.totals
    return (
        *last_administrators(changes, lookup, rules.min_admins),
        *(hold for brake in _brakes(totals, rules) if (hold := _hold(brake, of_kind, lookup))),
        *_per_group(of_kind[ChangeKind.REMOVE_MEMBER], lookup, rules.remove_member_of_group),
    )


def last_administrators(changes: Iterable[Change], lookup: Lookup, minimum: int) -> tuple[Hold, ...]:
    """A hold for each administrators' group that would keep fewer than `minimum` active members."""
    waiting = tuple(each for each in _waiting(lookup) if each.account_id is not None)
    found = too_few_left(changes, lookup.world.admin_groups, minimum, waiting)
    return tuple(_made("brakes.min_admins", text, taking, lookup, approvable=False) for text, taking in found)


def too_few_left(
    changes: Iterable[Change], groups: Collection[AdminGroup], minimum: int, waiting: Collection[Waiting] = ()
) -> Iterator[tuple[str, Sequence[Change]]]:
    """For each administrators' group that would keep fewer than `minimum`: a sentence, and the changes that take from
    it.

    No admin alone may approve that nobody is left who could put things right. What of `waiting` takes somebody from a
    group counts as done.
    """
    if not groups:
        return
    loosening = [change for change in changes if change.kind in _LOOSENING]
    for group in sorted(groups, key=lambda group: group.key):
        taking = [change for change in loosening if _takes_from(change, group)]
        dissolved = any(change.kind == ChangeKind.DELETE_GROUP for change in taking)
        staying = group.members - {change.account_id for change in taking}
        going = staying.intersection(_about_to_go(waiting, group))
        left = 0 if dissolved else len(staying - going)
        if taking and left < minimum:
            of = f"of {_number(len(group.members), 'active member')}" + (", with what waits already" if going else "")
            yield f"'{group.name}' would keep {left:,} {of}; brakes.min_admins asks for {minimum:,}.", taking


def held(plan: Plan) -> frozenset[str]:
    """`Change.key` of every change that waits for an admin: what brakes hold, and what depends on it.

    What a leaver leads is not given away while the leaver's account stays.
    """
    if not plan.holds:
        return frozenset()
    return with_dependants(plan.changes, (key for hold in plan.holds for key in hold.keys))


def allowed(limit: Limit, base: int) -> int:
    """How many may be changed unasked, of `base` that there are: the smaller of count and percentage.

    A percentage is never less than one, and none is taken of fewer than `FEW`.
    """
    return limit.count if base < FEW else min(limit.count, max(1, base * limit.percent // 100))


def _brakes(totals: Totals, rules: BrakeRules) -> tuple[_Brake, ...]:
    removing = (ChangeKind.REMOVE_MEMBER,)
    linked, read = totals.linked, totals.memberships
    return (
        _Brake(
            "brakes.deactivate", rules.deactivate, (ChangeKind.DEACTIVATE_ACCOUNT,), "deactivated", linked, "linked"
        ),
        _Brake("brakes.delete", rules.delete, _DELETING, "deleted", linked, "linked"),
        _Brake("brakes.remove_member", rules.remove_member, removing, "removed", read, "read"),
        _Brake("brakes.update", rules.update, _UPDATING, "updated or renamed", linked, "linked"),
    )


def _hold(brake: _Brake, of_kind: Mapping[ChangeKind, Sequence[Change]], lookup: Lookup) -> Hold | None:
    changes = [change for kind in brake.kinds for change in of_kind.get(kind, ())]
    numbers = Counter({kind: len(of_kind.get(kind, ())) for kind in brake.kinds})
    for each in _waiting(lookup):
        if each.kind in brake.kinds:
            numbers[ChangeKind(each.kind)] += each.number
    recent = sum(lookup.world.totals.recent.get(kind, 0) for kind in brake.kinds)
    if not changes or numbers.total() + recent <= allowed(brake.limit, brake.base):
        return None
    told = f", of {brake.base:,} {brake.of}" if brake.base else ""
    text = f"{_subjects(numbers)} would be {brake.does}{told}{_earlier(recent)}"
    return _made(brake.key, f"{text}; {_allows(brake.key, brake.limit, brake.base)}.", changes, lookup)


def _per_group(removals: Iterable[Change], lookup: Lookup, limit: Limit) -> Iterator[Hold]:
    """A hold for each target group that would lose too many at once."""
    key_of = cache(group_key)
    of_group: defaultdict[str, list[Change]] = defaultdict(list)
    for change in removals:
        of_group[key_of(change.group or "")].append(change)
    waiting: Counter[str | None] = Counter()
    for each in _waiting(lookup):
        if each.kind == ChangeKind.REMOVE_MEMBER:
            waiting[each.group_key] += each.number
    for key, changes in sorted(of_group.items()):
        number = len(changes) + waiting[key]
        base = lookup.world.totals.members.get(key, 0)
        recent = lookup.world.totals.recent.get(f"{ChangeKind.REMOVE_MEMBER}|{key}", 0)
        if number + recent > allowed(limit, base):
            lost = f"{number:,} of its {_number(base, 'member')}" if base else _number(number, "member")
            text = f"'{changes[0].group}' would lose {lost}{_earlier(recent)}"
            brake = "brakes.remove_member_of_group"
            yield _made(brake, f"{text}; {_allows(brake, limit, base)}.", changes, lookup)


def _waiting(lookup: Lookup) -> Iterator[Waiting]:
    """What waits already and is not planned here again."""
    return (each for each in lookup.world.totals.waiting if each.user_id not in lookup.users)


def _takes_from(change: Change, group: AdminGroup) -> bool:
    if change.kind == ChangeKind.DELETE_GROUP:
        return group_key(change.group or "") == group.key
    if change.account_id not in group.members:
        return False
    return change.kind in _REMOVING_ACCOUNT or group_key(change.group or "") == group.key


def _about_to_go(waiting: Iterable[Waiting], group: AdminGroup) -> Iterator[str]:
    """Ids of the accounts that what waits would take from an administrators' group."""
    for each in waiting:
        if each.account_id is not None and (each.kind in _REMOVING_ACCOUNT or each.group_key == group.key):
            yield each.account_id


def _made(brake: str, text: str, changes: Sequence[Change], lookup: Lookup, *, approvable: bool = True) -> Hold:
    names = dict.fromkeys(change.account or change.group or "" for change in changes)
    return Hold(
        brake,
        text,
        keys=tuple(change.key for change in changes),
        sample=tuple(names)[:SAMPLE],
        cause=cause_of(changes, lookup),
        approvable=approvable,
    )


def _allows(brake: str, limit: Limit, base: int) -> str:
    number = allowed(limit, base)
    return f"{brake} allows {number:,}" + (f" ({limit.percent} %)" if number < limit.count else "")


def _earlier(recent: int) -> str:
    return f", besides {recent:,} that pushes made within the last hour" if recent else ""


def _subjects(numbers: Mapping[ChangeKind, int]) -> str:
    """`12 accounts and 1 group`."""
    counts: Counter[str] = Counter()
    for kind, number in numbers.items():
        if number:
            counts[_unit(kind)] += number
    return " and ".join(_number(counts[unit], unit) for unit in sorted(counts))


def _unit(kind: str) -> str:
    if kind == ChangeKind.REMOVE_MEMBER:
        return "membership"
    return "group" if kind == ChangeKind.DELETE_GROUP else "account"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
