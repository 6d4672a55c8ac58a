"""Bitbucket on the stage."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bitbucket_site import BitbucketSite, bitbucket_site
from stage import Pages, Seen, Stage

from core.sandbox.bitbucket import Bitbucket, LocalAccount, Permission
from core.targets.bitbucket.paging import PAGE_SIZE
from core.targets.protocol import Target

_OWN = "manciple-deactivated"
"""What the names of the groups begin with in which manciple remembers whom it deactivated."""


class BitbucketStage:
    """A simulated Bitbucket 9.4. Active is who may log in."""

    kind = "bitbucket"
    pages = Pages(accounts=PAGE_SIZE, groups=PAGE_SIZE, members=PAGE_SIZE)

    def __init__(self, site: BitbucketSite) -> None:
        self._site = site
        self.target: Target = site.target

    def person(
        self, name: str, display_name: str = "Some Body", email: str = "some.body@example.com", active: bool = True
    ) -> None:
        self._site.simulator.add_account(LocalAccount(name, display_name, email, active, groups=()))
        self._site.simulator.grant(name, Permission.LICENSED_USER)

    def group(self, name: str, members: Sequence[str] = ()) -> None:
        self._site.simulator.add_group(name)
        for member in members:
            self._site.simulator.add_member(name, member)

    def seen(self) -> Seen:
        now = self._site.simulator.snapshot()
        accounts = {each.username: (each.full_name, each.email, each.username in now.licensed) for each in now.accounts}
        groups = frozenset(group for group in now.groups if not group.startswith(_OWN))
        return Seen(accounts, groups, frozenset(pair for pair in now.memberships if pair[0] in groups))

    def break_next(self, fault: str, *, only_writes: bool = False) -> None:
        self._site.breaking.spoil(fault, only_writes=only_writes)

    def lapse(self) -> None:
        self._site.simulator.revoke_token(self._site.token)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A Bitbucket with its administrator and nobody else."""
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        yield BitbucketStage(site)
