"""Who may be leaving, and what has to be known for it: what leavers lead, and who may take it over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.planning.leavers import goes
from core.planning.rules import UserRules, UserScope
from core.planning.values import Account, Capabilities, Link, SourceUser
from core.store import leavers, links, sources

_MANAGER = "enterprise.manager"


@dataclass(frozen=True, slots=True)
class Leaving:
    """The linked users among some whose accounts may go, and who may take over from them."""

    account_ids: frozenset[str] = frozenset()
    """Of the accounts that may go."""
    successors: frozenset[str] = frozenset()
    """Names of accounts that rules name."""
    managers: tuple[SourceUser, ...] = ()
    """Of the leavers, as far as these are others than the users themselves."""
    links: tuple[Link, ...] = ()
    """Of all managers."""

    def going(self, accounts: Iterable[Account], rules: UserRules, capabilities: Capabilities) -> frozenset[str]:
        """Keys of those of these accounts that may go: one that is inactive already only where it is deleted."""
        mine = (account for account in accounts if account.id in self.account_ids)
        return frozenset(account.key for account in mine if goes(rules.when_inactive, account, capabilities))


NOBODY = Leaving()


def leaving(
    connection: Connection,
    provider: str,
    target: str,
    rules: UserRules,
    users: Collection[SourceUser],
    linked: Iterable[Link],
) -> Leaving:
    """Who of these users may be leaving; `linked` are the links of these users."""
    account_of = {link.user_id: link.account_id for link in linked}
    found = [user for user in users if user.id in account_of and _may_leave(user, rules)]
    if not found or rules.when_inactive == "keep":
        return NOBODY
    managers = _managers(connection, provider, found) if _asks_managers(rules) else {}
    known = {user.id for user in users}
    return Leaving(
        account_ids=frozenset(account_of[user.id] for user in found),
        successors=_named(rules) | {rules.answers.successors[u.id] for u in found if u.id in rules.answers.successors},
        managers=tuple(manager for ident, manager in managers.items() if ident not in known),
        links=tuple(links.of_users(connection, target, managers)),
    )


def is_anybody_leaving(connection: Connection, provider: str, target: str, rules: UserRules) -> bool:
    """Whether any linked user of a provider may be leaving."""
    if rules.when_inactive == "keep":
        return False
    if _leave_with_scope(rules) and links.count(connection, target):
        return True
    also_inactive = rules.when_inactive == "delete"
    return leavers.any_account(connection, provider, target, rules.missed_reads, also_inactive=also_inactive)


def roles_named(rules: UserRules) -> frozenset[str]:
    """The roles of projects whose members may take over."""
    return frozenset(name for kind, name in _successors(rules) if kind == "role")


def _may_leave(user: SourceUser, rules: UserRules) -> bool:
    is_present = user.active and not user.deleted and user.missed_reads < rules.missed_reads
    return not is_present or _leave_with_scope(rules)


def _leave_with_scope(rules: UserRules) -> bool:
    """Whether those leave who are out of scope; who that is, the planner says."""
    return rules.when_out_of_scope == "inactive" and rules.scope != UserScope()


def _named(rules: UserRules) -> frozenset[str]:
    named = {name for kind, name in _successors(rules) if kind == "user"}
    return frozenset(named | {name for name in (rules.default_project_lead, rules.default_component_lead) if name})


def _asks_managers(rules: UserRules) -> bool:
    return any(kind == "manager" for kind, _ in _successors(rules))


def _successors(rules: UserRules) -> Iterable[tuple[str, str]]:
    """Kind and name of each that rules prefer: `role:Developers` is (`role`, `Developers`)."""
    for rule in rules.leads:
        for each in rule.to:
            kind, _, name = each.partition(":")
            yield kind, name


def _managers(connection: Connection, provider: str, users: Iterable[SourceUser]) -> dict[str, SourceUser]:
    """Managers by id; the IdP names them by our id or, some do, by userName."""
    named = {user.attributes[_MANAGER] for user in users if user.attributes.get(_MANAGER)}
    found = {user.id: user for user in sources.users(connection, provider, named)}
    ids = {sources.user_named(connection, provider, name) for name in named - found.keys()}
    return found | {user.id: user for user in sources.users(connection, provider, {i for i in ids if i is not None})}
