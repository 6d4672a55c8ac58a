"""A listing of Confluence is whole or it raises: what does not add up must never look like accounts that are gone."""

from typing import Any

import orjson
import pytest
from scripted import Bench, Reply

from core.planning.values import Account, TargetGroup
from core.targets.confluence import Confluence
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, TargetError, Unavailable, Unsupported
from core.targets.retries import PATIENT

ME = Reply(200, orjson.dumps({"type": "known", "username": "svc", "userKey": "me"}))
NOBODY = Reply(200, orjson.dumps({"type": "anonymous", "displayName": "Anonymous"}))
NO_PROFILE = Reply(404, b'{"message":"x"}')
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


async def test_pages_are_read_until_there_is_no_next_one_each_from_the_last_item_of_the_one_before() -> None:
    target, bench = confluence(EMPTY, page([A, B], 0, 2), page([B, C], 1), ME)
    assert [account.name async for account in target.list_accounts()] == ["a", "b", "c"]
    assert bench.product.lines[1:] == [
        "GET /confluence/rest/api/user/list?expand=status&start=0&limit=200",
        "GET /confluence/rest/api/user/list?expand=status&start=1&limit=200",
        "GET /confluence/rest/api/user/current",
    ]


@pytest.mark.parametrize(
    "second",
    [
        page([B, C], 2),
        page([B, C], 0),
        page([B, A], 1),
        page([B, B], 1),
        page([C], 1),
        page([A, B], 1),
        page([], 1),
        page([B, C], 1, size=3),
        page([], 1, 1),
        page([B, C], 1, 2),
        page([B, C], 1, 5),
        page([B, C], 1, _links={"next": "/rest/api/x?cursor=abc"}),
        page([B, C], 1, _links={"next": "/rest/api/x?start=abc"}),
        page([B, C, "d"], 1),
        Reply(200, b'{"results": null, "start": 1, "size": 0, "_links": {}}'),
        page([B, {"type": "known", "username": "c"}], 1),
        page([B, {"type": "known", "userKey": "c", "username": ""}], 1),
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


@pytest.mark.parametrize("following", [1, 3, 200])
async def test_a_page_that_leads_on_to_elsewhere_than_its_end_raises(following: int) -> None:
    with pytest.raises(IncompleteRead, match="does not start at 2"):
        await listed(page([A, B], 0, following), page([B, C], 1), ME)


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


async def test_pages_of_one_item_are_read_to_the_end_too() -> None:
    assert await listed(page([A], 0, 1), page([B], 1, 2), page([C], 2), ME) == ["a", "b", "c"]


async def test_an_e_mail_that_moved_while_e_mails_were_read_is_only_not_told() -> None:
    emails = [
        page([user(name, email=f"{name}@x.org") for name in names], start, following)
        for names, start, following in (("ab", 0, 2), ("d", 2, None))
    ]
    target, _ = confluence(*emails, page([A, C]), ME)
    assert [account.email async for account in target.list_accounts()] == ["a@x.org", None]


async def test_a_token_that_expires_during_a_listing_shows_at_its_end() -> None:
    """CONFSERVER-98199: the rest of the listing is then what anonymous may see."""
    with pytest.raises(CredentialFailed, match="anonymous"):
        await listed(page([A, B], 0, 2), page([B, C], 1), NOBODY)
    target, _ = confluence(page([{"name": "g"}]), NOBODY)
    with pytest.raises(CredentialFailed, match="anonymous"):
        [group async for group in target.list_groups()]


async def test_confluence_naming_the_caller_anonymous_in_a_header_is_enough() -> None:
    anonymous = Reply(200, page([B, C], 1).body, {"X-AUSERNAME": "anonymous"})
    with pytest.raises(CredentialFailed, match="anonymous"):
        await listed(page([A, B], 0, 2), anonymous)


async def test_what_is_found_counts_only_if_confluence_knows_who_asks_or_says_so_with_each_answer() -> None:
    found = [Reply(200, orjson.dumps(A)), page([{"name": "Staff"}]), NO_PROFILE]
    target, _ = confluence(*found, NOBODY)
    with pytest.raises(CredentialFailed, match="anonymous"):
        await target.find_account("a")
    told = [Reply(each.status, each.body, {"X-AUSERNAME": "svc"}) for each in found]
    target, bench = confluence(*told)
    assert await target.find_account("a") is not None
    assert not any(line.endswith("/user/current") for line in bench.product.lines)


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
    target, _ = confluence(EMPTY, ME, Reply(200, b'{"type":"group","name":"g"}'), ME)
    assert [account async for account in target.list_members("g")] == []
    target, _ = confluence(EMPTY, ME, NO_SUCH, ME)
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
        page([{"name": "eng"}, {"name": "ÖBB"}], 1),
        NO_PROFILE,
        ME,
    )
    assert await target.find_account("a+b") == Account(
        "key-a+b", "a+b", "a+b", "A+B", None, True, frozenset({"staff", "eng", "öbb"})
    )
    assert bench.product.lines[1].startswith("GET /confluence/rest/api/user/memberof?username=a%2Bb&start=0")


async def test_an_account_is_asked_for_by_its_key_and_its_groups_by_the_name_it_has_by_now() -> None:
    target, bench = confluence(Reply(200, orjson.dumps(user("now"))), page([{"name": "Staff"}]), NO_PROFILE, ME)
    found = await target.find_account_by_id("key-now")
    assert found is not None
    assert (found.name, found.groups) == ("now", frozenset({"staff"}))
    assert bench.product.lines[0] == "GET /confluence/rest/api/user?key=key-now&expand=status"
    assert bench.product.lines[1].startswith("GET /confluence/rest/api/user/memberof?username=now&")


async def test_an_account_other_than_the_one_asked_for_is_no_answer() -> None:
    target, _ = confluence(Reply(200, orjson.dumps(A)), EMPTY, NO_PROFILE, ME)
    with pytest.raises(IncompleteRead, match="key-b"):
        await target.find_account_by_id("key-b")


async def test_an_account_renamed_while_it_is_read_is_no_answer() -> None:
    target, _ = confluence(Reply(200, orjson.dumps(A)), NO_SUCH)
    with pytest.raises(IncompleteRead, match="renamed"):
        await target.find_account("a")


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null", b'{"type": 1}', b"<html>", b'{"type":"known","username":"a"}'])
async def test_what_is_no_user_does_not_pass_for_a_user_who_is_gone(body: bytes) -> None:
    for find in ("find_account", "find_account_by_id"):
        target, _ = confluence(Reply(200, body), ME)
        with pytest.raises(IncompleteRead):
            await getattr(target, find)("a")


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"name": ""}', b"true"])
async def test_what_is_no_group_does_not_pass_for_a_group_who_is_gone(body: bytes) -> None:
    target, _ = confluence(Reply(200, body), ME)
    with pytest.raises(IncompleteRead):
        await target.find_group("a")
    assert await target.create_group("Ä") == TargetGroup("Ä", "ä"), "it is created, whatever the echo"


@pytest.mark.parametrize("profile", [Reply(403), NO_PROFILE, Reply(500), Reply(200, b"<x>")])
async def test_an_account_is_whole_without_the_undocumented_profile(profile: Reply) -> None:
    tries = PATIENT.attempts if profile.status == 500 else 1
    target, _ = confluence(Reply(200, orjson.dumps(A)), EMPTY, *[profile] * tries, ME)
    found = await target.find_account("a")
    assert found is not None
    assert found.email is None


async def test_a_profile_that_could_not_be_asked_for_is_no_missing_e_mail() -> None:
    target, _ = confluence(Reply(200, orjson.dumps(A)), EMPTY, Reply(503))
    with pytest.raises(Unavailable):
        await target.find_account("a")
