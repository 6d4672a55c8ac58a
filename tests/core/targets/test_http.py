"""Every outward call: what it sends, what it makes of the answer, when it tries again, and what the log keeps."""

import asyncio

import pytest
from scripted import BASE_URL, Bench, Reply

from core.exchange import Attribution, Exchange, attributed
from core.targets.auth import BasicAuth, BearerAuth
from core.targets.http import Http, Limits
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    IncompleteRead,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
    TargetError,
    Unavailable,
    Unsupported,
)
from core.targets.retries import ONCE, PATIENT

PAGE = Reply(200, b"<html><title>Log in</title></html>", media_type="text/html;charset=UTF-8")


async def test_a_request_says_who_sends_it_and_that_it_is_no_browser() -> None:
    bench = Bench(Reply())
    await bench.http.write("POST", "/rest/api/x", {"a": 1})
    headers = bench.product.seen[0].headers
    assert headers["authorization"] == "Bearer s3cret"
    assert headers["x-atlassian-token"] == "no-check"
    assert headers["accept"] == "application/json"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("manciple/")
    assert bench.product.seen[0].body == b'{"a":1}'


async def test_basic_authentication_carries_any_user_and_password() -> None:
    bench = Bench(Reply(), auth=BasicAuth("käte", "p:ß"))
    await bench.http.read("/x")
    assert bench.product.seen[0].headers["authorization"] == "Basic a8OkdGU6cDrDnw=="


@pytest.mark.parametrize("auth", [BearerAuth("hunter2"), BasicAuth("jdoe", "hunter2")])
def test_a_credential_never_shows_in_its_representation(auth: BearerAuth | BasicAuth) -> None:
    assert "hunter2" not in repr(auth)
    assert "hunter2" not in str(auth)


@pytest.mark.parametrize("token", ["", "two words", "line\n", "smile☺"])
async def test_a_token_that_no_header_can_carry_is_named_without_being_shown(token: str) -> None:
    bench = Bench(Reply(), auth=BearerAuth(token))
    with pytest.raises(CredentialFailed, match="Copy it again") as caught:
        await bench.http.read("/x")
    assert not token or token not in str(caught.value)
    assert bench.product.seen == []


async def test_no_cookie_is_kept() -> None:
    bench = Bench(Reply(headers={"set-cookie": "JSESSIONID=1; Path=/"}))
    await bench.http.read("/x")
    await bench.http.read("/x")
    assert "cookie" not in bench.product.seen[1].headers


async def test_the_query_is_encoded_so_that_a_plus_stays_a_plus() -> None:
    bench = Bench(Reply())
    await bench.http.read("/rest/api/user", {"username": "a+b c&d=é/"})
    assert bench.product.lines == ["GET /confluence/rest/api/user?username=a%2Bb%20c%26d%3D%C3%A9%2F"]


async def test_a_percent_encoded_path_is_sent_as_it_is() -> None:
    bench = Bench(Reply())
    await bench.http.read("/rest/api/group/a%3Bb%25c%20%C3%A9")
    assert bench.product.lines == ["GET /confluence/rest/api/group/a%3Bb%25c%20%C3%A9"]


@pytest.mark.parametrize("name", ["\ud800", "x" * 70_000])
async def test_what_cannot_be_put_into_a_request_is_refused(name: str) -> None:
    bench = Bench(Reply())
    with pytest.raises(Refused):
        await bench.http.read("/x", {"username": name})
    with pytest.raises(Refused):
        await bench.http.write("PUT", "/x", {"name": "\ud800"})
    assert bench.product.seen == []


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://user:pw@host", "http://host/?a=1", "host"])
def test_a_base_url_must_be_a_plain_http_address(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Http(url, party="wiki", auth=BearerAuth("x"), log=lambda _: None)


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(400, b'{"message":"bad name"}'), Refused, "bad name"),
        (Reply(401), CredentialFailed, "new token"),
        (Reply(402), NoSeats, "seat"),
        (Reply(403, b"XSRF check failed", media_type="text/plain"), CredentialFailed, "proxy"),
        (Reply(403), CredentialFailed, "administrator permission"),
        (
            Reply(403, headers={"x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=x"}),
            CredentialFailed,
            "CAPTCHA",
        ),
        (Reply(404, b'{"message":"No user"}'), NotFound, "No user"),
        (Reply(404, b"<h1>Not Found</h1>", media_type="text/html"), Unsupported, "upgrade"),
        (Reply(404, b'{"message":"null for uri: http://x","status-code":404}'), Unsupported, "upgrade"),
        (Reply(405), Unsupported, "upgrade"),
        (Reply(409), AlreadyExists, "409"),
        (Reply(418), Refused, "418"),
    ],
)
async def test_each_refusal_becomes_what_it_means_with_a_remedy(
    reply: Reply, kind: type[TargetError], words: str
) -> None:
    bench = Bench(reply)
    for call in (bench.http.read("/x"), bench.http.write("PUT", "/x")):
        with pytest.raises(TargetError) as caught:
            await call
        assert type(caught.value) is kind
        assert words in str(caught.value)
        assert caught.value.remedy
        assert caught.value.status == reply.status
    assert len(bench.product.seen) == 2, "a refusal is never tried again"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_read_is_tried_again_until_it_is_answered(status: int) -> None:
    bench = Bench(Reply(status), Reply(status), Reply(200, b'"ok"'))
    assert (await bench.http.read("/x")).document() == "ok"
    assert [exchange.status for exchange in bench.log] == [status, status, 200]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_write_that_certainly_had_no_effect_is_tried_again(status: int) -> None:
    bench = Bench(Reply(status), Reply(201))
    assert (await bench.http.write("POST", "/x", {})).status == 201
    assert len(bench.product.seen) == 2


