"""What the slow reference says about users and their accounts: `UserRules`, question by question."""

from dataclasses import dataclass, replace
from functools import cached_property

from core.planning.changes import ChangeKind
from core.planning.globs import matching_glob
from core.planning.mapping import MappedUser, map_user
from core.planning.names import account_key, check_username, normalised
from core.planning.patterns import compiled
from core.planning.rules import AttributeCheck
from core.planning.values import Account, SourceUser

from .reference_accounts import Accounts
from .reference_given import NOTHING, Expected, Given, State, name_of, state
from .reference_leads import Leads
from .reference_matching import Match, Matching


@dataclass(frozen=True)
class Holder:
    """A user whose account this plan may change the memberships of."""

    user: SourceUser
    name: str
    account: Account | None
    """`None`: the plan creates it."""
    is_new: bool = False


@dataclass(frozen=True)
class Users:
    """All users of a world."""

    given: Given

    def conflicts(self) -> set[tuple[str, str]]:
        verdicts = [(self.verdict(user), user) for user in self.given.world.users]
        return {(verdict, f"user:{user.id}") for verdict, user in verdicts if verdict[0] == "C"}

    def changes(self) -> set[Expected]:
        return {change for user in self.given.world.users for change in self.changes_of(user)}

    def holders(self) -> list[Holder]:
        return [holder for user in self.given.world.users if (holder := self.holder(user))]

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.given)

    # Who is meant

    def mapped(self, user: SourceUser) -> MappedUser:
        return map_user(user, self.given.rules.users)

    def is_present(self, user: SourceUser) -> bool:
        missed = user.missed_reads >= self.given.rules.users.missed_reads
        return user.active and not user.deleted and not missed

    def is_in_scope(self, user: SourceUser) -> bool:
        scope = self.given.rules.users.scope
        if not all(_holds(check, user) for check in scope.where):
            return False
        names = [name_of(group) for id in self.given.groups_of(user) if (group := self.given.group(id))]
        if scope.groups and not any(matching_glob(scope.groups, name) for name in names):
            return False
        return not any(matching_glob(scope.exclude_groups, name) for name in names)

    def is_left_out(self, user: SourceUser) -> bool:
        keeps = self.given.rules.users.when_out_of_scope == "keep" and self.is_present(user)
        is_out = keeps and not self.is_in_scope(user)
        return self.mapped(user).skipped_by is not None or is_out

    def is_leaver(self, user: SourceUser) -> bool:
        return not self.is_present(user) or not self.is_in_scope(user)

    def is_waiting(self, user: SourceUser) -> bool:
        """Whether its grace has not passed yet. Who is merely out of scope has none."""
        if self.is_present(user) or user.gone_at is None:
            return False
        return self.given.world.now - user.gone_at < self.given.rules.users.grace * 1000

    @cached_property
    def newcomers(self) -> list[SourceUser]:
        return [user for user in self.given.world.users if self.is_newcomer(user)]

    def is_newcomer(self, user: SourceUser) -> bool:
        if self.given.link(user) or self.is_left_out(user) or self.is_leaver(user):
            return False
        mails = [value for path, value in user.attributes.items() if path.startswith("emails.")]
        return not self.given.is_test(user.created_at, [user.user_name, *mails])

    def account(self, user: SourceUser) -> Account | None:
        """The account that a user has, or is linked to by this plan."""
        link = self.given.link(user)
        if link:
            return self.given.account_of(link.account_id)
        match = self.matching.match(user) if self.is_newcomer(user) else None
        return match.accounts[0] if match and len(match.accounts) == 1 else None

    @cached_property
    def matching(self) -> Matching:
        return Matching(self.given, [self.mapped(user) for user in self.newcomers])

    # What becomes of a user

    def verdict(self, user: SourceUser) -> str:
        """It is `deleted` or `deactivated`, `left` as it is, it `stays`, is `matched` or `created`, or `nothing` is
        done about it, or the code of the conflict."""
        link, account = self.given.link(user), self.account(user)
        if self.is_left_out(user):
            return "nothing"
        if link and self.is_leaver(user):
            return self._leaving(user, account) if account else "nothing"
        if link:
            namesake = self.given.account_named(account_key(link.account_name))
            unseen = "C37" if namesake and namesake.hides else "C06"
            unseen = unseen if self.given.world.target_complete else "nothing"
            return (self._problem(user, account) or "stays") if account else unseen
        return self._newcomer(user) if self.is_newcomer(user) else "nothing"

    def _leaving(self, user: SourceUser, account: Account) -> str:
        if self.is_waiting(user):
            return "nothing"
        going, able = self.going(user, account), self.given.world.capabilities
        if going and able.leads is None and self.given.world.leads is None:
            return "nothing"
        if going == "deleted" and account.read_only and not self._is_stuck(account):
            return "C37"
        if going and any(self.leads.successor(lead) is None for lead in self.leads.led_by(account)):
            return "C30"
        return going or "left"

    def going(self, user: SourceUser, account: Account) -> str | None:
        """What is done to the account of a leaver, if it goes at all."""
        what, able = self.given.rules.users.when_inactive, self.given.world.capabilities
        if what == "delete" and able.delete_user is None:
            return "deleted"
        return "deactivated" if what != "keep" and account.active else None

    @cached_property
    def leads(self) -> Leads:
        gone: set[str] = set()
        for user in self.given.world.users:
            link = self.given.link(user)
            account = self.given.account_of(link.account_id) if link else None
            if account and self.is_leaver(user) and not self.is_left_out(user) and not self.is_waiting(user):
                gone |= {account.key} if self.going(user, account) else set()
        heirs = [user for user in (*self.given.world.users, *self.given.world.context_users) if self.is_present(user)]
        return Leads(self.given, gone, heirs)

    def _newcomer(self, user: SourceUser) -> str:
        match = self.matching.match(user)
        if match and match.is_held:
            return "C10"
        return self._matched(user, match) if match else self._unmatched(user)

    def _matched(self, user: SourceUser, match: Match) -> str:
        if len(match.accounts) > 1:
            return "C02"
        if contest := self.matching.contest(user):
            return contest
        (account,) = match.accounts
        was_taken = match.by == "username" and self._was_another_s(user, account.key)
        if self._is_another_s(user, account) or was_taken:
            return "C15"
        if self._is_in_another_directory(account):
            return "C37"
        return self._problem(user, account) or "matched"

    def _unmatched(self, user: SourceUser) -> str:
        mapped = self.mapped(user)
        key = account_key(normalised(mapped.username or ""))
        if not mapped.username:
            return "C05"
        if self.given.is_held(key):
            return "C10"
        if self.given.account_named(key):
            return "C01"
        return self._new(user, key) if self.given.rules.users.create else "nothing"

    def _new(self, user: SourceUser, key: str) -> str:
        mapped = self.mapped(user)
        if len(self.matching.claimants(key)) > 1:
            return "C14"
        if self._was_another_s(user, key):
            return "C15"
        problem = self.accounts.problem_of_creation(mapped, self._rivals_by_mail(user))
        is_asked = self.given.rules.users.alike == "ask" and self.accounts.are_alike(mapped)
        return problem or ("C04" if is_asked else "created")

    def _is_another_s(self, user: SourceUser, account: Account) -> bool:
        kept = account.external_id
        return kept is not None and kept != user.id and kept != user.attributes.get("externalId")

    def _rivals_by_mail(self, user: SourceUser) -> list[str]:
        """Addresses of the other newcomers that are not matched by more than their names."""
        others = [other for other in self.newcomers if other.id != user.id]
        others = [other for other in others if (match := self.matching.match(other)) is None or match.by == "username"]
        return [(self.mapped(other).email or "").lower() for other in others]

    def _is_stuck(self, account: Account) -> bool:
        """Whether it leads what nobody takes over."""
        return any(self.leads.successor(lead) is None for lead in self.leads.led_by(account))

    def _is_in_another_directory(self, account: Account) -> bool:
        wanted = self.given.world.capabilities.directory
        elsewhere = wanted is not None and account.directory not in (None, wanted)
        return bool(account.hides or account.read_only or elsewhere)

    def _was_another_s(self, user: SourceUser, key: str) -> bool:
        """Whether the name was taken from somebody else before."""
        took = [released for released in self.given.world.released if released.key == key]
        known = user.attributes.get("externalId")
        return any(each.user_id != user.id and (not known or each.external_id != known) for each in took)

    def _problem(self, user: SourceUser, account: Account) -> str | None:
        """Why the account of somebody who stays cannot be made as it should be."""
        mapped = self.mapped(user)
        if "username" in mapped.cleared:
            return "C05"
        new = self.accounts.new_name(mapped, account)
        if new and check_username(new, self.given.world.capabilities.names):
            return "C16"
        if new and self._is_taken(account_key(new), user):
            return "C12"
        is_due = self.accounts.update(mapped, account) is not None
        if is_due and (problem := self.accounts.problem_of_values(mapped, account)):
            return problem
        is_refused = (account.read_only and (is_due or new)) or (account.hides and new)
        return "C37" if is_refused else None

    def _is_taken(self, key: str, user: SourceUser) -> bool:
        if self.given.account_named(key) or self.given.is_held(key) or self.matching.claimants(key):
            return True
        others = [other for other in self.given.world.users if other.id != user.id]
        others = [other for other in others if not self.is_left_out(other) and not self.is_leaver(other)]
        seen = [(other, account) for other in others if (account := self.account(other))]
        return any(
            account_key(self.accounts.new_name(self.mapped(other), account) or "") == key for other, account in seen
        )

    # The changes

    def changes_of(self, user: SourceUser) -> set[Expected]:
        return {replace(change, exchange=user.exchange) for change in self._changes_of(user)}

    def _changes_of(self, user: SourceUser) -> set[Expected]:
        verdict, account = self.verdict(user), self.account(user)
        if verdict == "created":
            return {self.accounts.creation(self.mapped(user))}
        if account is None or verdict not in ("deleted", "deactivated", "stays", "matched"):
            return set()
        found: list[tuple[ChangeKind, State, State]] = []
        if verdict == "deactivated":
            found.append((ChangeKind.DEACTIVATE_ACCOUNT, state(active=True), state(active=False)))
        if verdict == "deleted":
            seen = state(name=account.name, display_name=account.display_name, email=account.email)
            found.append((ChangeKind.DELETE_ACCOUNT, seen | state(active=account.active), NOTHING))
        if verdict == "matched":
            found.append((ChangeKind.LINK_ACCOUNT, NOTHING, state(name=account.name)))
        if verdict in ("stays", "matched"):
            found += self.accounts.alignment(self.mapped(user), account)
        changes = {Expected(kind, user.id, account.name, account.id, None, *states) for kind, *states in found}
        return changes | (self._moves(user, account) if verdict in ("deleted", "deactivated") else set())

    def _moves(self, user: SourceUser, account: Account) -> set[Expected]:
        leads = self.leads
        led = [(lead, leads.successor(lead)) for lead in leads.led_by(account)]
        moves = [(lead.key, state(lead=account.name), state(lead=name)) for lead, name in led]
        return {
            Expected(ChangeKind.MOVE_LEAD, user.id, account.name, account.id, None, before, after, key)
            for key, before, after in moves
        }

    def holder(self, user: SourceUser) -> Holder | None:
        verdict, account, link = self.verdict(user), self.account(user), self.given.link(user)
        if verdict == "created":
            return Holder(user, normalised(self.mapped(user).username or ""), None, is_new=True)
        if account is None:
            return None
        if verdict in ("stays", "matched"):
            return Holder(user, account.name, account, link is not None and link.is_new)
        return Holder(user, account.name, account) if user.deleted and verdict in ("deactivated", "left") else None


def _holds(check: AttributeCheck, user: SourceUser) -> bool:
    value = user.user_name if check.attribute == "userName" else user.attributes.get(check.attribute, "")
    if check.match is not None:
        return compiled(check.match).search(value) is not None
    return compiled(check.not_match or "").search(value) is None
