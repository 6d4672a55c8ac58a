"""Deactivation at a product that has none: what lets an account in is taken, remembered, given back, and verified."""

from collections.abc import Callable

import httpx
import pytest
from bitbucket_leaver import OWN, code, is_active, marks, real
from bitbucket_site import BitbucketSite, bitbucket_site

from core.sandbox.bitbucket import (
    ADMIN,
    LocalAccount,
    Permission,
    Quirks,
)
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.serving import serve
from core.targets.protocol import OutcomeUnknown, TargetError

HABITS = [
    Quirks(),
    Quirks(remove_non_member_status=200, add_member_again_status=409),
    Quirks(bulk_is_atomic=False, members_of_nobody="empty"),
    Quirks(light_list_filters=False, largest_page=2),
    Quirks(tells_user="not", sparse_pages=1, largest_page=3),
]


@pytest.mark.parametrize("quirks", HABITS)
async def test_who_is_deactivated_cannot_log_in_and_gets_back_what_was_taken_and_nothing_else(quirks: Quirks) -> None:
    bitbucket = code(quirks)
    async with bitbucket_site(bitbucket) as site:
        before = bitbucket.snapshot()
        await site.target.set_active("jane", False)
        assert bitbucket.snapshot().licensed == frozenset({ADMIN})
        assert real(site) == {"Staff"}
        assert dict(bitbucket.snapshot().grants) == {ADMIN: "SYS_ADMIN"}
        assert not await is_active(site)
        await site.target.set_active("jane", True)
        after = bitbucket.snapshot()
        assert (after.licensed, after.grants) == (before.licensed, before.grants)
        assert real(site) == {"stash-users", "creators", "Staff"}
        assert marks(site) == set()
        assert await is_active(site)


async def test_the_password_really_stops_working_and_works_again() -> None:
    bitbucket = code()
    bitbucket.add_account(LocalAccount("john", "John Roe", "john@example.com"), password="secret")
    auth = httpx.BasicAuth("john", "secret")
    async with bitbucket_site(bitbucket) as site, serve(bitbucket.app) as url, httpx.AsyncClient(auth=auth) as own:
        statuses = []
        for active in (True, False, True):
            await site.target.set_active("john", active)
            statuses.append((await own.get(f"{url}/rest/api/latest/users")).status_code)
        assert statuses == [200, 401, 200]


async def test_what_was_taken_stands_in_bitbucket_for_its_own_people_to_read() -> None:
    async with bitbucket_site(code()) as site:
        await site.target.set_active("jane", False)
        assert marks(site) == {
            OWN,
            f"{OWN}: group creators",
            f"{OWN}: group stash-users",
            f"{OWN}: permission PROJECT_CREATE",
        }


async def test_what_was_taken_is_remembered_beyond_a_restart_and_a_rename() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        await site.target.rename_account("jane", "janet")
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("janet", True)
        assert real(site, "janet") == {"stash-users", "creators", "Staff"}


async def test_the_groups_that_remember_are_made_again_where_somebody_deleted_them() -> None:
    async with bitbucket_site(code()) as site:
        for _ in range(2):
            for active in (False, True):
                await site.target.set_active("jane", active)
            for group in (OWN, f"{OWN}: group creators"):
                await site.target.delete_group(group)
        assert real(site) == {"stash-users", "creators", "Staff"}


async def test_asking_again_changes_nothing() -> None:
    async with bitbucket_site(code()) as site:
        for active in (False, True):
            await site.target.set_active("jane", active)
            done = len(site.effects)
            await site.target.set_active("jane", active)
            assert len(site.effects) == done


async def test_who_could_not_log_in_anyway_is_deactivated_all_the_same_and_returns_to_that() -> None:
    bitbucket = code()
    bitbucket.add_account(LocalAccount("out", "Out", "out@example.com", groups=("Staff",)))
    async with bitbucket_site(bitbucket) as site:
        assert await is_active(site, "out")
        await site.target.set_active("out", False)
        assert not await is_active(site, "out")
        await site.target.set_active("out", True)
        assert await is_active(site, "out")
        assert (real(site, "out"), marks(site, "out")) == ({"Staff"}, set())
        assert "out" not in bitbucket.snapshot().licensed


async def test_whom_somebody_let_in_again_is_active_and_keeps_only_what_was_given_by_hand() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        bitbucket.grant("Jane", Permission.LICENSED_USER)
        assert await is_active(site)
        await site.target.set_active("jane", True)
        assert (real(site), marks(site)) == ({"Staff"}, set())
        await site.target.set_active("jane", False)
        assert marks(site) == {OWN, f"{OWN}: permission LICENSED_USER"}


async def test_a_second_deactivation_forgets_what_the_first_had_taken() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        bitbucket.add_member("stash-users", "jane")
        await site.target.set_active("jane", False)
        assert marks(site) == {OWN, f"{OWN}: group stash-users"}
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "Staff"}


def writes_until(site: BitbucketSite, number: int) -> Callable[[str, str], None]:
    """Lets the engine crash, so to say, before its write of that number."""
    seen = [0]

    def meddle(method: str, path: str) -> None:
        seen[0] += method != "GET"
        if method != "GET" and seen[0] > number:
            raise ConnectionAbortedError

    return meddle


@pytest.mark.parametrize("number", range(12))
async def test_broken_off_anywhere_a_deactivation_is_finished_by_asking_again(number: int) -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        site.meddle = writes_until(site, number)
        try:
            await site.target.set_active("jane", False)
        except TargetError:
            assert await is_active(site) == ("Jane" in bitbucket.snapshot().licensed)
        site.meddle = lambda method, path: None
        await site.target.set_active("jane", False)
        assert not await is_active(site)
        assert bitbucket.snapshot().licensed == frozenset({ADMIN})
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "creators", "Staff"}
        assert ("Jane", "PROJECT_CREATE") in bitbucket.snapshot().grants


@pytest.mark.parametrize("seed", range(6))
async def test_in_a_storm_it_is_done_or_told(seed: int) -> None:
    storm = Faults(rate_limited=4, server_error=4, unavailable=4, dropped_connection=4, dropped_after_commit=4)
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        site.breaking.app = FaultyApp(site, storm, seed)
        for active in (False, True):
            for _ in range(20):
                try:
                    await site.target.set_active("jane", active)
                except (OutcomeUnknown, TargetError):
                    continue
                break
            assert ("Jane" in bitbucket.snapshot().licensed) == active
        assert real(site) == {"stash-users", "creators", "Staff"}
