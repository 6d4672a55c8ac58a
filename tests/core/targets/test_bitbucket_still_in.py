"""What keeps a Bitbucket account from leaving or from returning is seen, and told with what to do."""

import pytest
from bitbucket_leaver import GRANTED, JANE, OWN, code, is_active, marks, real
from bitbucket_site import bitbucket_site

from core.sandbox.bitbucket import (
    INTERNAL_DIRECTORY,
    Bitbucket,
    Directory,
    LocalAccount,
    Permission,
    Settings,
)
from core.targets.auth import BasicAuth
from core.targets.protocol import NoSeats, NotFound, Refused


async def test_a_group_inside_another_that_still_lets_in_is_seen_and_told() -> None:
    bitbucket = code()
    bitbucket.add_group("Inner", inside="bosses")
    bitbucket.add_member("Inner", "jane")
    async with bitbucket_site(bitbucket) as site:
        for _ in range(2):
            with pytest.raises(Refused, match="can still log in") as caught:
                await site.target.set_active("jane", False)
            assert "directory" in caught.value.remedy
            assert await is_active(site)
        bitbucket.leave_group("Inner", "jane")
        await site.target.set_active("jane", False)
        assert not await is_active(site)
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "creators", "Staff"}


async def test_what_cannot_be_taken_is_not_remembered_as_taken() -> None:
    bitbucket = code()
    bitbucket.add_account(LocalAccount("boss", "Boss", "b@example.com"), password="secret")
    bitbucket.grant("boss", Permission.ADMIN)
    bitbucket.grant("Jane", Permission.SYS_ADMIN)
    async with bitbucket_site(bitbucket, auth=BasicAuth("boss", "secret")) as site:
        with pytest.raises(Refused, match="higher permission"):
            await site.target.set_active("jane", False)
        assert marks(site) == {f"{OWN}: group creators", f"{OWN}: group stash-users"}
        assert await is_active(site)


async def test_a_right_that_is_given_again_meanwhile_is_seen_and_told() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:

        def meddle(method: str, path: str) -> None:
            if method == "DELETE" and path.endswith("/admin/permissions/users"):
                bitbucket.add_member("bosses", "jane")

        site.meddle = meddle
        with pytest.raises(Refused, match="still log in, by bosses"):
            await site.target.set_active("jane", False)
        assert await is_active(site)
        site.meddle = lambda method, path: None
        await site.target.set_active("jane", False)
        assert not await is_active(site)
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "creators", "bosses", "Staff"}


async def test_the_account_behind_the_credential_is_not_deactivated() -> None:
    async with bitbucket_site(code()) as site:
        with pytest.raises(Refused, match="behind the target's credential"):
            await site.target.set_active("admin", False)
        assert site.effects == []


async def test_who_comes_from_a_directory_that_cannot_be_written_is_sent_there() -> None:
    crowd = Directory(2, "Crowd", "CROWD", writable=False)
    bitbucket = Bitbucket.with_defaults(directories=(INTERNAL_DIRECTORY, crowd))
    bitbucket.add_account(LocalAccount("john", "J", "j@example.com"), directory=2)
    bitbucket.add_account(LocalAccount("left", "L", "l@example.com", active=False), directory=2)
    async with bitbucket_site(bitbucket) as site:
        for name, active in (("john", False), ("left", True)):
            with pytest.raises(Refused, match="in the directory that it comes from"):
                await site.target.set_active(name, active)
        await site.target.set_active("left", False)
        assert site.effects == []
        assert not await is_active(site, "left")


async def test_a_group_that_is_gone_meanwhile_does_not_stop_the_others() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        await site.target.delete_group("creators")
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "Staff"}
        assert await is_active(site)


async def test_what_no_longer_lets_in_is_told_and_the_account_stays_inactive() -> None:
    bitbucket = Bitbucket.with_defaults([JANE], granted=GRANTED)
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        for group in ("stash-users", "creators"):
            bitbucket.grant_group(group, None)
        with pytest.raises(Refused, match="creators and stash-users, which was given back, no longer lets"):
            await site.target.set_active("jane", True)
        assert not await is_active(site)
        bitbucket.grant_group("creators", Permission.PROJECT_CREATE)
        await site.target.set_active("jane", True)
        assert await is_active(site)


async def test_without_a_seat_nobody_returns_and_nothing_is_forgotten() -> None:
    bitbucket = code(settings=Settings(seats=2))
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        bitbucket.add_account(LocalAccount("john", "J", "j@example.com"))
        with pytest.raises(NoSeats):
            await site.target.set_active("jane", True)
        assert not await is_active(site)
        await site.target.set_active("john", False)
        await site.target.set_active("jane", True)
        assert await is_active(site)


async def test_a_group_whose_name_leaves_no_room_is_refused_before_anything_is_taken() -> None:
    bitbucket = code()
    long = "g" * 240
    bitbucket.grant_group(long, Permission.LICENSED_USER)
    bitbucket.add_member(long, "jane")
    async with bitbucket_site(bitbucket) as site:
        with pytest.raises(Refused, match="too long to remember"):
            await site.target.set_active("jane", False)
        assert site.effects == []


async def test_nobody_is_not_found() -> None:
    async with bitbucket_site(code()) as site:
        for active in (False, True):
            with pytest.raises(NotFound):
                await site.target.set_active("ghost", active)
