"""Who takes over what a leaver leads: by `[[target.users.lead]]`, in order, then by the defaults.

A lead goes to an account that is active and stays. Where nobody is found for one thing, nothing of the leaver's is
moved: an admin decides about all of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.planning import stakes
from core.planning.account_conflicts import no_successor
from core.planning.changes import Because, Change, ChangeKind, Conflict
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import account_key
from core.planning.rules import ANSWER, LeadRule, UserRules
from core.planning.values import Account, Lead, SourceUser
from core.planning.wording import called

_MANAGER = "enterprise.manager"


@dataclass(frozen=True, slots=True)
class _Taking:
    """Who takes something over, and why."""

    name: str
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class Successors:
    """Finds successors in one world."""

    lookup: Lookup
    rules: UserRules
    led: Mapping[str, Sequence[Lead]]
    """Key of an account's name → what it leads."""
    projects: Mapping[str, Lead]
    """By key of the project."""
    going: frozenset[str]
    """Keys of the names of the accounts that leavers lose in this plan."""
    users: Mapping[str, SourceUser]
    """By id and by userName in lower case: those that may be somebody's manager."""
    accounts: Mapping[str, str]
    """User's id → id of its account."""
    owners: Mapping[str, str]
    """And back."""

    def of(self, user: SourceUser, account: Account) -> tuple[tuple[Change, ...], Conflict | None]:
        """The moves of all that a leaver leads, or the conflict that stands in the way."""
        led = self.led.get(account.key, ())
        found = [(lead, self._successor(user, lead)) for lead in led]
        orphaned = [lead for lead, taking in found if taking is None]
        if orphaned:
            turns_on = frozenset[str]().union(*(self._preferred(user, lead) for lead in orphaned))
            return (), no_successor(user, account, orphaned, led, turns_on)
        return tuple(_move(user, account, lead, taking) for lead, taking in found if taking), None

    def _successor(self, user: SourceUser, lead: Lead) -> _Taking | None:
        return next(self._candidates(user, lead), None)

    def _candidates(self, user: SourceUser, lead: Lead) -> Iterator[_Taking]:
        """Who may take it over from the user, the first choice first."""
        if (answered := self.rules.answers.successors.get(user.id)) and (found := self._known(account_key(answered))):
            yield _Taking(found.name, "an admin's answer", ANSWER)
        for rule in self.rules.leads:
            if _fits(rule, lead):
                for to in rule.to:
                    yield from self._named_by(to, user, lead)
        default = self._default(lead)
        if default and (found := self._known(account_key(default))):
            yield _Taking(found.name, "the default", f"users.default_{lead.kind}_lead")

    def _default(self, lead: Lead) -> str | None:
        return self.rules.default_project_lead if lead.kind == "project" else self.rules.default_component_lead

    def _named_by(self, to: str, user: SourceUser, lead: Lead) -> Iterator[_Taking]:
        kind, _, name = to.partition(":")
        if kind == "user" and (found := self._known(account_key(name))):
            yield _Taking(found.name, "named by the rule", "users.lead")
        elif kind == "manager" and (manager := self._manager(user)):
            yield _Taking(manager.name, "the manager", "users.lead")
        elif kind == "role":
            for key in lead.roles.get(name, ()):
                if told := self._told(key):
                    yield _Taking(told, f"in the role {name}", "users.lead")
        elif kind == "project-lead" and lead.kind == "component" and (told := self._project_lead(lead)):
            yield _Taking(told, "the lead of its project", "users.lead")

    def _preferred(self, user: SourceUser, lead: Lead) -> Iterator[str]:
        """Those whom the rules would give it to, able or not, as stakes."""
        for kind, _, name in (to.partition(":") for rule in self.rules.leads if _fits(rule, lead) for to in rule.to):
            if kind == "user":
                yield stakes.successor(name)
            elif kind == "role":
                yield from map(stakes.successor, lead.roles.get(name, ()))
            elif kind == "project-lead" and lead.project_lead:
                yield stakes.successor(lead.project_lead)
            elif kind == "manager" and (named := user.attributes.get(_MANAGER)):
                found = self._user(named)
                yield stakes.user(named)
                yield stakes.user(found.id if found else named)
        if default := self._default(lead):
            yield stakes.successor(default)

    def _project_lead(self, lead: Lead) -> str | None:
        """Name of the account that leads a component's project, or that takes it over in this same plan."""
        key = lead.project_lead or ""
        if key not in self.going:
            return self._told(key)
        project = self.projects.get(lead.project)
        leaver = self._owner(project.account_key) if project else None
        taking = self._successor(leaver, project) if leaver and project else None
        return taking.name if taking else None

    def _owner(self, key: str) -> SourceUser | None:
        """The user whose account has this name: another's link may remember the name from an account that is gone."""
        account = self.lookup.accounts_by_key.get(key)
        return self.lookup.users.get(self.owners.get(account.id, "")) if account else None

    def _known(self, key: str) -> Account | None:
        """The account of this name, if it can lead."""
        account = self.lookup.accounts_by_key.get(key)
        return account if account and account.active and key not in self.going else None

    def _told(self, key: str) -> str | None:
        """The name of an account that the target names; where this world has it, it must be able to lead."""
        if not key or key in self.going:
            return None
        account = self.lookup.accounts_by_key.get(key)
        if account is None:
            return key
        return account.name if account.active else None

    def _user(self, named: str) -> SourceUser | None:
        return self.users.get(named) or self.users.get(named.lower())

    def _manager(self, user: SourceUser) -> Account | None:
        manager = self._user(user.attributes.get(_MANAGER, ""))
        found = self.lookup.accounts.get(self.accounts.get(manager.id, "")) if manager else None
        return self._known(found.key) if found else None


def successors(lookup: Lookup, rules: UserRules, going: frozenset[str], present: Sequence[SourceUser]) -> Successors:
    """The tables for one world; `present` are the users that may be managers: those that stay."""
    led: defaultdict[str, list[Lead]] = defaultdict(list)
    leads = (lookup.world.leads or ()) if lookup.world.capabilities.leads is None else ()
    for lead in sorted(leads, key=lambda lead: (lead.kind != "project", lead.key)):
        led[lead.account_key].append(lead)
    if not any(key in going for key in led):
        return Successors(lookup, rules, {}, {}, going, {}, {}, {})
    projects = {lead.project: lead for lead in leads if lead.kind == "project"}
    users = {user.user_name.lower(): user for user in present} | {user.id: user for user in present}
    links = (*lookup.world.context_links, *lookup.world.links)
    accounts = {link.user_id: link.account_id for link in links}
    owners = {account_id: user_id for user_id, account_id in accounts.items()}
    return Successors(lookup, rules, led, projects, going, users, accounts, owners)


def _fits(rule: LeadRule, lead: Lead) -> bool:
    if (rule.components is None) != (lead.kind == "project"):
        return False
    if matching_glob(rule.projects, lead.project) is None:
        return False
    return rule.components is None or matching_glob(rule.components, lead.name) is not None


def _move(user: SourceUser, account: Account, lead: Lead, taking: _Taking) -> Change:
    what = f"project {lead.project}" if lead.kind == "project" else f"component '{lead.name}' of {lead.project}"
    text = f"{called(user)} leaves and leads {what}; {taking.name} takes it over, {taking.why}"
    return Change(
        ChangeKind.MOVE_LEAD,
        Because(text, taking.rule, user_id=user.id, exchange=user.exchange),
        account=account.name,
        account_id=account.id,
        user_id=user.id,
        lead=lead.key,
        before={"lead": account.name},
        after={"lead": taking.name},
    )
