"""What most of many changes have in common, in one sentence: the first thing an admin wants to know at night.

Computed from what each change says of itself (`because`) and from the user or group that it names. Only what more
than half of them share is told, each with how many they are.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from core.planning.changes import Change, ChangeKind
from core.planning.lookup import Lookup

_OF_LEAVERS = (ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT)
_FIELDS = {"display_name": "display name", "email": "e-mail", "name": "account name"}
_OUT_OF_SCOPE = "users.when_out_of_scope"
_NEARLY_ALL = 0.9
"""Of the exchanges: a few that lie far off do not hide when the rest came."""

_Trait = Callable[[Change, Lookup], str | None]


def cause_of(changes: Sequence[Change], lookup: Lookup) -> str:
    """For example: "All by users.when_inactive, 205 deleted at the IdP, 191 by exchanges 4,100 to 4,290."."""
    found = [text for trait in _TRAITS if (text := _shared(changes, lookup, trait))]
    parts = [*found, *_exchanges(changes)]
    if not parts:
        return "They have no rule, state, group or time in common."
    return f"{', '.join(parts)}."[:1].upper() + f"{', '.join(parts)}."[1:]


def _shared(changes: Sequence[Change], lookup: Lookup, trait: _Trait) -> str | None:
    """What more than half have, with how many they are."""
    counts = Counter(found for change in changes if (found := trait(change, lookup)) is not None)
    ((text, number),) = counts.most_common(1) or [("", 0)]
    return f"{_of_all(number, len(changes))} {text}" if number * 2 > len(changes) else None


def _of_all(number: int, total: int) -> str:
    return "all" if number == total else f"{number:,}"


def _rule(change: Change, lookup: Lookup) -> str | None:
    return f"by {change.because.rule}"


def _state(change: Change, lookup: Lookup) -> str | None:
    """Why somebody counts as a leaver."""
    user = lookup.users.get(change.user_id or "")
    if user is None or change.kind not in _OF_LEAVERS:
        return None
    if user.deleted:
        return "deleted at the IdP"
    if not user.active:
        return "inactive at the IdP"
    out_of_scope = change.because.rule == _OUT_OF_SCOPE
    return "active at the IdP, but out of scope" if out_of_scope else "missing from the provider's last reads"


def _group(change: Change, lookup: Lookup) -> str | None:
    group = lookup.groups.get(change.because.group_id or "")
    if group is None:
        return None
    return f"through IdP group '{group.display_name}'" + (" (deleted)" if group.deleted else "")


def _fields(change: Change, lookup: Lookup) -> str | None:
    """What an update or a rename sets anew."""
    if change.kind not in (ChangeKind.UPDATE_ACCOUNT, ChangeKind.RENAME_ACCOUNT):
        return None
    anew = [_FIELDS.get(name, name) for name, value in change.after.items() if value != change.before.get(name)]
    return f"with a new {' and '.join(anew)}" if anew else None


_TRAITS: tuple[_Trait, ...] = (_rule, _state, _group, _fields)


def _exchanges(changes: Sequence[Change]) -> Iterator[str]:
    """The narrowest range of exchanges that nearly all of those came with that came with any."""
    found = sorted(change.because.exchange for change in changes if change.because.exchange is not None)
    if len(found) * 2 <= len(changes):
        return
    width = max(1, int(len(found) * _NEARLY_ALL))
    start = min(range(len(found) - width + 1), key=lambda place: found[place + width - 1] - found[place])
    first, last = found[start], found[start + width - 1]
    number = sum(first <= exchange <= last for exchange in found)
    span = f"exchange {first}" if first == last else f"exchanges {first} to {last}"
    yield f"{_of_all(number, len(changes))} by {span}"
