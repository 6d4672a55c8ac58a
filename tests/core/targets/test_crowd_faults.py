"""A Crowd target in bad weather: what it repeats, what it never repeats, and what it tells of an unknown outcome."""

import time
from dataclasses import replace

import pytest
from crowd_site import crowd_site
from starlette.responses import PlainTextResponse

from core.sandbox.crowd import APPLICATION, Crowd, LocalAccount, Settings
from core.sandbox.rate_limit import RateLimit, RateLimitedApp
from core.targets.protocol import CredentialFailed, NewAccount, OutcomeUnknown, Unavailable

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("Staff",))
NEW = NewAccount("new", "New One", "new@example.com")


@pytest.mark.parametrize("fault", ["500", "503", "429", "reset-before", "reset-after"])
async def test_a_read_is_repeated(fault: str) -> None:
    async with crowd_site(Crowd([JANE])) as site:
        site.breaking.fault = fault
        assert await site.target.find_account("jane") is not None


@pytest.mark.parametrize("fault", ["503", "429", "reset-before"])
async def test_a_write_that_did_not_arrive_is_repeated_or_told(fault: str) -> None:
    async with crowd_site(Crowd([JANE])) as site:
        site.breaking.methods, site.breaking.fault = ("POST",), fault
        if fault == "reset-before":  # from here it cannot be told from one that did
            with pytest.raises(OutcomeUnknown):
                await site.target.create_account(NEW)
            assert site.effects == []
        else:
            await site.target.create_account(NEW)
            assert [effect.kind for effect in site.effects] == ["create-account"]


@pytest.mark.parametrize("fault", ["500", "reset-after"])
async def test_a_write_whose_outcome_is_unknown_is_never_repeated(fault: str) -> None:
    async with crowd_site(Crowd([JANE])) as site:
        site.breaking.methods, site.breaking.fault = ("POST", "PUT", "DELETE"), fault
        with pytest.raises(OutcomeUnknown):
            await site.target.create_account(NEW)
        assert len(site.effects) == (fault == "reset-after")


@pytest.mark.parametrize("fault", ["500", "reset-after"])
async def test_a_rename_whose_answer_was_lost_is_unknown_and_no_clash(fault: str) -> None:
    crowd = Crowd([JANE])
    async with crowd_site(crowd) as site:
        site.breaking.methods, site.breaking.fault = ("POST",), fault
        with pytest.raises(OutcomeUnknown):
            await site.target.rename_account("jane", "jane.roe")
        assert len(site.effects) == (fault == "reset-after")


async def test_an_account_that_cannot_be_read_back_may_exist() -> None:
    async with crowd_site(Crowd([JANE])) as site:

        def lose(method: str, path: str) -> None:
            if method == "POST":
                site.breaking.methods, site.breaking.fault = ("GET",), "html"

        site.meddle = lose
        with pytest.raises(OutcomeUnknown, match="was created at people and could not be read back"):
            await site.target.create_account(NEW)
        assert [effect.kind for effect in site.effects] == ["create-account"]


async def test_a_page_in_the_place_of_an_answer_is_no_answer() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        site.breaking.fault = "html"
        with pytest.raises(CredentialFailed, match="login page"):
            await site.target.find_account("jane")


async def test_a_password_that_is_changed_midway_stops_everything() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        await site.target.create_account(NEW)
        site.change_password()
        for call in (
            site.target.find_account("new"),
            site.target.set_active("new", active=False),
            site.target.create_group("x"),
            site.target.add_member("Staff", "new"),
        ):
            with pytest.raises(CredentialFailed, match="name and password"):
                await call
        assert [effect.kind for effect in site.effects] == ["create-account"]


async def test_a_rate_limit_before_crowd_costs_only_time() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        limited = RateLimitedApp(site.simulator.app, RateLimit(5, 5), lambda: time.monotonic() + site.hurry.slept)
        site.breaking.app = limited
        for _ in range(20):
            assert await site.target.find_group("Staff") is not None
        assert site.hurry.slept > 1


async def test_an_address_that_is_taken_off_the_list_midway_stops_everything() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        elsewhere = replace(APPLICATION, remote_addresses=("10.0.0.0/8",))
        site.simulator.settings = Settings(applications=(elsewhere,))
        for call in (site.target.find_account("jane"), site.target.create_group("x")):
            with pytest.raises(CredentialFailed, match="may not call from this address"):
                await call


async def test_a_crowd_that_stays_away_is_unavailable() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        site.breaking.app = PlainTextResponse("Away", 503)
        with pytest.raises(Unavailable):
            await site.target.find_group("Staff")
        assert len(site.log) > 1
