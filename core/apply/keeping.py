"""What a change that was done leaves in the store: links, accounts, groups and memberships as they are now.

Each runs in the transaction of the change's outcome, so the store never says that something was done without knowing
what came of it.
"""

from core.apply.calls import Result
from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import Account, TargetGroup
from core.store import Transaction, links, observed


def keep(tx: Transaction, target: str, run: int, change: Change, result: Result, *, adopted: bool = False) -> None:
    """Note the effect of a change that was done; `adopted`: by somebody else."""
    kind = change.kind
    if kind == ChangeKind.CREATE_ACCOUNT and isinstance(result, Account):
        observed.see_accounts(tx, target, [result])
        _link(tx, target, run, change, result.id, result.name, "created")
    elif kind == ChangeKind.LINK_ACCOUNT:
        _link(tx, target, run, change, change.account_id or "", change.account or "", "matched by username")
    elif kind == ChangeKind.CREATE_GROUP:
        group = (
            result
            if isinstance(result, TargetGroup)
            else TargetGroup(change.group or "", group_key(change.group or ""))
        )
        (observed.see_groups if adopted else observed.note_groups)(tx, target, [group])
    elif kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER):
        member = kind == ChangeKind.ADD_MEMBER
        account_id = change.account_id or _linked(tx, target, change)
        if account_id is not None:
            observed.note_member(tx, target, account_id, group_key(change.group or ""), member)
    else:
        observed.note_account(tx, target, change.account_id or "", **change.after)


def _link(tx: Transaction, target: str, run: int, change: Change, account_id: str, name: str, how: str) -> None:
    if change.user_id is not None:
        links.put(tx, target, change.user_id, account_id, name, account_key(name), how, run)


def _linked(tx: Transaction, target: str, change: Change) -> str | None:
    """The account that was created earlier in the same plan."""
    found = links.of_users(tx.connection, target, [change.user_id] if change.user_id else [])
    return found[0].account_id if found else None
