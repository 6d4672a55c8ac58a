"""Flapping: what manciple does and somebody else takes back, again and again, is held and told (C41).

A change counts that manciple made several times within a week without having taken it back itself. Who does is not
known here; going on would only keep both busy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from core.planning import resolutions
from core.planning.changes import Change, ChangeKind, Conflict, Resolution
from core.planning.conflicts import of_user
from core.planning.dependence import carried
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.notes import LEFT_TO_OTHERS, Note
from core.planning.rules import UserAnswers
from core.planning.undone import named
from core.planning.values import Repeated, SourceUser
from core.planning.wording import called, counted, listed

TIMES = 3
WITHIN = 7 * 24 * 3_600_000
"""Milliseconds within which a change is made so many times before it is held."""
INVERSES: Mapping[ChangeKind, ChangeKind | None] = {
    ChangeKind.ADD_MEMBER: ChangeKind.REMOVE_MEMBER,
    ChangeKind.REMOVE_MEMBER: ChangeKind.ADD_MEMBER,
    ChangeKind.DEACTIVATE_ACCOUNT: ChangeKind.REACTIVATE_ACCOUNT,
    ChangeKind.REACTIVATE_ACCOUNT: ChangeKind.DEACTIVATE_ACCOUNT,
    ChangeKind.UPDATE_ACCOUNT: None,
    ChangeKind.RENAME_ACCOUNT: None,
}
"""Kinds that can flap → the kind that takes them back; `None`: one of the same kind to another value does."""
_SHOWN = 10

_Table = Mapping[tuple[str, str, str], Repeated]


def without_repeated(
    changes: Sequence[Change], lookup: Lookup, answers: UserAnswers
) -> tuple[tuple[Change, ...], tuple[Conflict, ...], tuple[Note, ...]]:
    """The changes that nobody takes back again and again, with a conflict for each user of the others, and what admins
    said is left to somebody else."""
    if not lookup.world.repeated:
        return tuple(changes), (), ()
    table = {(each.kind, each.account_id, each.group_key): each for each in lookup.world.repeated}
    reasons = carried(changes, lambda change: _left(change, table, lookup, answers))
    judged = list(zip(changes, reasons, strict=True))
    held: defaultdict[str, list[Change]] = defaultdict(list)
    for change, reason in judged:
        if reason == _HELD and change.user_id is not None and _repeated(change, table, lookup, answers):
            held[change.user_id].append(change)
    told = (_conflict(lookup.users[user], theirs, table) for user, theirs in held.items())
    return (
        tuple(change for change, reason in judged if reason is None),
        tuple(told),
        tuple(Note(LEFT_TO_OTHERS, named(change)) for change, reason in judged if reason == _ANSWERED),
    )


_HELD, _ANSWERED = "held", "answered"


def _left(change: Change, table: _Table, lookup: Lookup, answers: UserAnswers) -> str | None:
    """Why a change is not made now, if it is not."""
    if _repeated(change, table, lookup, answers) is None:
        return None
    return _ANSWERED if answers.left_to_others.get(change.user_id or "", 0) > lookup.world.now else _HELD


def _repeated(change: Change, table: _Table, lookup: Lookup, answers: UserAnswers) -> Repeated | None:
    """How often a change was made already, if that is too often."""
    user = change.user_id
    if user is None or user not in lookup.users or user in answers.once_more:
        return None
    found = table.get((change.kind, change.account_id or "", group_key(change.group or "")))
    if found is None or (INVERSES[change.kind] is None and dict(found.after) != dict(change.after)):
        return None
    now, is_left = lookup.world.now, user in answers.left_to_others
    times = [at for _, at in found.times if at > now - WITHIN]
    return found if len(times) >= TIMES or is_left else None


def _conflict(user: SourceUser, held: Sequence[Change], table: _Table) -> Conflict:
    found = [table[change.kind, change.account_id or "", group_key(change.group or "")] for change in held]
    times = sorted({time for each in found for time in each.times}, key=lambda time: time[1])
    name, what = held[0].account or "", listed([named(change) for change in held])
    return of_user(
        "C41",
        user,
        f"Somebody else takes back what is done to '{name}'",
        f"{what}: this was done {counted(len(found[0].times), 'time')} within a week for {called(user)}, and was not "
        "so any more each time. Another tool or person changes it at the target, whom the product does not name. It is "
        "left as it is until you decide.",
        {
            "account": name,
            "changes": listed([named(change) for change in held], shown=_SHOWN),
            "done by": listed([f"run {run} on {_day(at)}" for run, at in times], shown=_SHOWN),
            "taken back by": "not known",
        },
        tuple(_answers()),
    )


def _answers() -> Iterable[Resolution]:
    yield resolutions.HOLD
    yield Resolution("K", "Leave it for now", "Leaves it as they want it until the day you give.", "date", "30d")
    yield Resolution("X", "Leave it always", "Leaves it as they want it from now on; all else of this user goes on.")
    yield Resolution("R", "Do it once more", "Does it once more at once, after you have stopped the other tool.")


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
