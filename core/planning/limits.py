"""What is wanted but cannot be: removals after an incomplete read, and operations that the product lacks.

Neither is dropped in silence. Each reason becomes a sentence of the plan with the number of changes left out; what
depends on one that is left out (`core.planning.dependence`) is counted with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.planning.changes import Change, ChangeKind
from core.planning.dependence import carried
from core.planning.values import Capabilities, World
from core.planning.wording import counted

_NEEDS_PROOF = frozenset(
    {
        ChangeKind.DEACTIVATE_ACCOUNT,
        ChangeKind.DELETE_ACCOUNT,
        ChangeKind.DELETE_GROUP,
        ChangeKind.REMOVE_MEMBER,
    }
)
NOUNS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE_ACCOUNT: "account creation",
    ChangeKind.LINK_ACCOUNT: "link",
    ChangeKind.UNLINK_ACCOUNT: "forgotten link",
    ChangeKind.UPDATE_ACCOUNT: "account update",
    ChangeKind.RENAME_ACCOUNT: "account rename",
    ChangeKind.DEACTIVATE_ACCOUNT: "deactivation",
    ChangeKind.DELETE_ACCOUNT: "account deletion",
    ChangeKind.REACTIVATE_ACCOUNT: "reactivation",
    ChangeKind.MOVE_LEAD: "lead move",
    ChangeKind.LINK_GROUP: "group link",
    ChangeKind.UNLINK_GROUP: "forgotten group link",
    ChangeKind.CREATE_GROUP: "group creation",
    ChangeKind.RENAME_GROUP: "group rename",
    ChangeKind.DELETE_GROUP: "group deletion",
    ChangeKind.ADD_MEMBER: "member addition",
    ChangeKind.REMOVE_MEMBER: "member removal",
}
"""What one change of a kind is called."""
_NO_REMOVAL = "so no deactivation, no deletion and no removal is planned"


def within_limits(changes: Sequence[Change], world: World) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes that can be made, and a sentence for each reason why others cannot."""
    reasons = _reasons(world)
    if not reasons:
        return tuple(changes), ()
    possible: list[Change] = []
    left_out: Counter[tuple[str, ChangeKind]] = Counter()
    for change, reason in zip(changes, carried(changes, lambda change: reasons.get(change.kind)), strict=True):
        if reason is None:
            possible.append(change)
        else:
            left_out[reason, change.kind] += 1
    unproven = _unproven(world)
    return tuple(possible), _sentences(left_out, () if unproven is None else (unproven,))


def _unproven(world: World) -> str | None:
    """Why nothing may be taken away: what was read, here or there, was not whole."""
    if world.target_complete and world.source_complete:
        return None
    if world.source_complete:
        return f"The read of the target broke off, {_NO_REMOVAL}"
    provider = "there is no whole read of the provider (its last one was empty or broke off)"
    target = "" if world.target_complete else "the read of the target broke off, and "
    text = f"{target}{provider}, {_NO_REMOVAL}"
    return text[0].upper() + text[1:]


def _reasons(world: World) -> dict[ChangeKind, str]:
    """Why changes of a kind cannot be made at all."""
    able: Capabilities = world.capabilities
    lacking = {
        ChangeKind.CREATE_ACCOUNT: able.create_user,
        ChangeKind.UPDATE_ACCOUNT: able.update_user,
        ChangeKind.RENAME_ACCOUNT: able.rename_user,
        ChangeKind.DEACTIVATE_ACCOUNT: able.set_active,
        ChangeKind.REACTIVATE_ACCOUNT: able.set_active,
        ChangeKind.DELETE_ACCOUNT: able.delete_user,
        ChangeKind.CREATE_GROUP: able.create_group,
        ChangeKind.RENAME_GROUP: able.rename_group,
        ChangeKind.DELETE_GROUP: able.delete_group,
        ChangeKind.ADD_MEMBER: able.members,
        ChangeKind.REMOVE_MEMBER: able.members,
        ChangeKind.MOVE_LEAD: able.leads,
    }
    unproven = _unproven(world)
    found = {kind: reason for kind, reason in lacking.items() if reason is not None}
    return found if unproven is None else found | dict.fromkeys(_NEEDS_PROOF, unproven)


def _sentences(left_out: Counter[tuple[str, ChangeKind]], always: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each reason, also for those of `always` that left nothing out."""
    sentences = []
    for reason in sorted({reason for reason, _ in left_out} | set(always)):
        numbers = [counted(left_out[reason, kind], noun) for kind, noun in NOUNS.items() if left_out[reason, kind]]
        sentences.append(f"{reason.rstrip('.')}. Left out: {', '.join(numbers) or 'nothing'}.")
    return tuple(sentences)
