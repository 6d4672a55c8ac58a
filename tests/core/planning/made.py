"""Changes by hand, for the stages of planning that come after what is wanted has been worked out."""

from core.planning.changes import Because, Change, ChangeKind
from core.planning.changes import ChangeKind as K

_STATES: dict[ChangeKind, tuple[dict[str, str | bool | None], dict[str, str | bool | None]]] = {
    K.DEACTIVATE_ACCOUNT: ({"active": True}, {"active": False}),
    K.REACTIVATE_ACCOUNT: ({"active": False}, {"active": True}),
    K.ADD_MEMBER: ({"member": False}, {"member": True}),
    K.REMOVE_MEMBER: ({"member": True}, {"member": False}),
}
_OF_GROUPS = (K.CREATE_GROUP, K.RENAME_GROUP, K.DELETE_GROUP, K.LINK_GROUP, K.UNLINK_GROUP)


def made(
    kind: ChangeKind,
    name: str = "ada",
    group: str | None = None,
    *,
    rule: str = "users.when_inactive",
    exchange: int | None = None,
    group_id: str | None = None,
    lead: str | None = None,
    before: dict[str, str | bool | None] | None = None,
    after: dict[str, str | bool | None] | None = None,
) -> Change:
    """A change of the account `name` of `user(name)`; of kinds about groups, one of the target group `name`."""
    usual_before, usual_after = _STATES.get(kind, ({}, {}))
    states = usual_before if before is None else before, usual_after if after is None else after
    if kind in _OF_GROUPS:
        because = Because(f"{name} is so at the IdP", rule, None, group_id, exchange)
        return Change(kind, because, None, None, None, name, None, *states)
    because = Because(f"{name} is so at the IdP", rule, f"u-{name}", group_id, exchange)
    return Change(kind, because, name, f"a-{name}", f"u-{name}", group, lead, *states)


def moved(lead: str, leaver: str, successor: str) -> Change:
    """A lead that goes from one account to another."""
    return made(K.MOVE_LEAD, leaver, lead=lead, before={"lead": leaver}, after={"lead": successor}, rule="users.lead")
