"""A Jira behind a bad network: what is read is whole, and what is written happens once or is told as unknown."""

from collections import Counter

import pytest
from jira_site import jira_site

from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.jira import Jira, LocalAccount
from core.targets.protocol import AlreadyExists, NewAccount, OutcomeUnknown, TargetError

STORM = Faults(
    rate_limited=4, rate_limited_silently=4, server_error=4, unavailable=4, dropped_connection=4, dropped_after_commit=4
)


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com", groups=("All",)) for n in range(count)]


@pytest.mark.parametrize("version", ["9.12", "10.3"])
@pytest.mark.parametrize("seed", range(5))
async def test_a_listing_in_a_storm_is_whole_or_raises(version: str, seed: int) -> None:
    async with jira_site(Jira.with_defaults(people(400), version=version)) as site:
        site.breaking.app = FaultyApp(site, STORM, seed)
        try:
            accounts = [account.name async for account in site.target.list_accounts()]
            members = [account.name async for account in site.target.list_members("All")]
        except TargetError:
            return
        assert (len(accounts), members) == (401, [f"u{n:04}" for n in range(400)])


@pytest.mark.parametrize("seed", range(3))
async def test_creations_in_a_storm_happen_once_or_are_told(seed: int) -> None:
    async with jira_site(Jira.with_defaults()) as site:
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
