"""Which account, of those that are there already, is a newcomer's: by immutable id, by name, or by e-mail address.

Accounts that are linked to somebody are nobody else's, whatever they have in common with a newcomer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser
from core.planning.names import account_key, normalised
from core.planning.rules import UserRules
from core.planning.values import Account, SourceUser

BY: Mapping[str, str] = {"id": "immutable id", "email": "e-mail address"}
"""What an account is matched by, in words."""
_Table = Mapping[str, Sequence[Account]]


@dataclass(frozen=True, slots=True)
class Match:
    """The accounts that match a newcomer by something other than the name: one, or too many."""

    by: Literal["id", "email"]
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of all newcomers."""

    of_user: Mapping[str, Match]
    """Id of a newcomer → its match; one that is not here is matched by name, or gets a new account."""
    claimants: Mapping[str, Sequence[SourceUser]]
    """Id of an account that somebody matches by something other than the name → all newcomers that match it."""


def matches(lookup: Lookup, newcomers: Iterable[MappedUser], rules: UserRules) -> Matches:
    """Match the newcomers, in the order of `users.matching`."""
    newcomers = tuple(newcomers)
    linked = frozenset(link.account_id for link in lookup.world.links)
    free = [a for a in lookup.accounts.values() if a.id not in linked and a.key not in lookup.world.taken_names]
    by_id = _table((a.external_id, a) for a in free) if "id" in rules.matching else {}
    by_email = _table((a.email.lower() if a.email else None, a) for a in free) if "email" in rules.matching else {}
    of_user = {
        mapped.user.id: found
        for mapped in newcomers
        if (found := _match(lookup, mapped, rules, by_id, by_email)) is not None
    }
    return Matches(of_user, _claimants(lookup, newcomers, of_user, rules))


def _table(pairs: Iterable[tuple[str | None, Account]]) -> _Table:
    table: defaultdict[str, list[Account]] = defaultdict(list)
    for key, account in pairs:
        if key:
            table[key].append(account)
    return table


def _match(lookup: Lookup, mapped: MappedUser, rules: UserRules, by_id: _Table, by_email: _Table) -> Match | None:
    """The first criterion with a candidate decides; `None`: it is the name, or there is none."""
    for criterion in rules.matching:
        if criterion == "username":
            if mapped.username is not None and lookup.is_taken(account_key(normalised(mapped.username))):
                return None
        elif criterion == "id":
            if found := _by_ids(mapped.user, by_id):
                return Match("id", found)
        elif mapped.email and (found := tuple(by_email.get(mapped.email.lower(), ()))):
            return Match("email", found)
    return None


def _by_ids(user: SourceUser, by_id: _Table) -> tuple[Account, ...]:
    """The target may keep the IdP's id of the user, or ours."""
    ids = dict.fromkeys((user.attributes.get("externalId", ""), user.id))
    found = {account.id: account for ident in ids for account in by_id.get(ident, ())}
    return tuple(found[ident] for ident in sorted(found))


def _claimants(
    lookup: Lookup, newcomers: Sequence[MappedUser], of_user: Mapping[str, Match], rules: UserRules
) -> Mapping[str, Sequence[SourceUser]]:
    claimants: defaultdict[str, list[SourceUser]] = defaultdict(list)
    for mapped in newcomers:
        if (match := of_user.get(mapped.user.id)) and len(match.accounts) == 1:
            claimants[match.accounts[0].id].append(mapped.user)
    if not claimants or "username" not in rules.matching:
        return claimants
    for mapped in newcomers:
        if mapped.user.id in of_user or mapped.username is None:
            continue
        account = lookup.accounts_by_key.get(account_key(normalised(mapped.username)))
        if account is not None and account.id in claimants:
            claimants[account.id].append(mapped.user)
    return claimants
