"""Jira on the stage."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from jira_site import JiraSite, jira_site
from stage import Pages, Seen, Stage

from core.sandbox.jira import Jira, LocalAccount
from core.targets.jira.groups import MANY
from core.targets.jira.listing import PAGE_SIZE
from core.targets.jira.roles import MEMBERS_PAGE
from core.targets.protocol import Target


class JiraStage:
    """A simulated Jira 10.3."""

    kind = "jira"
    pages = Pages(accounts=PAGE_SIZE, groups=MANY, members=MEMBERS_PAGE)

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self.target: Target = site.target

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        self._site.simulator.add_account(LocalAccount(name, display_name, email, active, groups=()))

    def group(self, name: str, members: Sequence[str] = ()) -> None:
        self._site.simulator.add_group(name)
        for member in members:
            self._site.simulator.add_member(name, member)

    def seen(self) -> Seen:
        snapshot = self._site.simulator.snapshot()
        accounts = {each.username: (each.full_name, each.email, each.active) for each in snapshot.accounts}
        return Seen(accounts, frozenset(snapshot.groups), snapshot.memberships)

    def break_next(self, fault: str, *, only_writes: bool = False) -> None:
        self._site.breaking.spoil(fault, only_writes=only_writes)

    def lapse(self) -> None:
        self._site.simulator.revoke_token(self._site.token)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A Jira with its administrator and nobody else."""
    async with jira_site(Jira.with_defaults()) as site:
        yield JiraStage(site)
