"""All accounts, groups and members of a directory: whole, or refused."""

from typing import Any

import orjson
import pytest
from cloud_site import CloudSite, cloud_site
from scim_documents import JANE, STAFF, page
from scripted import Bench, Reply

from core.planning.values import Account
from core.sandbox.cloud import Cloud, LocalAccount, Quirks
from core.targets.cloud import Cloud as Target
from core.targets.http import Limits
from core.targets.protocol import IncompleteRead, NotFound, Unavailable


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com") for n in range(count)]


def names(accounts: list[Account]) -> list[str]:
    return sorted(account.name for account in accounts)


async def members(site: CloudSite, group: str) -> list[str]:
    return names([account async for account in site.target.list_members(group)])


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 199, 200, 250])
async def test_all_accounts_are_listed_once_at_every_border_of_a_page(count: int) -> None:
    async with cloud_site(Cloud.with_defaults(people(count))) as site:
        listed = [account async for account in site.target.list_accounts()]
        assert names(listed) == [f"u{n:04}" for n in range(count)]
        assert all(account.groups is None for account in listed)


async def test_deactivated_accounts_are_listed_and_deleted_ones_are_not() -> None:
    cloud = Cloud.with_defaults([LocalAccount("off", "Off", "off@example.com", active=False), *people(1)])
    async with cloud_site(cloud) as site:
        listed = {account.name: account.active async for account in site.target.list_accounts()}
        assert listed == {"off": False, "u0000": True}


@pytest.mark.parametrize("change", ["add", "remove"])
async def test_a_listing_that_changes_meanwhile_is_refused_or_misses_nobody(change: str) -> None:
    cloud = Cloud.with_defaults(people(150))
    async with cloud_site(cloud) as site:
        asked = 0

        def meddle(_: str, path: str) -> None:
            nonlocal asked
            asked += path.endswith("/Users")
            if asked == 2 and change == "add":
                cloud.add_account(LocalAccount("late", "Late", "late@example.com"))
            elif asked == 2:
                cloud.remove_account("u0000")

        site.meddle = meddle
        with pytest.raises(IncompleteRead):
            [account async for account in site.target.list_accounts()]


def listing(*pages: Any) -> Target:
    return Target(Bench(*(Reply(200, orjson.dumps(each)) for each in pages)).http)


def user(number: int) -> dict[str, Any]:
    return {**JANE, "id": str(number), "userName": f"u{number}"}


HUNDRED = [user(n) for n in range(100)]


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([page(user(1), total=2), page(user(1), total=2)], "announces 2 items and has 1"),
        ([page(user(1), user(1), total=2)], "has 1 twice"),
        ([page(user(1), user(2), total=1)], "announces 1 items and has 2"),
        ([page(total=3)], "announces 3 items and has 0"),
        ([page(user(1), total=2), page(user(2), total=2)], "changed while it was read"),
        ([page(user(1), total=2), page(user(1), user(2), total=3)], "changed while it was read"),
        ([page(*HUNDRED, total=101), page(total=101) | {"startIndex": 100}], "changed while it was read"),
        ([page(user(1)) | {"startIndex": 7}], "starts at 7"),
        ([page(user(1)) | {"totalResults": None}], "totalResults"),
    ],
)
async def test_pages_that_do_not_add_up_are_refused(pages: list[Any], reason: str) -> None:
    with pytest.raises(IncompleteRead, match=reason):
        [account async for account in listing(*pages).list_accounts()]


async def test_a_listing_that_breaks_off_is_incomplete_and_one_that_never_began_is_not() -> None:
    first = Reply(200, orjson.dumps(page(*HUNDRED, total=150)))
    with pytest.raises(IncompleteRead, match="broke off at item 99"):
        [each async for each in Target(Bench(first, Reply(503)).http).list_accounts()]
    with pytest.raises(Unavailable):
        [each async for each in Target(Bench(Reply(503)).http).list_accounts()]


async def test_groups_that_are_too_large_for_one_answer_are_asked_for_in_small_pages() -> None:
    cloud = Cloud.with_defaults(people(200))
    for number in range(12):
        cloud.add_group(f"G{number:02}", [f"u{n:04}" for n in range(200)])
    async with cloud_site(cloud, limits=Limits(answer_bytes=110_000)) as site:
        listed = [group async for group in site.target.list_groups()]
        assert sorted(group.name for group in listed) == [f"G{n:02}" for n in range(12)]
        assert {"count=100", "count=10"} <= {part for each in site.log for part in each.path.split("&")}


async def test_members_are_accounts_with_their_names_inactive_ones_too() -> None:
    cloud = Cloud.with_defaults(
        [LocalAccount("off", "Off", "off@example.com", active=False, groups=("Staff",)), *people(3)]
    )
    cloud.add_group("Empty")
    async with cloud_site(cloud) as site:
        listed = [account async for account in site.target.list_members("staff")]
        assert [(account.name, account.active) for account in listed] == [("off", False)]
        assert await members(site, "Empty") == []
        with pytest.raises(NotFound):
            await members(site, "Nowhere")


async def test_a_group_is_read_whole_however_long_the_listing_takes() -> None:
    cloud = Cloud.with_defaults(people(450))
    cloud.add_group("Large", [f"u{n:04}" for n in range(450)])
    async with cloud_site(cloud) as site:

        def wait(method: str, path: str) -> None:
            site.hurry.slept += 45

        site.meddle = wait
        assert await members(site, "Large") == [f"u{n:04}" for n in range(450)]


async def test_a_large_group_is_read_by_listing_all_accounts_a_small_one_by_reading_each() -> None:
    cloud = Cloud.with_defaults(people(300))
    cloud.add_group("Large", [f"u{n:04}" for n in range(250)])
    cloud.add_group("Small", ["u0000", "u0299"])
    async with cloud_site(cloud) as site:
        assert await members(site, "Small") == ["u0000", "u0299"]
        few = len(site.log)
        assert len(await members(site, "Large")) == 250
        assert few <= 5
        assert len(site.log) - few <= 6


async def test_after_a_listing_of_all_accounts_members_cost_one_request_a_group() -> None:
    cloud = Cloud.with_defaults(people(30))
    cloud.add_group("Staff", [f"u{n:04}" for n in range(30)])
    async with cloud_site(cloud) as site:
        [account async for account in site.target.list_accounts()]
        asked = len(site.log)
        assert len(await members(site, "Staff")) == 30
        assert len(site.log) == asked + 1


async def test_a_member_that_the_directory_hides_is_left_out() -> None:
    cloud = Cloud.with_defaults(people(3), quirks=Quirks(deactivated="gone"))
    cloud.add_group("Staff", ["u0000", "u0001"])
    async with cloud_site(cloud) as site:
        await site.target.set_active("u0000", False)
        assert await members(site, "Staff") == ["u0001"]


async def test_groups_in_groups_are_no_members() -> None:
    nested = STAFF | {"members": [{"value": "1", "type": "User"}, {"value": "9", "type": "Group"}]}
    found = [each async for each in listing(page(nested), JANE).list_members("Staff")]
    assert [account.name for account in found] == ["jane"]
    with pytest.raises(IncompleteRead, match="a member of Staff that has no id"):
        [each async for each in listing(page(STAFF | {"members": [{"display": "x"}]})).list_members("Staff")]
