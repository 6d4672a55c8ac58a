"""What a plan for touched keys is about, as far as the store tells: found without a look at everybody.

It holds only what the touched users and groups lead to, and what decides about these; what a plan of everything
would decide for them follows from it (`core.planning.values.World`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.apply.group_circle import Circle, circle, fed_names, inner, own_keys
from core.apply.leaving import NOBODY, Leaving, leaving
from core.apply.rivals import alike, candidates, rivals, wanted
from core.planning.mapping import map_user
from core.planning.names import account_key, group_key, normalised
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Capabilities, Link, SourceGroup, SourceUser
from core.store import links, observed, sources

_ABLE_TO_ALL = Capabilities(rename_user=None)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a plan for touched keys is about, as far as the store tells, and what must be observed for it."""

    users: tuple[SourceUser, ...]
    groups: tuple[SourceGroup, ...]
    """Those that the users are in and those that were touched, with all that are of one circle with them."""
    touched_groups: frozenset[str]
    links: tuple[Link, ...]
    """Of `users`."""
    held: tuple[Link, ...]
    """Of others, whose accounts had one of `names` when last seen: whether they still have it must be looked at."""
    names: frozenset[str]
    """The account names that users without a link map to, and those that linked accounts may be renamed to."""
    group_names: frozenset[str]
    """The target groups that may matter."""
    candidates: frozenset[str] = frozenset()
    """Ids of the accounts that users without a link may match by more than the name."""
    leaving: Leaving = NOBODY


def scope(
    connection: Connection,
    provider: str,
    target: str,
    rules: TargetRules,
    users: Collection[str],
    groups: Collection[str],
    capabilities: Capabilities = _ABLE_TO_ALL,
) -> Scope:
    """The scope of these touched users and groups."""
    is_unique = capabilities.names.email_unique
    found, linked = _users(connection, provider, target, rules, set(users), groups, by_email=is_unique)
    referred = frozenset(groups).union(*(user.groups for user in found))
    around = circle(connection, provider, target, rules.groups, referred)
    homes = {link.user_id: link for link in linked}
    without = [user for user in found if user.id not in homes]
    wants = wanted(without, rules.users, by_email=is_unique)
    names = wants.names | _new_names(found, homes, rules.users, capabilities)
    held = links.of_names(connection, target, set(map(account_key, names)))
    return Scope(
        users=tuple(found),
        groups=tuple(around.groups.values()),
        touched_groups=frozenset(groups),
        links=tuple(linked),
        held=tuple(link for link in held if link not in linked),
        names=names,
        group_names=_group_names(connection, target, inner(around, referred, rules.groups), around, linked, rules),
        candidates=candidates(connection, target, wants)
        | alike(connection, target, [user for user in without if user.active], rules.users)
        | _given(found, rules.users)
        | (_having_addresses(connection, target, found, rules.users) if is_unique else frozenset()),
        leaving=leaving(connection, provider, target, rules.users, found, linked),
    )


def _having_addresses(
    connection: Connection, target: str, users: Iterable[SourceUser], rules: UserRules
) -> frozenset[str]:
    """Ids of the accounts that have the addresses of these users."""
    emails = {email.lower() for user in users if (email := map_user(user, rules).email)}
    return frozenset(observed.with_addresses(connection, target, emails))


def _given(users: Iterable[SourceUser], rules: UserRules) -> frozenset[str]:
    """Ids of the accounts that admins' answers give these users."""
    linked = rules.answers.linked
    return frozenset(linked[user.id] for user in users if user.id in linked) if linked else frozenset()


def _users(
    connection: Connection,
    provider: str,
    target: str,
    rules: TargetRules,
    ids: set[str],
    groups: Collection[str],
    *,
    by_email: bool,
) -> tuple[list[SourceUser], list[Link]]:
    """The users that these ids and touched groups lead to, with all that want the same as one of them; their links."""
    found = sources.users(connection, provider, ids | _concerned(connection, provider, target, rules.groups, groups))
    linked = links.of_users(connection, target, {user.id for user in found})
    homes = {link.user_id for link in linked}
    without = [user for user in found if user.id not in homes]
    return found + rivals(connection, provider, target, rules.users, without, by_email=by_email), linked


def _concerned(
    connection: Connection, provider: str, target: str, rules: GroupRules, touched: Collection[str]
) -> set[str]:
    """Ids of the users that are in these groups, or whose accounts are in target groups that these feed."""
    if not touched:
        return set()
    groups = sources.groups(connection, provider, touched)
    ids = {group.id for group in groups}
    below = sources.with_descendants(connection, provider, ids) if rules.nested == "flatten" else ids
    around = circle(connection, provider, target, rules, ids)
    accounts = observed.members_of(connection, target, own_keys(connection, target, groups, around.links, rules))
    theirs = links.of_accounts(connection, target, accounts)
    return sources.members_of(connection, provider, below) | {link.user_id for link in theirs}


def _new_names(
    users: Iterable[SourceUser], homes: dict[str, Link], rules: UserRules, capabilities: Capabilities
) -> frozenset[str]:
    """The names that linked accounts may be renamed to."""
    if not rules.rename or capabilities.rename_user is not None:
        return frozenset()
    mapped = ((homes[user.id], map_user(user, rules).username) for user in users if user.id in homes)
    return frozenset(
        normalised(name) for link, name in mapped if name and account_key(name) != account_key(link.account_name)
    )


def _group_names(
    connection: Connection,
    target: str,
    groups: Collection[SourceGroup],
    around: Circle,
    linked: Iterable[Link],
    rules: TargetRules,
) -> frozenset[str]:
    """Names of the target groups that these users and groups may be about."""
    fed = fed_names(connection, target, groups, around.links, rules.groups)
    if rules.groups.mode == "off":
        return fed
    managed = observed.managed(connection, target, {link.account_id for link in linked})
    keys = {membership.group_key for membership in managed} - set(map(group_key, fed))
    return fed | frozenset(observed.group_names(connection, target, keys).values())
