"""A listing of Confluence is whole or it raises: what does not add up must never look like accounts that are gone."""

from typing import Any

import orjson
import pytest
from scripted import Bench, Reply

from core.planning.values import Account
from core.targets.confluence import Confluence
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, TargetError, Unavailable, Unsupported

ME = Reply(200, orjson.dumps({"type": "known", "username": "svc", "userKey": "me"}))
NOBODY = Reply(200, orjson.dumps({"type": "anonymous", "displayName": "Anonymous"}))
NO_SUCH = Reply(404, orjson.dumps({"statusCode": 404, "message": "No user found with name : ghost"}))


def user(name: str, status: Any = "CURRENT", **more: Any) -> dict[str, Any]:
    return {
        "type": "known",
        "username": name,
        "userKey": f"key-{name}",
        "displayName": name.title(),
        "status": status,
    } | more


def page(results: list[Any], start: int = 0, following: int | None = None, **changed: Any) -> Reply:
    links = {} if following is None else {"next": f"/rest/api/x?limit=2&start={following}&expand=status"}
    document = {"results": results, "start": start, "limit": 2, "size": len(results), "_links": links}
    return Reply(200, orjson.dumps(document | changed))


EMPTY = page([])
A, B, C = user("a"), user("b"), user("c")


def confluence(*replies: Reply) -> tuple[Confluence, Bench]:
    bench = Bench(*replies)
    return Confluence(bench.http), bench


async def listed(*pages: Reply) -> list[str]:
    target, _ = confluence(EMPTY, *pages)
    return [account.name async for account in target.list_accounts()]


async def test_pages_are_read_until_there_is_no_next_one_even_if_smaller_than_asked_for() -> None:
    target, bench = confluence(EMPTY, page([A, B], 0, 2), page([C], 2), ME)
    assert [account.name async for account in target.list_accounts()] == ["a", "b", "c"]
    assert bench.product.lines[1:] == [
        "GET /confluence/rest/api/user/list?expand=status&start=0&limit=200",
        "GET /confluence/rest/api/user/list?expand=status&start=2&limit=200",
        "GET /confluence/rest/api/user/current",
    ]


@pytest.mark.parametrize(
    "second",
    [
        page([C], 3),
        page([C], 0),
        page([A], 2),
        page([B, C], 2),
        page([C], 2, size=2),
        page([], 2, 2),
        page([C], 2, 2),
        page([C], 2, 5),
        page([C], 2, _links={"next": "/rest/api/x?cursor=abc"}),
        page([C], 2, _links={"next": "/rest/api/x?start=abc"}),
        page([C, "d"], 2),
        Reply(200, b'{"results": null, "start": 2, "size": 0, "_links": {}}'),
        page([{"type": "known", "username": "c"}], 2),
        page([{"type": "known", "userKey": "c", "username": ""}], 2),
        Reply(200, b"[]"),
        Reply(200, b'{"results": [', media_type="application/json"),
        Reply(200, b"", media_type="application/json"),
        Reply(400),
        Reply(404, b'{"message":"gone"}'),
        Reply(404, b"", media_type="text/html"),
        Reply(429, headers={"retry-after": "700"}),
        Reply(503),
    ],
)
async def test_a_listing_that_does_not_add_up_or_breaks_off_raises(second: Reply) -> None:
    with pytest.raises(IncompleteRead):
        await listed(page([A, B], 0, 2), second)


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (Reply(503), Unavailable),
        (Reply(403), CredentialFailed),
        (Reply(404, b"<h1>404</h1>", media_type="text/html"), Unsupported),
        (Reply(200, b"<title>Log in</title>", media_type="text/html"), CredentialFailed),
    ],
)
async def test_a_listing_that_never_begins_raises_the_reason(first: Reply, kind: type[TargetError]) -> None:
    with pytest.raises(kind):
        await listed(first)


async def test_a_token_that_expires_during_a_listing_shows_at_its_end() -> None:
    """CONFSERVER-98199: the rest of the listing is then what anonymous may see."""
    with pytest.raises(CredentialFailed, match="anonymous"):
        await listed(page([A, B], 0, 2), page([C], 2), NOBODY)
    target, _ = confluence(page([{"name": "g"}]), NOBODY)
    with pytest.raises(CredentialFailed, match="anonymous"):
        [group async for group in target.list_groups()]


async def test_confluence_naming_the_caller_anonymous_in_a_header_is_enough() -> None:
    anonymous = Reply(200, page([C], 2).body, {"X-AUSERNAME": "anonymous"})
    with pytest.raises(CredentialFailed, match="anonymous"):
        await listed(page([A, B], 0, 2), anonymous)


async def test_an_account_that_seems_gone_is_gone_only_if_confluence_knows_who_asks() -> None:
    target, _ = confluence(NO_SUCH, ME)
    assert await target.find_account("ghost") is None
    target, _ = confluence(NO_SUCH, NOBODY)
    with pytest.raises(CredentialFailed, match="anonymous"):
        await target.find_account("ghost")
    target, _ = confluence(NO_SUCH, NOBODY)
    with pytest.raises(CredentialFailed, match="anonymous"):
        await target.find_group("ghost")


async def test_an_empty_group_is_looked_at_twice() -> None:
    target, _ = confluence(EMPTY, Reply(200, b'{"type":"group","name":"g"}'))
    assert [account async for account in target.list_members("g")] == []
    target, _ = confluence(EMPTY, NO_SUCH, ME)
    with pytest.raises(NotFound):
        [account async for account in target.list_members("g")]


@pytest.mark.parametrize(
    ("status", "active"),
    [
        ("CURRENT", True),
        ("current", True),
        ({"status": "CURRENT"}, True),
        (None, True),
        ("DEACTIVATED", False),
        ("Disabled", False),
        ({"status": "deactivated"}, False),
        ({"value": "DISABLED", "_links": {}}, False),
    ],
)
async def test_the_status_is_read_in_either_shape(status: Any, active: bool) -> None:
    target, _ = confluence(EMPTY, page([user("a", status)]), ME)
    assert [account.active async for account in target.list_accounts()] == [active]


async def test_who_is_in_no_directory_any_more_is_no_account() -> None:
    assert await listed(page([A, user("gone", type="unknown")]), ME) == ["a"]
    target, _ = confluence(Reply(200, orjson.dumps(user("gone", type="unknown"))))
    assert await target.find_account("gone") is None


async def test_e_mails_come_from_the_listing_of_licensed_users_under_either_of_its_paths() -> None:
    emails = page([user("a", email="a@example.com"), user("b")])
    absent = Reply(404, b'{"message":"null for uri: x","status-code":404}')
    for replies, expected in [
        ((emails,), "a@example.com"),
        ((absent, emails), "a@example.com"),
        ((absent, absent), None),
    ]:
        target, _ = confluence(*replies, page([A, B]), ME)
        accounts = [account async for account in target.list_accounts()]
        assert [account.email for account in accounts] == [expected, None]


async def test_a_found_account_carries_the_keys_of_all_its_groups() -> None:
    target, bench = confluence(
        Reply(200, orjson.dumps(user("a+b"))),
        page([{"name": "Staff"}, {"name": "eng"}], 0, 2),
        page([{"name": "ÖBB"}], 2),
    )
    assert await target.find_account("a+b") == Account(
        "key-a+b", "a+b", "a+b", "A+B", None, True, frozenset({"staff", "eng", "öbb"})
    )
    assert bench.product.lines[1].startswith("GET /confluence/rest/api/user/memberof?username=a%2Bb&start=0")
