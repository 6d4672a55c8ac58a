"""A directory behind a bad network: what is read is whole, and what is written happens once or is told as unknown."""

import asyncio
from collections import Counter

import pytest
from cloud_site import cloud_site

from core.sandbox.cloud import Cloud, LocalAccount
from core.sandbox.faults import Faults, FaultyApp
from core.targets.protocol import AlreadyExists, NewAccount, OutcomeUnknown, TargetError

STORM = Faults(
    rate_limited=4, rate_limited_silently=4, server_error=4, unavailable=4, dropped_connection=4, dropped_after_commit=4
)


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com") for n in range(count)]


@pytest.mark.parametrize("seed", range(5))
async def test_a_listing_in_a_storm_is_whole_or_raises(seed: int) -> None:
    cloud = Cloud.with_defaults(people(400))
    cloud.add_group("All", [f"u{n:04}" for n in range(400)])
    async with cloud_site(cloud) as site:
        site.breaking.app = FaultyApp(site, STORM, seed)
        try:
            accounts = [account.name async for account in site.target.list_accounts()]
            members = [account.name async for account in site.target.list_members("All")]
        except TargetError:
            return
        assert sorted(accounts) == sorted(members) == [f"u{n:04}" for n in range(400)]


@pytest.mark.parametrize("seed", range(3))
async def test_creations_in_a_storm_happen_once_or_are_told(seed: int) -> None:
    async with cloud_site() as site:
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


@pytest.mark.parametrize("seed", range(3))
async def test_memberships_in_a_storm_are_as_they_are_told(seed: int) -> None:
    cloud = Cloud.with_defaults(people(60))
    cloud.add_group("Staff")
    async with cloud_site(cloud) as site:
        site.breaking.app = FaultyApp(site, STORM, seed)
        names = [f"u{n:04}" for n in range(60)]
        results = await asyncio.gather(
            *(site.target.add_member("Staff", name) for name in names), return_exceptions=True
        )
        assert all(result is None or isinstance(result, TargetError) for result in results)
        there = {name for _, name in cloud.snapshot().memberships}
        done = {name for name, result in zip(names, results, strict=True) if result is None}
        open_ = {name for name, result in zip(names, results, strict=True) if isinstance(result, OutcomeUnknown)}
        assert done <= there <= done | open_
