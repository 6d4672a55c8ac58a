"""A Bitbucket behind a bad network: what is read is whole, and what is written happens once or is told as unknown."""

import asyncio
from collections import Counter

import pytest
from bitbucket_site import bitbucket_site

from core.sandbox.bitbucket import ADMIN, Bitbucket, LocalAccount, Quirks
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.rate_limit import RateLimit, RateLimitedApp
from core.targets.protocol import AlreadyExists, NewAccount, OutcomeUnknown, TargetError

STORM = Faults(
    rate_limited=4, rate_limited_silently=4, server_error=4, unavailable=4, dropped_connection=4, dropped_after_commit=4
)


def people(count: int) -> list[LocalAccount]:
    groups = ("stash-users", "All")
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com", groups=groups) for n in range(count)]


@pytest.mark.parametrize("sparse", [0, 3])
@pytest.mark.parametrize("seed", range(5))
async def test_a_listing_in_a_storm_is_whole_or_raises(sparse: int, seed: int) -> None:
    bitbucket = Bitbucket.with_defaults(people(200), quirks=Quirks(largest_page=20, sparse_pages=sparse))
    async with bitbucket_site(bitbucket) as site:
        site.breaking.app = FaultyApp(site, STORM, seed)
        try:
            accounts = [account.name async for account in site.target.list_accounts()]
            members = [account.name async for account in site.target.list_members("All")]
        except TargetError:
            return
        assert (len(accounts), members) == (201, [f"u{n:04}" for n in range(200)])


@pytest.mark.parametrize("seed", range(3))
async def test_creations_in_a_storm_happen_once_or_are_told(seed: int) -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        site.breaking.app = FaultyApp(site, STORM, seed)
        told: dict[str, str] = {}
        for number in range(40):
            name = f"u{number}"
            try:
                await site.target.create_account(NewAccount(name, name.title(), f"{name}@example.com"))
                told[name] = "done"
            except OutcomeUnknown:
                told[name] = "unknown"
            except AlreadyExists:
                pytest.fail(f"{name} was sent twice")
        created = Counter(effect.subject for effect in site.effects if effect.kind == "create-account")
        assert set(created.values()) <= {1}
        assert {name for name, word in told.items() if word == "done"} <= set(created)
        assert set(told.values()) == {"done", "unknown"}


async def test_many_leave_at_once_and_many_return_at_once() -> None:
    bitbucket = Bitbucket.with_defaults(people(30))
    before = bitbucket.snapshot()
    async with bitbucket_site(bitbucket) as site:
        for active, licensed in ((False, frozenset({ADMIN})), (True, before.licensed)):
            await asyncio.gather(*(site.target.set_active(f"u{n:04}", active) for n in range(30)))
            assert bitbucket.snapshot().licensed == licensed
            shown = [account.active async for account in site.target.list_accounts()]
            assert sum(shown) == len(licensed)
        assert bitbucket.snapshot().memberships == before.memberships


async def test_the_pace_that_an_instance_allows_is_kept() -> None:
    async with bitbucket_site(Bitbucket.with_defaults(people(5))) as site:
        site.breaking.app = RateLimitedApp(site, RateLimit(5, 10), lambda: site.hurry.timing.monotonic())
        await asyncio.gather(*(site.target.set_active(f"u{n:04}", False) for n in range(5)))
        assert sum(each.status == 429 for each in site.log) < len(site.log) // 4
        assert site.simulator.snapshot().licensed == frozenset({ADMIN})
