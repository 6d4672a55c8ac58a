"""What a Bitbucket lists is whole, or it raises: no total is announced, so the pages must prove each other."""

from typing import Any

import orjson
import pytest
from bitbucket_site import BitbucketSite, bitbucket_site
from scripted import Bench, Reply

from core.sandbox.bitbucket import Bitbucket, LocalAccount, Quirks
from core.targets.bitbucket import Bitbucket as Target
from core.targets.bitbucket.paging import by, listed
from core.targets.bitbucket.session import Session
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound

GAPS = [Quirks(largest_page=10), Quirks(largest_page=10, sparse_pages=3), Quirks(largest_page=1)]


def people(count: int) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com", n % 3 > 0, ("All",)) for n in range(count)]


async def accounts(site: BitbucketSite) -> list[str]:
    return [account.name async for account in site.target.list_accounts()]


async def members(site: BitbucketSite) -> list[str]:
    return [account.name async for account in site.target.list_members("All")]


@pytest.mark.parametrize("quirks", GAPS)
@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 9, 10, 11, 19, 20, 21, 55])
async def test_however_long_the_pages_are_everybody_is_listed_once(quirks: Quirks, count: int) -> None:
    async with bitbucket_site(Bitbucket.with_defaults(people(count), quirks=quirks)) as site:
        assert await accounts(site) == ["admin", *(f"u{n:04}" for n in range(count))]
        if count:
            assert await members(site) == [f"u{n:04}" for n in range(count)]


@pytest.mark.parametrize("quirks", GAPS)
@pytest.mark.parametrize("of_group", [False, True])
@pytest.mark.parametrize("comes", [False, True])
async def test_somebody_who_comes_or_goes_between_two_pages_is_noticed(
    quirks: Quirks, of_group: bool, comes: bool
) -> None:
    bitbucket = Bitbucket.with_defaults(people(40), quirks=quirks)
    async with bitbucket_site(bitbucket) as site:
        names = site.target.list_members("All") if of_group else site.target.list_accounts()
        while (await anext(names)).name != "u0000":
            pass
        if comes:
            bitbucket.add_account(LocalAccount("aaa", "A", "a@example.com", groups=("All",)))
        else:
            bitbucket.remove_account("u0000")
        with pytest.raises(IncompleteRead, match="does not add up"):
            [account async for account in names]


def page(*names: str) -> Reply:
    values = [{"id": number, "name": name} for number, name in enumerate(names)]
    return Reply(200, orjson.dumps({"size": len(names), "limit": 9, "isLastPage": True, "values": values, "start": 0}))


def licence(taken: int) -> Reply:
    document = {"unlimitedNumberOfUsers": True, "status": {"currentNumberOfUsers": taken}}
    return Reply(200, orjson.dumps(document))


KNOWN = Reply(200, b'{"version":"9.4.0","buildNumber":"9004000"}', {"x-ausername": "admin"})


async def test_a_list_without_the_account_behind_the_credential_is_not_whole() -> None:
    bench = Bench(KNOWN, licence(0), page(), page("jane"), page("admin"), page("staff"), licence(0))
    with pytest.raises(IncompleteRead, match="lacks admin"):
        [account async for account in Target(bench.http).list_accounts()]


async def test_a_name_in_the_header_that_no_account_has_proves_nothing() -> None:
    bench = Bench(KNOWN, licence(0), page(), page("jane"), page(), licence(0))
    assert [account.name async for account in Target(bench.http).list_accounts()] == ["jane"]


async def test_a_list_with_fewer_active_accounts_than_the_licence_counts_is_not_whole() -> None:
    bench = Bench(KNOWN, licence(2), page(), page("admin"), licence(2))
    with pytest.raises(IncompleteRead, match="lists 1 active accounts, and its licence counts 2"):
        [account async for account in Target(bench.http).list_accounts()]


GOOD: dict[str, Any] = {"size": 1, "limit": 9, "isLastPage": True, "values": [{"id": 1}], "start": 0}


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        GOOD | {"values": None},
        GOOD | {"values": ["jane"]},
        GOOD | {"start": 5},
        GOOD | {"size": 2},
        GOOD | {"isLastPage": None},
        GOOD | {"isLastPage": False},
        GOOD | {"isLastPage": False, "nextPageStart": None},
        GOOD | {"isLastPage": False, "nextPageStart": 0},
        GOOD | {"values": [{"id": 1}, {"id": 1}], "size": 2},
        GOOD | {"values": [{"name": "x"}]},
    ],
)
async def test_a_page_that_does_not_add_up_is_refused(answer: object) -> None:
    session = Session(Bench(Reply(200, orjson.dumps(answer))).http)
    with pytest.raises(IncompleteRead):
        [item async for item in listed(session, "/admin/users", {}, identity=by("id"))]


async def test_a_listing_that_breaks_off_raises() -> None:
    async with bitbucket_site(Bitbucket.with_defaults(people(30), quirks=Quirks(largest_page=10))) as site:
        pages = [0]

        def meddle(method: str, path: str) -> None:
            pages[0] += path.endswith("/admin/users")
            if pages[0] > 1:
                raise ConnectionAbortedError

        site.meddle = meddle
        with pytest.raises(IncompleteRead, match="broke off at item 9"):
            await accounts(site)


async def test_a_credential_that_ends_midway_raises() -> None:
    for quirks in (Quirks(largest_page=10), Quirks(largest_page=10, bad_credential="anonymous")):
        bitbucket = Bitbucket.with_defaults(people(30), quirks=quirks)
        async with bitbucket_site(bitbucket) as site:
            names = site.target.list_accounts()
            await anext(names)
            bitbucket.revoke_token(site.token)
            with pytest.raises(CredentialFailed):
                [account async for account in names]


@pytest.mark.parametrize("answer", ["404", "empty"])
async def test_the_members_of_a_group_that_is_not_there_are_not_nobody(answer: str) -> None:
    quirks = Quirks(members_of_nobody="404" if answer == "404" else "empty")
    async with bitbucket_site(Bitbucket.with_defaults(quirks=quirks)) as site:
        with pytest.raises(NotFound):
            [account async for account in site.target.list_members("ghosts")]
        site.simulator.add_group("ghosts")
        assert [account async for account in site.target.list_members("Ghosts")] == []


async def test_ten_thousand_are_listed_in_eleven_pages() -> None:
    async with bitbucket_site(Bitbucket.with_defaults(people(10_000))) as site:
        assert len(await accounts(site)) == 10_001
        assert site.lines.count("GET /rest/api/latest/admin/users") == 11
