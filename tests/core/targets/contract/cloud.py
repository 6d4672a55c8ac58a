"""Atlassian Cloud on the stage."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from cloud_site import CloudSite, cloud_site
from stage import Pages, Seen, Stage

from core.sandbox.cloud import Cloud, LocalAccount, Settings
from core.targets.cloud.paging import PAGE_SIZE
from core.targets.protocol import Target


class CloudStage:
    """A simulated directory of an organization."""

    kind = "cloud"
    pages = Pages(accounts=PAGE_SIZE, groups=PAGE_SIZE, members=PAGE_SIZE)

    def __init__(self, site: CloudSite) -> None:
        self._site = site
        self.target: Target = site.target

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        self._site.simulator.add_account(LocalAccount(name, display_name, email, active))

    def group(self, name: str, members: Sequence[str] = ()) -> None:
        self._site.simulator.add_group(name, members)

    def seen(self) -> Seen:
        snapshot = self._site.simulator.snapshot()
        accounts = {each.username: (each.full_name, each.email, each.active) for each in snapshot.accounts}
        return Seen(accounts, frozenset(snapshot.groups), snapshot.memberships)

    def break_next(self, fault: str, *, only_writes: bool = False) -> None:
        self._site.breaking.spoil(fault, only_writes=only_writes)

    def lapse(self) -> None:
        self._site.simulator.revoke_key(self._site.key)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """An empty directory that takes addresses of every domain."""
    async with cloud_site(Cloud.with_defaults(settings=Settings(verified_domains=None))) as site:
        yield CloudStage(site)
