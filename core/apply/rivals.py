"""Users without an account that may want what another one wants: a name, or an account that matches both.

None of them may be preferred, so a plan for one has them all (`core.planning.values.World`).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.planning.alike import local_part
from core.planning.mapping import map_user, map_value
from core.planning.names import account_key, display_key, normalised
from core.planning.rules import UserRules, ValueRule
from core.planning.unmapping import clues
from core.planning.values import SourceUser
from core.store import newcomers, observed, sources


@dataclass(frozen=True, slots=True)
class Wanted:
    """What users without an account want at the target."""

    names: frozenset[str] = frozenset()
    """Account names that they map to."""
    emails: frozenset[str] = frozenset()
    """In lower case; none where e-mail addresses match nobody."""
    external_ids: frozenset[str] = frozenset()
    """Ids that an account may keep of them; none where ids match nobody."""

    @property
    def keys(self) -> frozenset[str]:
        """The names, as keys."""
        return frozenset(map(account_key, self.names))

    def meets(self, other: "Wanted") -> bool:
        """Whether both want something that is one."""
        ids = self.external_ids & other.external_ids
        return bool(self.keys & other.keys or self.emails & other.emails or ids)


def wanted(users: Iterable[SourceUser], rules: UserRules, *, by_email: bool = False) -> Wanted:
    """What these users want, none of whom has an account; those that are gone want a name all the same.

    `by_email`: nobody else may have their addresses, whether these match accounts or not.
    """
    names, emails, ids = set[str](), set[str](), set[str]()
    for user in users:
        mapped = map_user(user, rules)
        if mapped.username is not None:
            names.add(normalised(mapped.username))
        if ("email" in rules.matching or by_email) and mapped.email:
            emails.add(mapped.email.lower())
        if "id" in rules.matching:
            ids |= {user.id, user.attributes.get("externalId", user.id)}
    return Wanted(frozenset(names), frozenset(emails), frozenset(ids))


def candidates(connection: Connection, target: str, wants: Wanted) -> frozenset[str]:
    """Ids of the accounts that match by more than the name, as last observed."""
    by_id = observed.with_external_ids(connection, target, wants.external_ids)
    return frozenset(by_id | observed.with_addresses(connection, target, wants.emails))


def alike(connection: Connection, target: str, users: Iterable[SourceUser], rules: UserRules) -> frozenset[str]:
    """Ids of the accounts that look like those of users without one, as last observed; none where no rule asks."""
    if rules.alike == "ignore" or not rules.create:
        return frozenset()
    mapped = [map_user(user, rules) for user in users]
    emails = {each.email.lower() for each in mapped if each.email}
    shown = {key for each in mapped if (key := display_key(each.display_name or ""))}
    names = {name for email in emails if (name := local_part(email))}
    by_value = observed.with_addresses(connection, target, emails) | observed.with_names(connection, target, names)
    return frozenset(by_value | observed.with_display_names(connection, target, shown))


def rivals(
    connection: Connection,
    provider: str,
    target: str,
    rules: UserRules,
    users: Collection[SourceUser],
    *,
    by_email: bool = False,
) -> list[SourceUser]:
    """Users without an account that want what any of `users` wants, none of whom has one; and who wants what these
    want, and so on."""
    found = {user.id: user for user in users}
    new = [user for user in users if user.active and not user.deleted]
    while new:
        ours = _with_accounts(connection, target, wanted(new, rules, by_email=by_email), rules)
        ids = newcomers.with_external_ids(connection, provider, target, ours.external_ids)
        for rule, values, key in ((rules.username, ours.keys, account_key), (rules.email, ours.emails, str.lower)):
            ids |= mapped_to(connection, provider, target, rule, values, key)
        others = sources.users(connection, provider, ids - found.keys())
        new = [user for user in others if ours.meets(wanted([user], rules, by_email=by_email))]
        found |= {user.id: user for user in new}
    return [user for ident, user in found.items() if ident not in {each.id for each in users}]


def _with_accounts(connection: Connection, target: str, ours: Wanted, rules: UserRules) -> Wanted:
    """What is wanted, and whatever else somebody could match the same accounts by."""
    if rules.matching == ("username",):
        return ours
    ids = candidates(connection, target, ours) | observed.with_names(connection, target, ours.keys)
    accounts = observed.accounts(connection, target, ids)
    emails = {each.email.lower() for each in accounts if each.email} if "email" in rules.matching else set[str]()
    external_ids = {each.external_id for each in accounts if each.external_id and "id" in rules.matching}
    return Wanted(ours.names | {each.key for each in accounts}, ours.emails | emails, ours.external_ids | external_ids)


def mapped_to(
    connection: Connection,
    provider: str,
    target: str,
    rule: ValueRule,
    wanted_values: Collection[str],
    key: Callable[[str], str],
) -> set[str]:
    """Ids of those for whom a rule gives any of these values, as `key` compares them."""
    if not wanted_values:
        return set()
    known = newcomers.values(
        connection, provider, target, rule.source, clues(rule, wanted_values, limit=newcomers.MANY)
    )
    return {ident for ident, value in known if key(map_value(rule, value).value or "") in wanted_values}
