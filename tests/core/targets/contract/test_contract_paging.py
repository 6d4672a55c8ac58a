"""Listings at every product are whole, at the borders of its pages and far beyond; nothing is missing or twice."""

import pytest
from stage import Stage

from core.targets.protocol import CredentialFailed, IncompleteRead

MANY = 10_000
"""What a large company has; it is put straight into the product."""
MANY_OF_CLOUD = 3_000
"""Thirty pages. Its simulator is a whole SCIM library, to which ten thousand take ten seconds, and show no more."""


def many(stage: Stage) -> int:
    return MANY_OF_CLOUD if stage.kind == "cloud" else MANY


def fill(stage: Stage, accounts: int, group: str = "") -> list[str]:
    """Put people into the product until it has so many accounts, into the group if one is named; who they are."""
    names = [f"user{number:05}" for number in range(accounts - len(stage.seen().accounts))]
    for number, name in enumerate(names):
        stage.person(name, f"User {number}", f"{name}@example.com", active=number % 3 > 0)
    if group:
        stage.group(group, names)
    return names


async def check_accounts(stage: Stage) -> None:
    listed = [(each.name, each.display_name, each.active) async for each in stage.target.list_accounts()]
    seen = stage.seen().accounts
    assert sorted(listed) == sorted((name, shown, active) for name, (shown, _, active) in seen.items())


async def check_members(stage: Stage, group: str, expected: list[str]) -> None:
    assert sorted([member.name async for member in stage.target.list_members(group)]) == sorted(expected)


async def check_groups(stage: Stage) -> None:
    assert sorted([group.name async for group in stage.target.list_groups()]) == sorted(stage.seen().groups)


async def test_the_first_account_and_the_first_groups_are_listed(stage: Stage) -> None:
    await check_accounts(stage)
    await check_groups(stage)


async def test_every_account_is_told_from_the_others_by_its_id(stage: Stage) -> None:
    fill(stage, 10)
    listed = [account async for account in stage.target.list_accounts()]
    assert len({account.id for account in listed}) == len(listed)
    for account in listed:
        found = await stage.target.find_account_by_id(account.id)
        assert found is not None
        assert (found.id, found.name, found.key) == (account.id, account.name, account.key)


@pytest.mark.parametrize("beyond", [0, 1])
async def test_accounts_are_listed_whole_at_the_border_of_a_page(stage: Stage, beyond: int) -> None:
    fill(stage, stage.pages.accounts + beyond)
    await check_accounts(stage)


@pytest.mark.parametrize("beyond", [0, 1])
async def test_groups_are_listed_whole_at_the_border_of_a_page(stage: Stage, beyond: int) -> None:
    for number in range(stage.pages.groups + beyond - len(stage.seen().groups)):
        stage.group(f"Group {number:05}")
    await check_groups(stage)


async def test_the_members_of_a_group_are_listed_whole_at_the_borders_of_a_page(stage: Stage) -> None:
    most = stage.pages.members + 1
    names = fill(stage, len(stage.seen().accounts) + most)
    for count in (0, 1, most - 1, most):
        stage.group(f"Group {count}", names[:count])
        await check_members(stage, f"Group {count}", names[:count])


async def test_a_large_company_in_one_group_is_listed_whole(stage: Stage) -> None:
    names = fill(stage, many(stage), "Everybody")
    await check_accounts(stage)
    await check_members(stage, "Everybody", names)


async def test_thousands_of_groups_are_listed_whole(stage: Stage) -> None:
    for number in range(many(stage)):
        stage.group(f"Group {number:05}")
    await check_groups(stage)


@pytest.mark.parametrize("fault", ["500", "503", "429", "reset-before", "reset-after"])
async def test_a_fault_between_two_pages_costs_only_time(stage: Stage, fault: str) -> None:
    fill(stage, stage.pages.accounts + 2)
    accounts = stage.target.list_accounts()
    listed = [(await anext(accounts)).name]
    stage.break_next(fault)
    listed += [account.name async for account in accounts]
    assert sorted(listed) == sorted(stage.seen().accounts)


async def test_a_page_of_something_else_ends_a_listing_with_an_error(stage: Stage) -> None:
    fill(stage, stage.pages.accounts + 2)
    names, accounts = list(stage.seen().accounts), stage.target.list_accounts()
    listed = [(await anext(accounts)).name]
    stage.break_next("html")
    try:
        listed += [account.name async for account in accounts]
    except (CredentialFailed, IncompleteRead):
        return
    assert sorted(listed) == sorted(names)  # it had all pages before it gave the first account


async def test_a_credential_that_lapses_between_two_pages_ends_a_listing_with_an_error(stage: Stage) -> None:
    names = fill(stage, len(stage.seen().accounts) + stage.pages.members + 2, "Staff")
    members = stage.target.list_members("Staff")
    listed = [(await anext(members)).name]
    stage.lapse()
    try:
        listed += [account.name async for account in members]
    except CredentialFailed:
        return
    assert sorted(listed) == sorted(names)
