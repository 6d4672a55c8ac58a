"""What a change that was done leaves in the store: links, accounts, groups and memberships as they are now.

Each runs in the transaction of the change's outcome, so the store never says that something was done without knowing
what came of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.apply.calls import Result, attributes_in
from core.apply.freeing import free
from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import Account, GroupLink, TargetGroup
from core.store import Transaction, group_links, links, noted, observed, released, repeats, sources

_ON_THE_FLY = "groups.on_the_fly"
"""What the rules of groups that have one target group each begin with."""


@dataclass(frozen=True, slots=True)
class _Done:
    """A change that was done."""

    tx: Transaction
    target: str
    run: int
    change: Change
    result: Result
    adopted: bool

    @property
    def account_id(self) -> str:
        """Of the account that the change is about; one that the same plan created is found by its user's link."""
        change = self.change
        if change.account_id is not None or change.user_id is None:
            return change.account_id or ""
        found = links.of_users(self.tx.connection, self.target, [change.user_id])
        return found[0].account_id if found else ""

    @property
    def group_key(self) -> str:
        """Of the target group that the change is about."""
        return group_key(self.change.group or "")

    @property
    def name(self) -> str:
        """The name that the change gave."""
        return str(self.change.after["name"])


def keep(tx: Transaction, target: str, run: int, change: Change, result: Result, *, adopted: bool = False) -> None:
    """Note the effect of a change that was done, and who may have been freed by it; `adopted`: by somebody else."""
    done = _Done(tx, target, run, change, result, adopted)
    _KEEPING[change.kind](done)
    repeats.note(tx, target, change, change.account_id or "")
    free(tx, target, change)


def _created_account(done: _Done) -> None:
    if isinstance(done.result, Account):
        observed.see_accounts(done.tx, done.target, [done.result])
        _link(done, done.result.id, done.result.name, "created", is_new=True)


def _linked_account(done: _Done) -> None:
    _link(done, done.change.account_id or "", done.change.account or "", f"matched: {done.change.because.text}")


def _unlinked_account(done: _Done) -> None:
    if done.change.user_id is not None:
        links.remove(done.tx, done.target, done.change.user_id)


def _changed_account(done: _Done) -> None:
    after = done.change.after
    noted.account(done.tx, done.target, done.account_id, **{name: after.get(name) for name in noted.ACCOUNT_VALUES})
    noted.attributes(done.tx, done.target, done.account_id, attributes_in(after))


def _renamed_account(done: _Done) -> None:
    key = account_key(done.name)
    if key != account_key(done.change.account or ""):
        _release(done, "renamed")
    noted.account(done.tx, done.target, done.account_id, name=done.name, key=key)
    links.rename(done.tx, done.target, done.account_id, done.name, key)


def _deleted_account(done: _Done) -> None:
    _release(done, "deleted")
    noted.account_gone(done.tx, done.target, done.account_id)
    _unlinked_account(done)


def _release(done: _Done, how: str) -> None:
    """The account's name is free from now on."""
    name, user_id = done.change.account, done.change.user_id
    if name is not None and user_id is not None:
        released.put(done.tx, done.target, name, user_id, done.account_id, how, done.run)


def _created_group(done: _Done) -> None:
    name = done.change.group or ""
    group = done.result if isinstance(done.result, TargetGroup) else TargetGroup(name, done.group_key)
    (observed.see_groups if done.adopted else noted.groups)(done.tx, done.target, [group])
    if done.change.because.rule.startswith(_ON_THE_FLY):  # a manual mapping links by changes of their own
        _link_group(done)


def _renamed_group(done: _Done) -> None:
    new_key = group_key(done.name)
    noted.group_renamed(done.tx, done.target, done.group_key, done.name, new_key)
    group_links.rename(done.tx, done.target, done.group_key, new_key)


def _deleted_group(done: _Done) -> None:
    noted.group_gone(done.tx, done.target, done.group_key)
    group_links.remove_key(done.tx, done.target, done.group_key)


def _link_group(done: _Done) -> None:
    group_id = done.change.because.group_id
    if group_id is not None:
        link = GroupLink(group_id, done.group_key, _source_name(done, group_id))
        alone = done.change.because.rule.startswith(_ON_THE_FLY)
        group_links.put(done.tx, done.target, link, done.run, alone=alone)


def _source_name(done: _Done, group_id: str) -> str:
    """What the IdP called the group when it was planned, else what it calls it now."""
    planned = done.change.after.get("source_name")
    return planned if isinstance(planned, str) else sources.group_name(done.tx.connection, group_id) or ""


def _unlinked_group(done: _Done) -> None:
    if done.change.because.group_id is not None:
        group_links.remove(done.tx, done.target, done.change.because.group_id, done.group_key)


def _member(done: _Done) -> None:
    member = done.change.kind == ChangeKind.ADD_MEMBER
    managed = done.change.after.get("managed") is not False
    if account_id := done.account_id:
        noted.member(done.tx, done.target, account_id, done.group_key, member, managed)


def _nothing(done: _Done) -> None:
    """Leads are read whenever they matter, and not kept."""


def _link(done: _Done, account_id: str, name: str, how: str, *, is_new: bool = False) -> None:
    user_id = done.change.user_id
    if user_id is not None:
        links.put(done.tx, done.target, user_id, account_id, name, account_key(name), how, done.run, is_new)


_KEEPING: Mapping[ChangeKind, Callable[[_Done], None]] = {
    ChangeKind.CREATE_ACCOUNT: _created_account,
    ChangeKind.UPDATE_ACCOUNT: _changed_account,
    ChangeKind.RENAME_ACCOUNT: _renamed_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _changed_account,
    ChangeKind.REACTIVATE_ACCOUNT: _changed_account,
    ChangeKind.DELETE_ACCOUNT: _deleted_account,
    ChangeKind.LINK_ACCOUNT: _linked_account,
    ChangeKind.UNLINK_ACCOUNT: _unlinked_account,
    ChangeKind.CREATE_GROUP: _created_group,
    ChangeKind.RENAME_GROUP: _renamed_group,
    ChangeKind.DELETE_GROUP: _deleted_group,
    ChangeKind.LINK_GROUP: _link_group,
    ChangeKind.UNLINK_GROUP: _unlinked_group,
    ChangeKind.ADD_MEMBER: _member,
    ChangeKind.REMOVE_MEMBER: _member,
    ChangeKind.MOVE_LEAD: _nothing,
}
