"""The inverse of what a run did: a plan that puts back what was there before, and says what cannot be put back.

Nothing is undone that somebody has changed since: each thing must still be as the run left it. Names are those of
today, also of what was renamed since; things are found by their immutable ids. No rule says what is to be undone, but
what rules protect stays untouched, and brakes hold what is too much, like any plan of its size.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from core.planning import notes
from core.planning.brakes import brakes
from core.planning.changes import Change, ChangeKind, Plan
from core.planning.dependence import with_dependants
from core.planning.limits import within_limits
from core.planning.lookup import lookup
from core.planning.names import group_key
from core.planning.notes import Note, Topic
from core.planning.order import ordered
from core.planning.protection import protected
from core.planning.readdressing import readdressed
from core.planning.rules import TargetRules
from core.planning.spans import Span, spans
from core.planning.taking_back import CHANGED, Present, taken_back
from core.planning.undone import about, named
from core.planning.values import World

KEPT = Topic("Deactivated and not deleted, because an account may have content by now", "new account")
PROTECTED = Topic("Not undone, because users.protect or groups.protect keeps it, or what it needs, untouched", "change")
IN_USE = Topic("Not deleted, because others are in it by now", "new group")

_ACTIVITY = frozenset({ChangeKind.CREATE_ACCOUNT, ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.REACTIVATE_ACCOUNT})


def inverse(done: Sequence[Change], world: World, rules: TargetRules) -> Plan:
    """The plan that undoes changes which were done, given in the order in which they were made.

    `world` has all that they touched as it is now, and among its accounts all members of groups that they created.
    The notes say what is not undone, and why.
    """
    tables = lookup(world)
    found, broken = spans(readdressed(done, tables), about)
    present = Present(
        tables,
        {lead.key: lead for lead in world.leads or ()},
        frozenset((link.group_id, link.group_key) for link in world.group_links),
    )
    answers = _answers(found, present)
    changes = [answer for _, answer in answers if isinstance(answer, Change)]
    changes, kept_groups = _without_groups_in_use(changes, world)
    possible, impossible = within_limits(changes, world)
    allowed, protecting = _without_protected(ordered(possible), rules)
    told = (*_notes(answers), *kept_groups, *(Note(CHANGED, named(change)) for change in broken), *protecting)
    return Plan(allowed, (), impossible + notes.sentences(told), brakes(allowed, tables, rules.brakes))


_Answers = Sequence[tuple[Span, Change | Note | None]]


def _answers(found: Iterable[Span], present: Present) -> _Answers:
    """What is done about each; activity is decided first, since who is active again can lead again."""
    by_turn: tuple[list[Span], list[Span]] = ([], [])
    for span in found:
        by_turn[span.last.kind not in _ACTIVITY].append(span)
    first = [(span, taken_back(span, present)) for span in by_turn[0]]
    returning = frozenset(
        answer.account_id
        for _, answer in first
        if isinstance(answer, Change) and answer.kind == ChangeKind.REACTIVATE_ACCOUNT
    )
    present = replace(present, returning=returning)
    return [*first, *((span, taken_back(span, present)) for span in by_turn[1])]


def _notes(answers: _Answers) -> list[Note]:
    told = [answer for _, answer in answers if isinstance(answer, Note)]
    kept = [
        answer.account or ""
        for span, answer in answers
        if isinstance(answer, Change) and span.first.kind == ChangeKind.CREATE_ACCOUNT and span.last.account
    ]
    return [*told, *(Note(KEPT, name) for name in kept)]


def _without_protected(changes: Sequence[Change], rules: TargetRules) -> tuple[tuple[Change, ...], Sequence[Note]]:
    """Nothing is done to what is protected by now; what depends on that stays too."""
    touching = {change.key for change, found in zip(changes, protected(changes, rules), strict=True) if found}
    kept = with_dependants(changes, touching)
    return (
        tuple(change for change in changes if change.key not in kept),
        [Note(PROTECTED, named(change)) for change in changes if change.key in kept],
    )


def _without_groups_in_use(changes: Sequence[Change], world: World) -> tuple[list[Change], list[Note]]:
    """Groups that the run created go only where nobody is in them but those whom this plan removes."""
    deletions = {group_key(change.group or "") for change in changes if change.kind == ChangeKind.DELETE_GROUP}
    if not deletions:
        return list(changes), []
    leaving = {
        (change.account_id, group_key(change.group or ""))
        for change in changes
        if change.kind == ChangeKind.REMOVE_MEMBER
    }
    used = {
        key
        for account in world.accounts
        for key in deletions.intersection(account.groups or ())
        if (account.id, key) not in leaving
    }
    kept = [change for change in changes if _is_of(change, used)]
    return [change for change in changes if not _is_of(change, used)], [
        Note(IN_USE, change.group or "") for change in kept
    ]


def _is_of(deletion: Change, groups: Set[str]) -> bool:
    return deletion.kind == ChangeKind.DELETE_GROUP and group_key(deletion.group or "") in groups
