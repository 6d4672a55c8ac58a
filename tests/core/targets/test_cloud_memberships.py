"""Memberships of a directory: by id, those of one group together, each with its own outcome and its own trail."""

import asyncio
from typing import Literal

import pytest
from cloud_site import CloudSite, cloud_site

from core.exchange import Attribution, Exchange, attributed
from core.sandbox.cloud import Cloud, LocalAccount, Quirks, Settings
from core.targets.protocol import CredentialFailed, NotFound, OutcomeUnknown, Refused


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:03}", f"User {n}", f"u{n}@example.com") for n in range(count)]


def patches(site: CloudSite) -> list[Exchange]:
    return [each for each in site.log if each.method == "PATCH"]


def staff(site: CloudSite) -> set[str]:
    return {name for group, name in site.simulator.snapshot().memberships if group == "Staff"}


async def staffed(site: CloudSite) -> None:
    """Know all accounts, as a run does that has listed them."""
    site.simulator.add_group("Staff")
    async for _ in site.target.list_accounts():
        pass
    await site.target.find_group("Staff")


async def test_members_are_added_and_removed_once_whatever_is_asked_twice() -> None:
    async with cloud_site(Cloud.with_defaults(people(1))) as site:
        await staffed(site)
        for call in (
            site.target.add_member,
            site.target.add_member,
            site.target.remove_member,
            site.target.remove_member,
        ):
            await call("STAFF", "U000")
        assert [effect.kind for effect in site.effects] == ["add-member", "remove-member"]


async def test_changes_of_one_group_that_come_together_go_out_together_a_hundred_at_most() -> None:
    async with cloud_site(Cloud.with_defaults(people(250), quirks=Quirks(most_members_in_patch=100))) as site:
        await staffed(site)
        await asyncio.gather(*(site.target.add_member("Staff", f"u{n:03}") for n in range(250)))
        assert len(staff(site)) == 250
        assert len(patches(site)) <= 4
        await asyncio.gather(*(site.target.remove_member("Staff", f"u{n:03}") for n in range(250)))
        assert staff(site) == set()
        assert len(patches(site)) <= 8


async def test_additions_and_removals_of_one_account_keep_their_order() -> None:
    async with cloud_site(Cloud.with_defaults(people(2))) as site:
        await staffed(site)
        calls = [
            site.target.add_member("Staff", "u000"),
            site.target.remove_member("Staff", "u000"),
            site.target.add_member("Staff", "u001"),
            site.target.add_member("Staff", "u000"),
        ]
        await asyncio.gather(*calls)
        assert staff(site) == {"u000", "u001"}


async def test_one_who_is_gone_fails_alone() -> None:
    async with cloud_site(Cloud.with_defaults(people(5))) as site:
        await staffed(site)
        site.simulator.remove_account("u002")
        results = await asyncio.gather(
            *(site.target.add_member("Staff", f"u{n:03}") for n in range(5)), return_exceptions=True
        )
        assert [type(result) for result in results] == [type(None), type(None), NotFound, type(None), type(None)]
        assert staff(site) == {"u000", "u001", "u003", "u004"}


async def test_an_answer_that_is_lost_leaves_all_of_them_unknown() -> None:
    async with cloud_site(Cloud.with_defaults(people(3))) as site:
        await staffed(site)
        await site.target.add_member("Staff", "u000")
        first = asyncio.create_task(site.target.add_member("Staff", "u001"))
        second = asyncio.create_task(site.target.add_member("Staff", "u002"))
        site.breaking.spoil("reset-after", only_writes=True)
        results = await asyncio.gather(first, second, return_exceptions=True)
        assert OutcomeUnknown in {type(result) for result in results}
        assert len([effect for effect in site.effects if effect.kind == "add-member"]) == len(staff(site)) >= 2


async def test_each_change_has_the_exchange_in_its_own_trail() -> None:
    trails: dict[int, list[Exchange]] = {number: [] for number in range(4)}
    async with cloud_site(Cloud.with_defaults(people(4))) as site:
        await staffed(site)

        async def change(number: int) -> None:
            with attributed(Attribution(7, number, 100 + number, trails[number].append)):
                await site.target.add_member("Staff", f"u{number:03}")

        await asyncio.gather(*map(change, trails))
        for number, trail in trails.items():
            sent = [each for each in trail if each.method == "PATCH"]
            assert [(each.run, each.change, each.cause) for each in sent] == [(7, number, 100 + number)]
            assert f"u{number:03}" in sent[0].subject


async def test_one_who_gives_up_is_not_sent_and_holds_up_nobody() -> None:
    async with cloud_site(Cloud.with_defaults(people(3))) as site:
        await staffed(site)
        first, second, third = (asyncio.create_task(site.target.add_member("Staff", f"u{n:03}")) for n in range(3))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, third)
        with pytest.raises(asyncio.CancelledError):
            await second
        assert staff(site) == {"u000", "u002"}


@pytest.mark.parametrize("taken", ["filter", "value", "both"])
async def test_members_are_removed_in_the_form_that_the_directory_takes(
    taken: Literal["filter", "value", "both"],
) -> None:
    cloud = Cloud.with_defaults(people(2), quirks=Quirks(remove_members=taken))
    async with cloud_site(cloud) as site:
        await staffed(site)
        for number in range(2):
            await site.target.add_member("Staff", f"u{number:03}")
        before = len(patches(site))
        for number in range(2):
            await site.target.remove_member("Staff", f"u{number:03}")
        assert staff(site) == set()
        assert len(patches(site)) - before == (3 if taken == "value" else 2)


async def test_a_group_or_an_account_that_is_gone_is_told() -> None:
    async with cloud_site(Cloud.with_defaults(people(1))) as site:
        await staffed(site)
        with pytest.raises(NotFound, match="no group Nowhere"):
            await site.target.add_member("Nowhere", "u000")
        with pytest.raises(NotFound, match="no account ghost"):
            await site.target.remove_member("Staff", "ghost")
        await site.target.delete_group("Staff")
        with pytest.raises(NotFound, match="no group Staff"):
            await site.target.add_member("Staff", "u000")


async def test_a_group_that_was_made_anew_elsewhere_is_found_anew_after_one_refusal() -> None:
    async with cloud_site(Cloud.with_defaults(people(1))) as site:
        await staffed(site)
        site.simulator.remove_group("Staff")
        site.simulator.add_group("Staff")
        with pytest.raises(NotFound):
            await site.target.add_member("Staff", "u000")
        await site.target.add_member("Staff", "u000")
        assert staff(site) == {"u000"}


async def test_a_group_that_is_full_is_told_as_such() -> None:
    cloud = Cloud.with_defaults(people(2), settings=Settings(max_members=1), quirks=Quirks(limit_status=403))
    async with cloud_site(cloud) as site:
        await staffed(site)
        await site.target.add_member("Staff", "u000")
        with pytest.raises(Refused, match="limit of 1 members") as caught:
            await site.target.add_member("Staff", "u001")
        assert caught.value.remedy.startswith("Spread the members")


async def test_a_key_that_lapsed_ends_all_that_wait() -> None:
    async with cloud_site(Cloud.with_defaults(people(3))) as site:
        await staffed(site)
        site.simulator.revoke_key(site.key)
        results = await asyncio.gather(
            *(site.target.add_member("Staff", f"u{n:03}") for n in range(3)), return_exceptions=True
        )
        assert {type(result) for result in results} == {CredentialFailed}
