"""Whether both sides agree: what Entra believes it provisioned, and what Confluence has, compared without the planner.

Only the links are taken from the store, since Confluence renames neither accounts nor groups: which account a user has,
and which group it is at the other side, is not told by a name for ever. A user or group with an open conflict is held
on purpose; it is listed, and not compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.sandbox.confluence import AccountView
from core.sandbox.confluence import Snapshot as ConfluenceSnapshot
from core.sandbox.entra import ProvisionedGroup, ProvisionedUser
from core.sandbox.entra import Snapshot as EntraSnapshot

EXPECTED_CONFLICTS = frozenset({"C16", "C17"})
"""Names that Confluence refuses, and people without a mailbox: what the simulated company has of conflicts."""
DEFAULT_GROUP = "confluence-users"
"""Confluence puts every new account into it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, and what the store says of them."""

    entra: EntraSnapshot
    confluence: ConfluenceSnapshot
    before: ConfluenceSnapshot
    """Confluence before the first push."""
    links: Mapping[str, str]
    """User id → account name."""
    held: frozenset[str]
    """Subjects with an open conflict: `user:<id>`, `group:<id>`."""
    group_links: Mapping[str, str] = field(default_factory=dict)
    """IdP group's id → key of the group that it feeds."""
    conflict_kinds: frozenset[str] = frozenset()
    """The kinds of these conflicts."""


def differences(comparison: Comparison) -> list[str]:
    """Every difference as a sentence; empty where both sides agree."""
    return [
        *_accounts(comparison),
        *_leavers(comparison),
        *_strangers(comparison),
        *_groups(comparison),
        *_memberships(comparison),
        *(f"a conflict of kind {kind}, for which this company gives no cause" for kind in sorted(_odd(comparison))),
    ]


def _odd(comparison: Comparison) -> frozenset[str]:
    return comparison.conflict_kinds - EXPECTED_CONFLICTS


def _accounts(comparison: Comparison) -> Iterator[str]:
    accounts = {account.username.lower(): account for account in comparison.confluence.accounts}
    for user in comparison.entra.users.values():
        if f"user:{user.id}" in comparison.held:
            continue
        name = comparison.links.get(user.id)
        account = accounts.get((name or user.user_name).lower())
        if user.active:
            yield from _of_active(user, account, name)
        elif name and account and account.active:
            yield f"{user.user_name} is inactive at Entra, and the account {account.username} is active"


def _of_active(user: ProvisionedUser, account: AccountView | None, name: str | None) -> Iterator[str]:
    if account is None or name is None:
        yield f"{user.user_name} is active at Entra, and has no account"
        return
    if not account.active:
        yield f"{user.user_name} is active at Entra, and the account {account.username} is not"
    if account.full_name != user.display_name:
        yield f"{account.username} is called {account.full_name!r}, at Entra {user.display_name!r}"
    if user.email is not None and account.email != user.email:
        yield f"{account.username} has the e-mail {account.email!r}, at Entra {user.email!r}"


def _leavers(comparison: Comparison) -> Iterator[str]:
    """Linked accounts whose user Entra has deleted."""
    gone = {name.lower() for ident, name in comparison.links.items() if ident not in comparison.entra.users}
    for account in comparison.confluence.accounts:
        if account.active and account.username.lower() in gone:
            yield f"the user of {account.username} is deleted at Entra, and the account is active"


def _groups(comparison: Comparison) -> Iterator[str]:
    there = {group.lower() for group in comparison.confluence.groups}
    for group in comparison.entra.groups.values():
        if f"group:{group.id}" not in comparison.held and _fed(comparison, group) not in there:
            yield f"the group {group.display_name} is at Entra, and not in Confluence"


def _fed(comparison: Comparison, group: ProvisionedGroup) -> str:
    """The name, in lower case, of the group that a group at Entra is in Confluence."""
    return comparison.group_links.get(group.id, group.display_name.lower())


def _strangers(comparison: Comparison) -> Iterator[str]:
    """Accounts that are nobody's: neither there before, nor linked."""
    known = {account.username.lower() for account in comparison.before.accounts}
    known |= {name.lower() for name in comparison.links.values()}
    for account in comparison.confluence.accounts:
        if account.username.lower() not in known:
            yield f"the account {account.username} belongs to no user"


def _memberships(comparison: Comparison) -> Iterator[str]:
    """Of active users in groups that are provisioned; an inactive user's memberships are left as they were."""
    names = {
        user.id: comparison.links[user.id].lower()
        for user in comparison.entra.users.values()
        if user.active and user.id in comparison.links and f"user:{user.id}" not in comparison.held
    }
    groups = {
        _fed(comparison, group): {names[member] for member in group.members if member in names}
        for group in comparison.entra.groups.values()
        if f"group:{group.id}" not in comparison.held
    }
    before = {(group.lower(), name.lower()) for group, name in comparison.before.memberships}
    present: dict[str, set[str]] = {group: set() for group in groups}
    for group, name in comparison.confluence.memberships:
        if group.lower() in present and name.lower() in names.values():
            present[group.lower()].add(name.lower())
    for group, wanted in groups.items():
        yield from (f"{name} is in {group} at Entra, and not in Confluence" for name in sorted(wanted - present[group]))
        extra = {name for name in present[group] - wanted if (group, name) not in before and group != DEFAULT_GROUP}
        yield from (f"{name} is in {group} in Confluence, and not at Entra" for name in sorted(extra))
