"""Crowd's listings, which tell no total: read to their end, or refused when they do not add up."""

from collections.abc import Callable

import pytest
from crowd_site import CrowdSite, crowd_site

from core.sandbox.crowd import APPLICATION, Application, Crowd, LocalAccount, Permission, Quirks, Settings
from core.targets.crowd.paging import PAGE_SIZE
from core.targets.protocol import CredentialFailed, IncompleteRead


def people(count: int, *groups: str) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:05}", f"User {n}", f"u{n}@example.com", n % 7 > 0, groups) for n in range(count)]


async def accounts(site: CrowdSite) -> list[str]:
    return [account.name async for account in site.target.list_accounts()]


async def members(site: CrowdSite, group: str = "All") -> list[str]:
    return [account.name async for account in site.target.list_members(group)]


@pytest.mark.parametrize("count", [0, 1, 2, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 10_000])
async def test_all_accounts_are_listed_once_however_many_pages(count: int) -> None:
    async with crowd_site(Crowd(people(count))) as site:
        assert await accounts(site) == [f"u{n:05}" for n in range(count)]


@pytest.mark.parametrize("limit", [2, 3, 10, 11, 12])
async def test_an_instance_that_gives_less_than_asked_for_is_read_to_its_end_all_the_same(limit: int) -> None:
    async with crowd_site(Crowd(people(11, "All"), quirks=Quirks(largest_page=limit))) as site:
        assert len(await accounts(site)) == 11
        assert len(await members(site)) == 11


async def test_an_instance_that_gives_one_item_at_a_time_is_refused() -> None:
    async with crowd_site(Crowd(people(3), quirks=Quirks(largest_page=1))) as site:
        with pytest.raises(IncompleteRead, match="one item at a time"):
            await accounts(site)


async def test_a_short_page_is_the_last_without_asking_where_a_longer_one_was_seen() -> None:
    crowd = Crowd(people(3, "All"))
    crowd.add_group("None")
    crowd.add_member("One", "u00000")
    async with crowd_site(crowd) as site:
        assert len(await members(site)) == 3
        assert site.lines == ["GET /group/user/direct"] * 2
        site.log.clear()
        assert await members(site, "One") == ["u00000"]
        assert site.lines == ["GET /group/user/direct"]
        assert await members(site, "None") == []


async def test_groups_are_listed_by_their_names() -> None:
    crowd = Crowd(people(1, "All"))
    crowd.add_group("Éclair & Co")
    async with crowd_site(crowd) as site:
        assert [group.name async for group in site.target.list_groups()] == ["All", "Éclair & Co"]


def after_pages(pages: int, happens: Callable[[], object]) -> Callable[[str, str], None]:
    """Something that happens once, before the page with this number (from 0) is read."""
    waiting = [happens]
    asked = iter(range(1000))

    def meddle(method: str, path: str) -> None:
        if next(asked) == pages and waiting:
            waiting.pop()()

    return meddle


@pytest.mark.parametrize("what", ["delete-before", "delete-last", "add-before", "rename-to-the-end"])
async def test_whoever_comes_or_goes_between_two_pages_makes_the_listing_incomplete(what: str) -> None:
    crowd = Crowd(people(9), quirks=Quirks(largest_page=4))
    happens: dict[str, Callable[[], object]] = {
        "delete-before": lambda: crowd.remove_account("u00001"),
        "delete-last": lambda: crowd.remove_account("u00003"),
        "add-before": lambda: crowd.add_account(LocalAccount("a", "A", "a@example.com")),
        "rename-to-the-end": lambda: crowd.rename_account("u00001", "z"),
    }
    async with crowd_site(crowd) as site:
        site.meddle = after_pages(1, happens[what])
        with pytest.raises(IncompleteRead, match="changed while it was read"):
            await accounts(site)


async def test_a_rename_that_is_hidden_by_a_newcomer_is_seen_by_the_key() -> None:
    crowd = Crowd(people(9), quirks=Quirks(largest_page=4))

    def happens() -> None:
        crowd.rename_account("u00001", "z")
        crowd.add_account(LocalAccount("a", "A", "a@example.com"))

    async with crowd_site(crowd) as site:
        site.meddle = after_pages(1, happens)
        with pytest.raises(IncompleteRead, match="z was renamed while accounts were listed"):
            await accounts(site)


async def test_who_comes_after_the_page_is_listed_with_the_others() -> None:
    crowd = Crowd(people(9), quirks=Quirks(largest_page=4))
    async with crowd_site(crowd) as site:
        site.meddle = after_pages(1, lambda: crowd.add_account(LocalAccount("z", "Z", "")))
        assert (await accounts(site))[-1] == "z"


async def test_a_listing_that_breaks_off_is_incomplete() -> None:
    crowd = Crowd(people(9, "All"), quirks=Quirks(largest_page=4))
    async with crowd_site(crowd) as site:
        site.meddle = after_pages(1, lambda: crowd.remove_group("All"))
        with pytest.raises(IncompleteRead, match="broke off at item 3"):
            await members(site)


async def test_a_password_that_is_changed_between_two_pages_is_told_as_what_it_is() -> None:
    async with crowd_site(Crowd(people(9), quirks=Quirks(largest_page=4))) as site:
        site.meddle = after_pages(1, site.change_password)
        with pytest.raises(CredentialFailed, match="does not accept the application"):
            await accounts(site)


@pytest.mark.parametrize("permissions", [(), (Permission.ADD_GROUP,)])
async def test_no_account_at_all_is_believed_only_where_one_could_be_created(
    permissions: tuple[Permission, ...],
) -> None:
    without_directory = Application(APPLICATION.name, APPLICATION.password, directories=())
    for crowd in (Crowd(settings=Settings(applications=(without_directory,))), Crowd()):
        crowd.allow(*permissions)
        async with crowd_site(crowd) as site:
            with pytest.raises(IncompleteRead, match="Map a directory to the application"):
                await accounts(site)
    async with crowd_site(Crowd()) as site:
        assert await accounts(site) == []
