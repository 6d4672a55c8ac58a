"""What a trial says, counted and bounded: made in a thread, so that no world and no long plan stays with a screen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.apply.comparing import words
from core.planning.changes import Change, ChangeKind, Conflict, Hold
from core.planning.explaining import doing
from tui.forms.trials import Tried

SHOWN = 40
"""Changes that are listed at most."""
_LEAVING = frozenset({ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a kind there are by the edited rules, and by the saved ones."""

    kind: str
    now: int
    before: int
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One change."""

    what: str
    because: str
    is_by_edit: bool
    """It would not be made by the saved rules."""


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """A trial, as far as it is shown."""

    is_edited: bool
    users: int
    """Users of the provider, as far as they are not deleted."""
    accounts: int
    seen_at: int | None
    unread: Sequence[str]
    changes: Sequence[Count]
    new: int
    gone: int
    """Changes that only the edited rules would make, and only the saved ones."""
    conflicts: Sequence[Count]
    holds: Sequence[Hold]
    notes: Sequence[str]
    listed: Sequence[Listed]
    """The first few changes, those first that the edit makes."""
    are_leads_unknown: bool
    """Accounts go that may lead something, which is not known here."""

    @property
    def total(self) -> int:
        """All changes by the edited rules."""
        return sum(count.now for count in self.changes)


def trial_facts(found: Tried) -> TrialFacts:
    """What is shown of a trial."""
    world, plan, before = found.trial.world, found.trial.plan, found.before
    known, made = {words(each) for each in before.changes}, {words(each) for each in plan.changes}
    new = [each for each in plan.changes if words(each) not in known]
    rest = (each for each in plan.changes if words(each) in known)
    kinds = Counter(each.kind for each in plan.changes)
    return TrialFacts(
        is_edited=found.is_edited,
        users=sum(not user.deleted for user in world.users),
        accounts=len(world.accounts),
        seen_at=found.trial.seen_at,
        unread=found.trial.unread,
        changes=_counts(kinds, Counter(each.kind for each in before.changes)),
        new=len(new),
        gone=len(known - made),
        conflicts=_conflicts(plan.conflicts, before.conflicts),
        holds=plan.holds,
        notes=plan.notes,
        listed=_listed(new, rest, is_edited=found.is_edited),
        are_leads_unknown=world.capabilities.leads is None and any(kinds[kind] for kind in _LEAVING),
    )


def _counts(now: Mapping[ChangeKind, int], before: Mapping[ChangeKind, int]) -> tuple[Count, ...]:
    return tuple(
        Count(kind, now.get(kind, 0), before.get(kind, 0)) for kind in ChangeKind if now.get(kind) or before.get(kind)
    )


def _conflicts(now: Iterable[Conflict], before: Iterable[Conflict]) -> tuple[Count, ...]:
    titles: dict[str, str] = {}
    numbers, numbers_before = Counter[str](), Counter(each.kind for each in before)
    for each in now:
        titles.setdefault(each.kind, each.title)
        numbers[each.kind] += 1
    kinds = sorted(numbers.keys() | numbers_before.keys())
    return tuple(Count(kind, numbers[kind], numbers_before[kind], titles.get(kind, "")) for kind in kinds)


def _listed(new: Sequence[Change], rest: Iterable[Change], *, is_edited: bool) -> tuple[Listed, ...]:
    shown = [Listed(doing(each), each.because.text, is_edited) for each in new[:SHOWN]]
    for each in rest:
        if len(shown) >= SHOWN:
            break
        shown.append(Listed(doing(each), each.because.text, False))
    return tuple(shown)
