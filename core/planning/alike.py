"""Accounts that look like the same person's, and that nothing links: who is about to get a new one is asked for (C04).

An account counts whose display name is the user's but for case and accents, or whose address is, or whose name is what
stands before the @ of the user's address. None of it proves anything: matching by it is what rules may say, and here
nothing is linked unasked. An account that this very plan links to somebody else counts too: once it is linked, who
waits for it is planned anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.planning import resolutions, stakes
from core.planning.changes import Conflict, Resolution
from core.planning.conflicts import of_user
from core.planning.lookup import Lookup
from core.planning.mapping import MappedUser
from core.planning.names import account_key, display_key
from core.planning.rules import UserRules
from core.planning.values import Account
from core.planning.wording import called, counted, listed

_SHOWN = 10
_SCORES: Mapping[str, int] = {"same e-mail address": 60, "same display name": 30, "named like the address": 30}
"""What each likeness counts, of 100."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account, and what it has in common with a user."""

    account: Account
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        """How alike they are, up to 100."""
        return min(100, sum(_SCORES[reason] for reason in self.reasons))


class Alikes:
    """The accounts of a world by what they may have in common with somebody. The tables are made only once one of them
    is asked: most plans create nobody."""

    def __init__(self, lookup: Lookup, rules: UserRules) -> None:
        self._lookup = lookup
        self._given = frozenset(rules.answers.linked.values())

    def candidates(self, mapped: MappedUser) -> list[Candidate]:
        """The accounts that look like the user's, the most alike first."""
        email = (mapped.email or "").lower()
        found: defaultdict[str, list[str]] = defaultdict(list)
        for account in self._by_email.get(email, ()) if email else ():
            found[account.id].append("same e-mail address")
        for account in self._by_display.get(display_key(mapped.display_name or ""), ()):
            found[account.id].append("same display name")
        named = self._lookup.accounts_by_key.get(local_part(email) or "")
        if named is not None and self._is_free(named):
            found[named.id].append("named like the address")
        all_of = [Candidate(self._lookup.accounts[ident], tuple(reasons)) for ident, reasons in found.items()]
        return sorted(all_of, key=lambda each: (-each.score, each.account.key, each.account.id))

    def _is_free(self, account: Account) -> bool:
        return not self._lookup.is_held(account.key) and account.id not in self._given

    @cached_property
    def _free(self) -> Sequence[Account]:
        return [account for account in self._lookup.accounts.values() if self._is_free(account)]

    @cached_property
    def _by_email(self) -> Mapping[str, Sequence[Account]]:
        found: defaultdict[str, list[Account]] = defaultdict(list)
        for account in self._free:
            if account.email:
                found[account.email.lower()].append(account)
        return dict(found)

    @cached_property
    def _by_display(self) -> Mapping[str, Sequence[Account]]:
        found: defaultdict[str, list[Account]] = defaultdict(list)
        for account in self._free:
            if key := display_key(account.display_name or ""):
                found[key].append(account)
        return dict(found)


def local_part(email: str) -> str | None:
    """Key of the account name that an address suggests: what stands before its @."""
    before, at, _ = email.partition("@")
    return account_key(before) or None if at else None


def looks_like(mapped: MappedUser, name: str, candidates: Sequence[Candidate]) -> Conflict:
    """C04: accounts that are nobody's look like this user's, who would get a new one called `name`."""
    user, best = mapped.user, candidates[0].account
    told = [f"{each.account.name} ({each.score}: {', '.join(each.reasons)})" for each in candidates[:_SHOWN]]
    return of_user(
        "C04",
        user,
        f"{called(user)} may have an account: '{best.name}'",
        f"{called(user)} would get a new account '{name}', and {counted(len(candidates), 'account')} that "
        f"{'belongs' if len(candidates) == 1 else 'belong'} to no user may be theirs: {listed(told, len(candidates))}.",
        {
            "account": best.name,
            "display name": best.display_name or "",
            "e-mail": best.email or "",
            "new account": name,
            "candidates": listed(told, len(candidates), _SHOWN),
        },
        tuple(_answers(mapped, name, candidates)),
        {stakes.account(each.account.name) for each in candidates[:_SHOWN]},
    )


def _answers(mapped: MappedUser, name: str, candidates: Sequence[Candidate]) -> Iterator[Resolution]:
    if len(candidates) == 1:
        only = candidates[0].account
        yield resolutions.link(f"Links '{only.name}' to {called(mapped.user)} and keeps it up to date.", only.id)
    else:
        yield resolutions.link("Links the user to the one of them that you choose.")
    yield Resolution("N", "Create a new account", f"Creates '{name}'; the other stays as it is.")
    yield resolutions.HOLD
    yield resolutions.SKIP_ALWAYS_USER
