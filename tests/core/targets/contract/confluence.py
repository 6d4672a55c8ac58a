"""Confluence on the stage."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from breaking import BreakingApp
from simulated_site import Site, site
from stage import Pages, Seen, Stage

from core.sandbox.confluence import Confluence, LocalAccount
from core.targets.confluence.paging import PAGE_SIZE
from core.targets.protocol import Target


class ConfluenceStage:
    """A simulated Confluence 9.4."""

    kind = "confluence"
    pages = Pages(accounts=PAGE_SIZE, groups=PAGE_SIZE, members=PAGE_SIZE)

    def __init__(self, wiki: Site, breaking: BreakingApp) -> None:
        self.site = wiki
        self._breaking = breaking
        self.target: Target = wiki.target

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        self.site.simulator.add_account(LocalAccount(name, display_name, email, active, groups=()))

    def group(self, name: str, members: Sequence[str] = ()) -> None:
        self.site.simulator.add_group(name)
        for member in members:
            self.site.simulator.add_member(name, member)

    def seen(self) -> Seen:
        snapshot = self.site.simulator.snapshot()
        accounts = {each.username: (each.full_name, each.email, each.active) for each in snapshot.accounts}
        return Seen(accounts, frozenset(snapshot.groups), snapshot.memberships)

    def break_next(self, fault: str, *, only_writes: bool = False) -> None:
        self._breaking.spoil(fault, only_writes=only_writes)

    def lapse(self) -> None:
        self.site.simulator.revoke_token(self.site.token)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A Confluence with its administrator and nobody else."""
    async with staged(Confluence.with_defaults()) as on_stage:
        yield on_stage


@asynccontextmanager
async def staged(simulator: Confluence) -> AsyncIterator[ConfluenceStage]:
    """This Confluence on the stage."""
    simulator.app = breaking = BreakingApp(simulator.app)
    async with site(simulator) as wiki:
        yield ConfluenceStage(wiki, breaking)
