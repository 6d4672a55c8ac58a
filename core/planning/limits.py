"""What is wanted but cannot be: removals after an incomplete read, and operations that the product lacks.

Neither is dropped in silence. Each reason becomes a sentence of the plan with the number of changes left out; those
that depend on a creation that is left out (memberships of the account, members of the group) are counted with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.planning.changes import Change, ChangeKind
from core.planning.values import Capabilities, World
from core.planning.wording import counted

_NEEDS_PROOF = frozenset({ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.REMOVE_MEMBER})
_NOUNS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE_ACCOUNT: "account creation",
    ChangeKind.LINK_ACCOUNT: "link",
    ChangeKind.UPDATE_ACCOUNT: "account update",
    ChangeKind.DEACTIVATE_ACCOUNT: "deactivation",
    ChangeKind.REACTIVATE_ACCOUNT: "reactivation",
    ChangeKind.CREATE_GROUP: "group creation",
    ChangeKind.ADD_MEMBER: "member addition",
    ChangeKind.REMOVE_MEMBER: "member removal",
}
_BROKE_OFF = "The read of the target broke off, so no deactivation and no removal is planned"


def within_limits(changes: Sequence[Change], world: World) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes that can be made, and a sentence for each reason why others cannot."""
    reasons = _reasons(world)
    if not reasons:
        return tuple(changes), ()
    no_account = {change.user_id for change in changes if _is_left_out(change, ChangeKind.CREATE_ACCOUNT, reasons)}
    no_group = {change.group for change in changes if _is_left_out(change, ChangeKind.CREATE_GROUP, reasons)}
    possible: list[Change] = []
    left_out: Counter[tuple[str, ChangeKind]] = Counter()
    for change in changes:
        reason = reasons.get(change.kind)
        if reason is None and change.kind == ChangeKind.ADD_MEMBER:
            reason = _reason_of_dependant(change, no_account, no_group, reasons)
        if reason is None:
            possible.append(change)
        else:
            left_out[reason, change.kind] += 1
    always = () if world.target_complete else (_BROKE_OFF,)
    return tuple(possible), _sentences(left_out, always)


def _reasons(world: World) -> dict[ChangeKind, str]:
    """Why changes of a kind cannot be made at all."""
    able: Capabilities = world.capabilities
    lacking = {
        ChangeKind.CREATE_ACCOUNT: able.create_user,
        ChangeKind.UPDATE_ACCOUNT: able.update_user,
        ChangeKind.DEACTIVATE_ACCOUNT: able.set_active,
        ChangeKind.REACTIVATE_ACCOUNT: able.set_active,
        ChangeKind.CREATE_GROUP: able.create_group,
        ChangeKind.ADD_MEMBER: able.members,
        ChangeKind.REMOVE_MEMBER: able.members,
    }
    unproven = {} if world.target_complete else dict.fromkeys(_NEEDS_PROOF, _BROKE_OFF)
    return {kind: reason for kind, reason in lacking.items() if reason is not None} | unproven


def _is_left_out(change: Change, kind: ChangeKind, reasons: Mapping[ChangeKind, str]) -> bool:
    return change.kind == kind and kind in reasons


def _reason_of_dependant(
    adding: Change, no_account: set[str | None], no_group: set[str | None], reasons: Mapping[ChangeKind, str]
) -> str | None:
    if adding.user_id in no_account:
        return reasons[ChangeKind.CREATE_ACCOUNT]
    return reasons[ChangeKind.CREATE_GROUP] if adding.group in no_group else None


def _sentences(left_out: Counter[tuple[str, ChangeKind]], always: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each reason, also for those of `always` that left nothing out."""
    sentences = []
    for reason in sorted({reason for reason, _ in left_out} | set(always)):
        numbers = [counted(left_out[reason, kind], noun) for kind, noun in _NOUNS.items() if left_out[reason, kind]]
        sentences.append(f"{reason.rstrip('.')}. Left out: {', '.join(numbers) or 'nothing'}.")
    return tuple(sentences)