@pytest.mark.parametrize("status", [500, 502, 504, 520])
async def test_a_write_that_failed_on_the_other_side_may_have_happened(status: int) -> None:
    bench = Bench(Reply(status, b"<h1>Oops</h1>", media_type="text/html"), Reply(201))
    with pytest.raises(OutcomeUnknown, match="Oops"):
        await bench.http.write("POST", "/x", {})
    assert len(bench.product.seen) == 1


async def test_it_gives_up_after_bounded_attempts() -> None:
    bench = Bench(Reply(503))
    with pytest.raises(Unavailable):
        await bench.http.read("/x")
    assert len(bench.product.seen) == PATIENT.attempts
    with pytest.raises(Unavailable):
        await bench.http.read("/x", patience=ONCE)
    assert len(bench.product.seen) == PATIENT.attempts + 1


async def test_the_waits_between_attempts_double_and_are_jittered() -> None:
    bench = Bench(Reply(502))
    bench.clock.chance = 0.25
    with pytest.raises(Unavailable):
        await bench.http.read("/x")
    assert bench.clock.slept == [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 7.5, 7.5]


async def test_a_pause_longer_than_patience_is_told_instead_of_waited_for() -> None:
    bench = Bench(Reply(429, headers={"retry-after": "600"}))
    with pytest.raises(Unavailable, match=r"another \d+ seconds"):
        await bench.http.write("PUT", "/x")
    with pytest.raises(Unavailable, match=r"another \d+ seconds"):
        await bench.http.read("/y")
    assert len(bench.product.seen) == 1, "nobody asks during the pause"


async def test_no_more_calls_are_in_flight_than_allowed() -> None:
    bench = Bench(Reply(), limits=Limits(in_flight=3))
    await asyncio.gather(*(bench.http.read("/x") for _ in range(40)))
    assert bench.product.most_in_flight == 3


async def test_calls_that_waited_long_for_a_slot_still_have_their_whole_patience() -> None:
    bench = Bench(Reply(503), limits=Limits(in_flight=1))
    await asyncio.gather(*(bench.http.read("/x") for _ in range(30)), return_exceptions=True)
    assert len(bench.product.seen) == 30 * PATIENT.attempts


@pytest.mark.parametrize(
    "location",
    [
        "/confluence/login.action?os_destination=%2Frest",
        "https://login.example.com/x",
        "https://sso.example.com/saml2/idp",
        "https://idp.example.com/start?SAMLRequest=abc",
    ],
)
async def test_a_redirect_to_a_login_page_means_not_authenticated(location: str) -> None:
    bench = Bench(Reply(302, b"", {"location": location}))
    for call in (bench.http.read("/x"), bench.http.write("PUT", "/x"), bench.http.probe("PUT", "/x")):
        with pytest.raises(CredentialFailed, match="login page"):
            await call
    assert len(bench.product.seen) == 3


async def test_a_page_with_status_200_means_not_authenticated() -> None:
    bench = Bench(PAGE)
    for call in (bench.http.read("/x"), bench.http.write("PUT", "/x"), bench.http.probe("PUT", "/x")):
        with pytest.raises(CredentialFailed, match="login page"):
            await call


async def test_jiras_failed_login_behind_an_empty_200_means_not_authenticated() -> None:
    bench = Bench(Reply(200, b"", {"x-seraph-loginreason": "AUTHENTICATED_FAILED"}))
    with pytest.raises(CredentialFailed):
        await bench.http.read("/x")


