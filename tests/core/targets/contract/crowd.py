"""Crowd on the stage."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from crowd_site import CrowdSite, crowd_site
from stage import Pages, Seen, Stage

from core.sandbox.crowd import Crowd, LocalAccount
from core.targets.crowd.paging import PAGE_SIZE
from core.targets.protocol import Target


class CrowdStage:
    """A simulated Crowd 6.1."""

    kind = "crowd"
    pages = Pages(accounts=PAGE_SIZE, groups=PAGE_SIZE, members=PAGE_SIZE)

    def __init__(self, site: CrowdSite) -> None:
        self._site = site
        self.target: Target = site.target

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        self._site.simulator.add_account(LocalAccount(name, display_name, email, active))

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
        self._site.change_password()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A Crowd with nobody in it."""
    async with crowd_site(Crowd()) as site:
        yield CrowdStage(site)
