"""Finding drift: every observation is compared with how things were left, before it takes their place."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.planning.drift import Drifted, differences, value
from core.planning.values import Account, Link
from core.store import Transaction, drift, group_links, links, observed


def note_accounts(tx: Transaction, target: str, run: int, found: Sequence[Account]) -> None:
    """Note how these accounts differ from how they were left, and what of it is over. Only linked ones count."""
    linked = {link.account_id for link in links.of_accounts(tx.connection, target, [account.id for account in found])}
    ours = [account for account in found if account.id in linked]
    if not ours:
        return
    _clear(tx, target, ours)
    drift.found(tx, target, run, _differences(tx, target, ours))


def note_gone_accounts(tx: Transaction, target: str, run: int, account_ids: Sequence[str]) -> None:
    """Note which linked accounts a whole reading did not show any more."""
    gone = links.of_accounts(tx.connection, target, account_ids)
    drift.found(tx, target, run, map(_gone, gone))


def note_gone_groups(tx: Transaction, target: str, run: int, keys: Sequence[str]) -> None:
    """Note which groups that IdP groups feed a whole reading did not show any more."""
    fed = {link.group_key for link in group_links.of_keys(tx.connection, target, keys)}
    names = observed.group_names(tx.connection, target, fed)
    gone = [Drifted("group-gone", names[key], group_key=key, before="there", after="gone") for key in sorted(fed)]
    drift.found(tx, target, run, gone)


def _gone(link: Link) -> Drifted:
    return Drifted("account-gone", link.account_name, link.account_id, before="there", after="gone")


def _differences(tx: Transaction, target: str, found: Sequence[Account]) -> Iterator[Drifted]:
    ids = [account.id for account in found]
    left = {account.id: account for account in observed.accounts(tx.connection, target, ids)}
    groups = observed.groups_of(tx.connection, target, ids)
    managed: defaultdict[str, set[str]] = defaultdict(set)
    for membership in observed.managed(tx.connection, target, ids):
        managed[membership.account_id].add(membership.group_key)
    seen = frozenset[str]().union(*(account.groups or () for account in found))
    ours = {link.group_key for link in group_links.of_keys(tx.connection, target, seen)}
    for account in found:
        if known := left.get(account.id):
            before = replace(known, groups=frozenset(groups.get(account.id, ())))
            yield from differences(before, account, managed[account.id], ours)


def _clear(tx: Transaction, target: str, found: Sequence[Account]) -> None:
    """What is not as it was found any more."""
    accounts = {account.id: account for account in found}
    over = [
        row.id
        for row in drift.of_accounts(tx.connection, target, list(accounts))
        if not _still(row, accounts[row.account_id or ""])
    ]
    drift.clear(tx, over)


def _still(row: drift.Listed, account: Account) -> bool:
    """Whether an account is as this row found it; what is not told may be."""
    if row.kind == "account-changed":
        now = value(account, row.field or "")
        return now is None or now == row.after
    if row.kind == "account-gone" or account.groups is None:
        return row.kind != "account-gone"
    return (row.group_key in account.groups) == (row.kind == "member-added")
