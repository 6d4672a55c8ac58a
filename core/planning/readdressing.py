"""Changes of the past under the names of today: accounts by their immutable ids, groups through their renames."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.planning.changes import Change, ChangeKind
from core.planning.lookup import Lookup
from core.planning.names import account_key, group_key
from core.planning.values import Account

_Fields = Mapping[str, str | bool | None]


def readdressed(done: Sequence[Change], lookup: Lookup) -> Iterator[Change]:
    """The changes, newest first, with the ids and names that their accounts and groups have now.

    What is gone keeps the name that it had.
    """
    now: dict[str, str] = {}
    """Key of a group's former name → its name of today."""
    renamed: dict[str, str] = {}
    """Likewise, of accounts that these changes renamed."""
    for change in reversed(done):
        if change.kind == ChangeKind.RENAME_GROUP:
            new = str(change.after.get("name"))
            now[group_key(change.group or "")] = _group_name(new, now, lookup)
        account = _account(change, lookup)
        if change.kind == ChangeKind.RENAME_ACCOUNT and account is not None:
            renamed[account_key(change.account or "")] = account.name
        yield _of_today(change, account, now, renamed, lookup)


def _of_today(
    change: Change, account: Account | None, now: Mapping[str, str], renamed: Mapping[str, str], lookup: Lookup
) -> Change:
    group = None if change.group is None else _group_name(change.group, now, lookup)
    if account is None:
        return replace(change, group=group)
    return replace(
        change,
        account=account.name,
        account_id=account.id,
        group=group,
        before=_led_by(change, change.before, account, renamed),
        after=_led_by(change, change.after, account, renamed),
    )


def _account(change: Change, lookup: Lookup) -> Account | None:
    """By id; of one that the run created, by the link that it got then, unless the user has another account now."""
    if change.account is None:
        return None
    if change.account_id is not None:
        return lookup.accounts.get(change.account_id)
    key, link = account_key(change.account), lookup.links.get(change.user_id or "")
    if link is None:
        return lookup.accounts_by_key.get(key)
    account = lookup.accounts.get(link.account_id)
    return account if account and key in (account.key, account_key(link.account_name)) else None


def _led_by(change: Change, state: _Fields, account: Account, renamed: Mapping[str, str]) -> _Fields:
    """The lead before or after a move under its name of today, where it is this account or was renamed since."""
    lead = state.get("lead")
    if not isinstance(lead, str):
        return state
    key = account_key(lead)
    return {**state, "lead": account.name if key == account_key(change.account or "") else renamed.get(key, lead)}


def _group_name(name: str, now: Mapping[str, str], lookup: Lookup) -> str:
    key = group_key(name)
    today = lookup.target_groups.get(group_key(now.get(key, name)))
    return today.name if today else now.get(key, name)
