"""What conflicts turn on that others have or want too: who gives it up, or can give it now, may free their subjects.

A conflict without any is about its subject alone. Names are contended for: whoever has a conflict about one wants it as
well. Users and groups are not: who waits for one gives nothing to anybody else who does.
"""

from collections.abc import Iterable

from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import GroupLink, SourceGroup, SourceUser

_ACCOUNT, _GROUP, _EMAIL = "account:", "group:", "email:"

_NAMES_GIVEN_UP = frozenset(
    {
        ChangeKind.LINK_ACCOUNT,  # it matches nobody else any more
        ChangeKind.RENAME_ACCOUNT,
        ChangeKind.DELETE_ACCOUNT,
        ChangeKind.UNLINK_ACCOUNT,
        ChangeKind.RENAME_GROUP,
        ChangeKind.DELETE_GROUP,
        ChangeKind.UNLINK_GROUP,
    }
)
_ABLE_NOW = frozenset({ChangeKind.CREATE_ACCOUNT, ChangeKind.LINK_ACCOUNT, ChangeKind.REACTIVATE_ACCOUNT})


def account(name: str) -> str:
    """An account name."""
    return f"{_ACCOUNT}{account_key(name)}"


def email(address: str) -> str:
    """An e-mail address."""
    return f"{_EMAIL}{address.lower()}"


def group(name: str) -> str:
    """The name of a group, at the IdP or at the target."""
    return f"{_GROUP}{group_key(name)}"


def successor(name: str) -> str:
    """The account that could take over."""
    return f"successor:{account_key(name)}"


def user(named: str) -> str:
    """Whatever a user wants, or could take over as a manager; by id or userName."""
    return f"user:{named.lower()}"


def source_group(ident: str) -> str:
    """Whatever an IdP group wants, by its id."""
    return f"source-group:{ident}"


def of_user(source: SourceUser, username: str | None, account_name: str | None) -> frozenset[str]:
    """What a user has or wants: the name that rules make, that of its account, and what it takes over."""
    found = {user(source.id), user(source.user_name)}
    if username is not None:
        found.add(account(username))
    if account_name is not None:
        found |= {account(account_name), successor(account_name)}
    return frozenset(found)


def of_group(source: SourceGroup, made_name: str | None, links: Iterable[GroupLink]) -> frozenset[str]:
    """What an IdP group has or wants: its names, `made_name` the one that a rule makes, and all that it feeds, with
    the names by which rules know it."""
    names = {source.display_name, made_name or source.display_name}
    names |= {name for link in links for name in (link.group_key, link.source_name)}
    return frozenset({source_group(source.id), *map(group, names)})


def contended(stakes: Iterable[str]) -> frozenset[str]:
    """Those of these stakes of a conflict that its subject wants itself."""
    return frozenset(stake for stake in stakes if stake.startswith((_ACCOUNT, _GROUP, _EMAIL)))


def freed(change: Change) -> frozenset[str]:
    """What others may have once this change is done."""
    found = set[str]()
    if change.kind in _NAMES_GIVEN_UP:
        found |= {account(change.account)} if change.account else {group(change.group or "")}
    if change.kind in _ABLE_NOW:
        found |= {successor(change.account or "")} | ({user(change.user_id)} if change.user_id else set())
    if change.kind == ChangeKind.RENAME_ACCOUNT:
        found.add(successor(str(change.after["name"])))
    before = change.before.get("email")
    if isinstance(before, str) and before and change.after.get("email") != before:
        found.add(email(before))
    if change.kind == ChangeKind.MOVE_LEAD:  # it may take the project's components too
        found.add(successor(change.account or ""))
    return frozenset(found)
