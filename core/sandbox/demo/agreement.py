"""Whether both sides agree: what Entra believes it provisioned, and what a product has, compared without the planner.

Only the links are taken from the store, since products rename neither all accounts nor groups: which account a user
has, and which group it is at the other side, is not told by a name for ever. A user or group with an open conflict is
held on purpose; it is listed, and not compared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from core.sandbox.entra import ProvisionedGroup, ProvisionedUser
from core.sandbox.entra import Snapshot as EntraSnapshot
from core.sandbox.views import AccountView, Snapshot

EXPECTED_CONFLICTS = frozenset({"C16", "C17"})
"""Names that products refuse, and people without a mailbox: what the simulated company has of conflicts."""


def by_name(group: ProvisionedGroup) -> frozenset[str]:
    """Every group feeds the one of its name."""
    return frozenset({group.display_name.lower()})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, and what the store says of them."""

    product: str
    """`Confluence`."""
    entra: EntraSnapshot
    there: Snapshot
    before: Snapshot
    """The product before the first push."""
    links: Mapping[str, str]
    """User id → account name."""
    held: frozenset[str]
    """Subjects with an open conflict: `user:<id>`, `group:<id>`."""
    group_links: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """IdP group's id → keys of the groups that it feeds."""
    conflict_kinds: frozenset[str] = frozenset()
    """The kinds of these conflicts."""
    maps: Callable[[ProvisionedGroup], frozenset[str]] = by_name
    """Keys of the groups that an IdP group feeds by the rules."""
    default_groups: frozenset[str] = frozenset({"confluence-users"})
    """Keys of the groups that the product puts every new account into."""
    scope_group: str | None = None
    """The IdP group whose members alone are provisioned; `None`: everybody is."""


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
    accounts = {account.username.lower(): account for account in comparison.there.accounts}
    in_scope = _scope(comparison)
    for user in comparison.entra.users.values():
        name = comparison.links.get(user.id)
        if f"user:{user.id}" in comparison.held or (user.id not in in_scope and user.active):
            continue
        account = accounts.get((name or user.user_name).lower())
        if user.active:
            yield from _of_active(comparison.product, user, account, name)
        elif name and account and account.active:
            yield f"{user.user_name} is inactive at Entra, and the {comparison.product} account is active"


def _scope(comparison: Comparison) -> frozenset[str]:
    """Ids of the users that are provisioned."""
    if comparison.scope_group is None:
        return frozenset(comparison.entra.users)
    named = (group for group in comparison.entra.groups.values() if group.display_name == comparison.scope_group)
    return frozenset[str]().union(*(group.members for group in named))


def _of_active(product: str, user: ProvisionedUser, account: AccountView | None, name: str | None) -> Iterator[str]:
    if account is None or name is None:
        yield f"{user.user_name} is active at Entra, and has no account in {product}"
        return
    if not account.active:
        yield f"{user.user_name} is active at Entra, and the {product} account {account.username} is not"
    if account.full_name != user.display_name:
        yield f"{account.username} is called {account.full_name!r} in {product}, at Entra {user.display_name!r}"
    if user.email is not None and account.email != user.email:
        yield f"{account.username} has the e-mail {account.email!r} in {product}, at Entra {user.email!r}"


def _leavers(comparison: Comparison) -> Iterator[str]:
    """Linked accounts whose user Entra has deleted."""
    gone = {name.lower() for ident, name in comparison.links.items() if ident not in comparison.entra.users}
    for account in comparison.there.accounts:
        if account.active and account.username.lower() in gone:
            yield f"the user of {account.username} is deleted at Entra, and the {comparison.product} account is active"


def _groups(comparison: Comparison) -> Iterator[str]:
    there = {group.lower() for group in comparison.there.groups}
    for group in comparison.entra.groups.values():
        if f"group:{group.id}" not in comparison.held and not _fed(comparison, group) <= there:
            yield f"the group {group.display_name} is at Entra, and not in {comparison.product}"


def _fed(comparison: Comparison, group: ProvisionedGroup) -> frozenset[str]:
    """Keys of the groups that a group at Entra feeds."""
    wanted = comparison.maps(group)
    return comparison.group_links.get(group.id, wanted) if wanted else wanted


def _strangers(comparison: Comparison) -> Iterator[str]:
    """Accounts that are nobody's: neither there before, nor linked."""
    known = {account.username.lower() for account in comparison.before.accounts}
    known |= {name.lower() for name in comparison.links.values()}
    for account in comparison.there.accounts:
        if account.username.lower() not in known:
            yield f"the {comparison.product} account {account.username} belongs to no user"


def _memberships(comparison: Comparison) -> Iterator[str]:
    """Of active users in groups that are provisioned; an inactive user's memberships are left as they were."""
    in_scope = _scope(comparison)
    names = {
        user.id: comparison.links[user.id].lower()
        for user in comparison.entra.users.values()
        if user.active
        and user.id in comparison.links
        and user.id in in_scope
        and f"user:{user.id}" not in comparison.held
    }
    wanted: dict[str, set[str]] = {}
    for group in comparison.entra.groups.values():
        for key in _fed(comparison, group) if f"group:{group.id}" not in comparison.held else ():
            wanted.setdefault(key, set()).update(names[member] for member in group.members if member in names)
    before = {(group.lower(), name.lower()) for group, name in comparison.before.memberships}
    present: dict[str, set[str]] = {group: set() for group in wanted}
    for group_name, name in comparison.there.memberships:
        if group_name.lower() in present and name.lower() in names.values():
            present[group_name.lower()].add(name.lower())
    product = comparison.product
    for key, members in wanted.items():
        yield from (f"{name} is in {key} at Entra, and not in {product}" for name in sorted(members - present[key]))
        extra = {name for name in present[key] - members if (key, name) not in before}
        extra = set() if key in comparison.default_groups else extra
        yield from (f"{name} is in {key} in {product}, and not at Entra" for name in sorted(extra))
