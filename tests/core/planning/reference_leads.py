"""Who takes over what a leaver leads, as `LeadRule` has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.planning.globs import matching_glob
from core.planning.names import account_key
from core.planning.rules import LeadRule
from core.planning.values import Account, Lead, SourceUser

from .reference_given import Given


@dataclass(frozen=True)
class Leads:
    """What accounts lead, and to whom it can go."""

    given: Given
    gone: set[str]
    """Keys of the accounts of leavers that go in this plan."""
    heirs: list[SourceUser]
    """Everybody who is present."""

    @property
    def known(self) -> tuple[Lead, ...]:
        return self.given.world.leads or ()

    def led_by(self, account: Account) -> list[Lead]:
        """What has to be moved before an account goes."""
        if self.given.world.capabilities.leads is not None:
            return []
        return [lead for lead in self.known if lead.account_key == account.key]

    def successor(self, lead: Lead) -> str | None:
        """Name of the account that takes over."""
        return next((name for name in self._candidates(lead) if name), None)

    def _candidates(self, lead: Lead) -> Iterator[str | None]:
        users = self.given.rules.users
        for rule in users.leads:
            if _is_for(rule, lead):
                for wanted in rule.to:
                    yield from self._named(wanted, lead)
        default = users.default_project_lead if lead.kind == "project" else users.default_component_lead
        yield self._known(default) if default else None

    def _named(self, wanted: str, lead: Lead) -> Iterator[str | None]:
        kind, _, name = wanted.partition(":")
        if kind == "user":
            yield self._known(name)
        elif kind == "manager":
            yield self._manager(lead)
        elif kind == "role":
            yield from (self._able(key) for key in lead.roles.get(name, ()))
        elif lead.project_lead:
            yield self._able(lead.project_lead)
            if lead.project_lead in self.gone:
                projects = [other for other in self.known if other.kind == "project"]
                yield from (self.successor(other) for other in projects if other.project == lead.project)

    def _manager(self, lead: Lead) -> str | None:
        """The manager of the leaver."""
        account = self.given.account_named(lead.account_key)
        (link,) = [link for link in self.given.world.links if account and link.account_id == account.id]
        (leaver,) = [user for user in self.given.world.users if user.id == link.user_id]
        wanted = leaver.attributes.get("enterprise.manager", "")
        everybody = (*self.given.world.users, *self.given.world.context_users)
        found = [user for user in everybody if user.id == wanted]
        found = found or [user for user in everybody if wanted and user.user_name.lower() == wanted.lower()]
        links = (*self.given.world.links, *self.given.world.context_links)
        theirs = [link for user in found if user in self.heirs for link in links if link.user_id == user.id]
        accounts = [account for link in theirs if (account := self.given.account_of(link.account_id))]
        return self._known(accounts[0].name) if accounts else None

    def _known(self, name: str) -> str | None:
        """An account that must be at the target."""
        account = self.given.account_named(account_key(name))
        return self._able(account.key) if account else None

    def _able(self, key: str) -> str | None:
        """An account that may take over; the target knows some that we do not."""
        account = self.given.account_named(key)
        if key in self.gone or (account and not account.active):
            return None
        return account.name if account else key


def _is_for(rule: LeadRule, lead: Lead) -> bool:
    if not matching_glob(rule.projects, lead.project):
        return False
    if rule.components is None:
        return lead.kind == "project"
    return lead.kind == "component" and matching_glob(rule.components, lead.name) is not None
