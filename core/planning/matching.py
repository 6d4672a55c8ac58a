"""Which account, of those that are there already, is a newcomer's: by immutable id, by name, or by e-mail address.

Accounts that are linked to somebody are nobody else's, whatever they have in common with a newcomer. Where several
newcomers match one account, also one of several that they match, none of them gets it: linking one would decide about
the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser
from core.planning.names import account_key, normalised
from core.planning.rules import UserRules
from core.planning.values import Account, SourceUser

BY: Mapping[str, str] = {"id": "immutable id", "email": "e-mail address", "answer": "answer"}
"""What an account is matched by, in words."""
_Table = Mapping[str, tuple[Account, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The accounts that match a newcomer by something other than the name: one, or too many. An admin's answer names
    one.

    All that have `values` in common with the same accounts share them: many may have one address.
    """

    by: Literal["id", "email", "answer"]
    values: tuple[str, ...]
    """What the newcomer and the accounts have in common."""
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of all newcomers."""

    of_user: Mapping[str, Match]
    """Id of a newcomer → its match; one that is not here is matched by name, or gets a new account."""
    claimants: Mapping[str, Sequence[Sequence[SourceUser]]]
    """Id of an account that somebody matches by something other than the name → all newcomers that match it, those
    that do so by the same together."""
    given: frozenset[str] = frozenset()
    """Ids of the accounts that answers give: nobody else gets them."""


def matches(lookup: Lookup, newcomers: Sequence[MappedUser], rules: UserRules) -> Matches:
    """Match the newcomers, in the order of `users.matching`. Linear in newcomers and accounts."""
    answered = _answered(lookup, newcomers, rules)
    given = {account.id for account in answered.values()}
    free = [each for each in lookup.accounts.values() if not lookup.is_held(each.key) and each.id not in given]
    by_id = _table((a.external_id, a) for a in free) if "id" in rules.matching else {}
    by_email = _table((a.email.lower() if a.email else None, a) for a in free) if "email" in rules.matching else {}
    of_user = {
        mapped.user.id: found
        for mapped in newcomers
        if (found := _match(lookup, mapped, rules, by_id, by_email)) is not None
    }
    of_user |= {user: Match("answer", (account.name,), (account,)) for user, account in answered.items()}
    return Matches(of_user, _claimants(lookup, newcomers, of_user, rules, given), frozenset(given))


def _answered(lookup: Lookup, newcomers: Iterable[MappedUser], rules: UserRules) -> Mapping[str, Account]:
    """Id of a newcomer → the account that an admin's answer gives it, where that is there and nobody's; of two that it
    is given to, the first by id."""
    found: dict[str, Account] = {}
    for mapped in newcomers:
        account = lookup.accounts.get(rules.answers.linked.get(mapped.user.id, ""))
        if account is not None and not lookup.is_held(account.key) and account not in found.values():
            found[mapped.user.id] = account
    return found


def _table(pairs: Iterable[tuple[str | None, Account]]) -> _Table:
    table: defaultdict[str, list[Account]] = defaultdict(list)
    for key, account in pairs:
        if key:
            table[key].append(account)
    return {key: tuple(accounts) for key, accounts in table.items()}


def _match(lookup: Lookup, mapped: MappedUser, rules: UserRules, by_id: _Table, by_email: _Table) -> Match | None:
    """The first criterion with a candidate decides; `None`: it is the name, or there is none, or an admin who saw the
    candidates wants another account."""
    if mapped.user.id in rules.answers.apart:
        return None
    for criterion in rules.matching:
        if criterion == "username":
            if mapped.username is not None and lookup.is_taken(account_key(normalised(mapped.username))):
                return None
        elif criterion == "id":
            if found := _by_ids(mapped.user, by_id):
                return found
        elif mapped.email and (accounts := by_email.get(email := mapped.email.lower())):
            return Match("email", (email,), accounts)
    return None


def _by_ids(user: SourceUser, by_id: _Table) -> Match | None:
    """The target may keep the IdP's id of the user, or ours."""
    ids = dict.fromkeys((user.attributes.get("externalId", ""), user.id))
    values = tuple(ident for ident in ids if ident in by_id)
    if not values:
        return None
    accounts = by_id[values[0]]  # an account keeps one id: those of two have nothing in common
    return Match("id", values, accounts if len(values) == 1 else (*accounts, *by_id[values[1]]))


def _claimants(
    lookup: Lookup, newcomers: Sequence[MappedUser], of_user: Mapping[str, Match], rules: UserRules, given: Set[str]
) -> Mapping[str, Sequence[Sequence[SourceUser]]]:
    together: defaultdict[tuple[str, tuple[str, ...]], list[SourceUser]] = defaultdict(list)
    by_name: defaultdict[str, list[SourceUser]] = defaultdict(list)
    accounts: dict[tuple[str, tuple[str, ...]], tuple[Account, ...]] = {}
    for mapped in newcomers:
        if match := of_user.get(mapped.user.id):
            together[match.by, match.values].append(mapped.user)
            accounts[match.by, match.values] = match.accounts
        elif mapped.username is not None and "username" in rules.matching:
            key = account_key(normalised(mapped.username))
            named = lookup.accounts_by_key.get(key)
            if named is not None and not lookup.is_held(key) and named.id not in given:
                by_name[named.id].append(mapped.user)
    claimants: defaultdict[str, list[Sequence[SourceUser]]] = defaultdict(list)
    for what, users in together.items():
        for account in accounts[what]:
            claimants[account.id].append(users)
    for account_id in claimants.keys() & by_name.keys():
        claimants[account_id].append(by_name[account_id])
    return dict(claimants)