async def test_a_read_follows_a_redirect_within_the_product() -> None:
    bench = Bench(Reply(301, b"", {"location": f"{BASE_URL}/rest/api/latest?a=1"}), Reply(200, b'"there"'))
    assert (await bench.http.read("/rest/api/1")).document() == "there"
    assert bench.product.lines[1] == "GET /confluence/rest/api/latest?a=1"
    assert bench.log[1].path == "/rest/api/latest?a=1"


@pytest.mark.parametrize(
    "location",
    ["https://wiki.example.com/confluence/x", "http://evil.example.com/x", "http://wiki.example.com:81/x", ""],
)
async def test_a_read_follows_no_redirect_elsewhere(location: str) -> None:
    bench = Bench(Reply(302, b"", {"location": location} if location else {}))
    with pytest.raises(Unavailable, match="target's url"):
        await bench.http.read("/user?username=login")
    assert len(bench.product.seen) == 1


async def test_a_read_does_not_run_in_circles() -> None:
    bench = Bench(Reply(302, b"", {"location": "/confluence/x"}))
    with pytest.raises(Unavailable, match="circles"):
        await bench.http.read("/x")
    assert len(bench.product.seen) == 5


async def test_a_write_follows_no_redirect_at_all() -> None:
    bench = Bench(Reply(307, b"", {"location": f"{BASE_URL}/y"}))
    with pytest.raises(Unavailable, match="target's url"):
        await bench.http.write("PUT", "/x")
    assert len(bench.product.seen) == 1


async def test_a_probe_answers_with_refusals_as_they_are() -> None:
    bench = Bench(Reply(404, b'{"message":"No user"}'), Reply(400), Reply(403))
    assert [(await bench.http.probe("PUT", "/x")).status for _ in range(3)] == [404, 400, 403]


async def test_a_probe_tells_nothing_when_nobody_answered_it() -> None:
    for reply, kind in [(Reply(401), CredentialFailed), (Reply(429), Unavailable), (Reply(503), Unavailable)]:
        with pytest.raises(kind):
            await Bench(reply).http.probe("PUT", "/x")


async def test_an_answer_longer_than_the_limit_is_no_answer_to_rely_on() -> None:
    bench = Bench(Reply(200, b'"' + b"x" * 2000 + b'"'), limits=Limits(answer_bytes=1000))
    with pytest.raises(IncompleteRead):
        await bench.http.read("/x")


async def test_an_answer_that_is_not_json_is_no_answer_to_rely_on() -> None:
    bench = Bench(Reply(200, b"<xml/>", media_type="application/xml"))
    with pytest.raises(IncompleteRead, match="not JSON"):
        (await bench.http.read("/x")).document()


async def test_every_attempt_is_logged_with_what_it_belongs_to_and_without_secrets() -> None:
    bench = Bench(Reply(429), Reply(201, b'{"userKey":"1"}', {"X-A": "b"}))
    with attributed(Attribution(run=1, change=2, cause=3)):
        await bench.http.write("POST", "/user", {"userName": "j", "password": "hunter2"}, subject="j")
    first, second = bench.log
    assert (first.status, first.outcome) == (429, "throttled")
    assert (second.direction, second.party, second.method, second.path) == ("out", "wiki", "POST", "/user")
    assert (second.status, second.outcome, second.subject) == (201, "created", "j")
    assert (second.run, second.change, second.cause) == (1, 2, 3)
    assert second.request_headers["authorization"] == "Bearer •••"
    assert second.request_body == '{"userName":"j","password":"•••"}'.encode()
    assert second.response_body == b'{"userKey":"1"}'
    assert second.response_headers["x-a"] == "b"
    assert second.at > first.at > 1_700_000_000_000


async def test_an_attribution_with_its_own_log_gets_the_exchanges_instead() -> None:
    bench, own = Bench(Reply()), list[Exchange]()
    with attributed(Attribution(log=own.append)):
        await bench.http.read("/x")
    assert len(own) == 1
    assert bench.log == []


async def test_a_secret_in_a_query_reaches_neither_the_log_nor_an_error() -> None:
    bench = Bench(Reply(400))
    with pytest.raises(Refused) as caught:
        await bench.http.write("POST", "/admin/users", query={"name": "j", "password": "hunter2"})
    assert "hunter2" not in str(caught.value) + bench.log[0].path
    assert "hunter2" in bench.product.lines[0]


async def test_that_something_is_not_there_is_logged_as_the_answer_that_it_is() -> None:
    bench = Bench(Reply(404, b"{}"), Reply(404, b"{}"), Reply(404, b"{}"))
    with pytest.raises(NotFound):
        await bench.http.read("/user")
    await bench.http.probe("PUT", "/user/nobody")
    with pytest.raises(NotFound):
        await bench.http.write("PUT", "/user/j/group/g")
    assert [exchange.outcome for exchange in bench.log] == ["not there", "probed", "not found"]
