"""Which existing account a newcomer is, as `UserRules.matching` has it."""

from dataclasses import dataclass

from core.planning.mapping import MappedUser
from core.planning.names import account_key, normalised
from core.planning.values import Account, SourceUser

from .reference_given import Given


@dataclass(frozen=True)
class Match:
    """What the first criterion that finds anything finds."""

    by: str
    accounts: list[Account]
    is_held: bool = False
    """The name is somebody else's."""


@dataclass(frozen=True)
class Matching:
    """All newcomers, and what they match."""

    given: Given
    newcomers: list[MappedUser]

    def match(self, user: SourceUser) -> Match | None:
        (mapped,) = [mapped for mapped in self.newcomers if mapped.user.id == user.id]
        found = [match for by in self.given.rules.users.matching if (match := self._by(by, mapped))]
        return found[0] if found else None

    def _by(self, criterion: str, mapped: MappedUser) -> Match | None:
        user = mapped.user
        if criterion == "username":
            return self._by_name(mapped)
        free = [account for account in self.given.world.accounts if not self.given.is_held(account.key)]
        if criterion == "id":
            ids = [id for id in (user.attributes.get("externalId"), user.id) if id]
            accounts = [account for account in free if account.external_id in ids]
        else:
            email = (mapped.email or "").lower()
            accounts = [account for account in free if email and (account.email or "").lower() == email]
        return Match(criterion, accounts) if accounts else None

    def _by_name(self, mapped: MappedUser) -> Match | None:
        if not mapped.username:
            return None
        key = account_key(normalised(mapped.username))
        account = self.given.account_named(key)
        if self.given.is_held(key):
            return Match("username", [], is_held=True)
        return Match("username", [account]) if account else None

    def claimants(self, key: str) -> list[SourceUser]:
        """Who wants this name: those that do not match an account by anything else."""
        wanting = [mapped for mapped in self.newcomers if account_key(normalised(mapped.username or "")) == key]
        return [mapped.user for mapped in wanting if key and self._matches_name_at_most(mapped.user)]

    def _matches_name_at_most(self, user: SourceUser) -> bool:
        match = self.match(user)
        return match is None or match.by == "username"

    def contest(self, user: SourceUser) -> str | None:
        """The conflict where somebody else matches the same account: by the name alone it is one of names."""
        mine = self.match(user)
        if mine is None:
            return None
        matches = [match for mapped in self.newcomers if (match := self.match(mapped.user))]
        by = [match.by for match in matches if any(account in match.accounts for account in mine.accounts)]
        if len(by) == 1:
            return None
        return "C14" if set(by) == {"username"} else "C03"
