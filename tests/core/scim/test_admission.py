"""Who is let in, with what, and what the others are told."""

import base64
from ipaddress import ip_network
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select, update

from core.config.settings import ANYWHERE
from core.redaction import MASK
from core.scim.admission import LOOK_SECONDS, Admission, Admitted
from core.scim.answers import Answer, Refused
from core.scim.listener import Listener
from core.scim.served import Served
from core.scim.slowing import UNSLOWED, Slowing
from core.store import Store, oauth_clients, tables, tokens
from core.store.clock import now_ms

TOKENS = tables.Token.metadata.tables["tokens"]
CLIENT = "192.0.2.7"


class Gate:
    """An Admission whose time stands still unless told, and whose waits are only noted."""

    def __init__(self, store: Store, *providers: Served, allow: Any = ANYWHERE) -> None:
        self.time, self.waits = 0.0, list[float]()
        self._start = now_ms()
        self.admission = Admission(
            store,
            providers or (Served("entra"), Served("okta")),
            allow,
            "https://scim.example.com",
            slowing=Slowing(lambda: self.time, self._wait),
            clock=lambda: self.time,
            now=lambda: self._start + int(self.time * 1000),
        )

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def admit(self, authorization: str, provider: str = "entra", **options: Any) -> Admitted:
        return await self.admission.admit(provider, CLIENT, authorization, **options)

    async def refused(self, authorization: str = "", provider: str = "entra") -> Answer:
        with pytest.raises(Refused) as refusal:
            await self.admit(authorization, provider)
        return refusal.value.answer


@pytest.fixture
def gate(store: Store) -> Gate:
    return Gate(store)


def issue(store: Store, provider: str = "entra", expires_at: int | None = None) -> str:
    return store.writer.write_now(lambda tx: tokens.issue(tx, provider, "ada", expires_at))


def access_token(store: Store) -> str:
    store.writer.write_now(lambda tx: oauth_clients.issue_client(tx, "entra", "ada"))
    [client] = listed(store)
    return store.writer.write_now(lambda tx: oauth_clients.grant(tx, client)).token


def listed(store: Store) -> list[tokens.Token]:
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        return tokens.listing(connection)


def revoke(store: Store, token: int) -> None:
    store.writer.write_now(lambda tx: tokens.revoke(tx, token))


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def detail(answer: Answer) -> str:
    document = orjson.loads(answer.body)
    assert document["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert document["status"] == str(answer.status)
    return str(document["detail"])


class TestWhoIsLetIn:
    async def test_a_bearer_token_of_the_provider(self, store: Store, gate: Gate) -> None:
        assert await gate.admit(f"Bearer {issue(store)}") == Admitted(1)

    async def test_both_of_two_live_tokens(self, store: Store, gate: Gate) -> None:
        first, second = issue(store), issue(store)
        assert [(await gate.admit(f"Bearer {each}")).token for each in (first, second, first)] == [1, 2, 1]

    async def test_an_access_token_of_an_oauth_client(self, store: Store, gate: Gate) -> None:
        assert await gate.admit(f"Bearer {access_token(store)}") == Admitted(2)

    async def test_a_token_without_the_word_bearer_by_a_tolerance_with_a_name(self, store: Store, gate: Gate) -> None:
        secret = issue(store)
        for _ in range(2):
            assert await gate.admit(secret) == Admitted(1, ("bearer-word-missing",))
        assert await gate.admit(f"Bearer {secret}") == Admitted(1)

    async def test_basic_where_the_provider_is_set_to_take_it(self, store: Store) -> None:
        gate = Gate(store, Served("entra", basic=True))
        assert await gate.admit(basic("entra", issue(store))) == Admitted(1)

    async def test_a_token_issued_after_it_was_refused(self, store: Store, gate: Gate) -> None:
        await gate.refused("Bearer mcp_wrong")
        assert await gate.admit(f"Bearer {issue(store)}") == Admitted(1)

    async def test_anybody_to_what_is_public_even_with_a_wrong_token(self, gate: Gate) -> None:
        assert await gate.admit("", public=True) == Admitted()
        assert await gate.admit("Bearer mcp_wrong", public=True) == Admitted()


class TestWhoIsNot:
    async def test_nobody_without_a_credential_and_the_challenge_names_no_error(self, gate: Gate) -> None:
        answer = await gate.refused()
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="manciple"'
        assert detail(answer) == (
            "no credential was sent: send `Authorization: Bearer` and a token of `manciple token issue entra`"
        )

    async def test_a_token_that_is_unknown(self, gate: Gate) -> None:
        answer = await gate.refused("Bearer mcp_wrong")
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="manciple", error="invalid_token"'
        assert detail(answer).startswith("the token is not known here: enter a new one of `manciple token issue entra`")

    async def test_a_token_that_has_expired_or_was_revoked_and_it_says_which(self, store: Store, gate: Gate) -> None:
        expired, revoked = issue(store, expires_at=1), issue(store)
        revoke(store, 2)
        assert detail(await gate.refused(f"Bearer {expired}")).startswith("the token has expired: enter a new one")
        assert detail(await gate.refused(f"Bearer {revoked}")).startswith("the token was revoked: enter a new one")

    async def test_a_token_of_another_provider_which_is_not_named(self, store: Store, gate: Gate) -> None:
        secret = issue(store, "okta")
        answer = await gate.refused(f"Bearer {secret}", "entra")
        assert answer.status == 403
        assert "belongs to another provider: compare the base URL" in detail(answer)
        assert "okta" not in detail(answer)
        assert await gate.admit(f"Bearer {secret}", "okta") == Admitted(1)
        assert (await gate.refused(f"Bearer {secret}", "entra")).status == 403

    async def test_the_secret_of_an_oauth_client_and_it_says_where_to_exchange_it(
        self, store: Store, gate: Gate
    ) -> None:
        issued = store.writer.write_now(lambda tx: oauth_clients.issue_client(tx, "entra", "ada"))
        answer = await gate.refused(f"Bearer {issued.secret}")
        assert answer.status == 401
        assert detail(answer).endswith("at https://scim.example.com/scim/entra/oauth/token")

    async def test_basic_where_the_provider_does_not_take_it(self, store: Store, gate: Gate) -> None:
        answer = await gate.refused(basic("entra", issue(store)))
        assert answer.status == 401
        assert "set basic = true" in detail(answer)
        assert "Basic" not in answer.headers["WWW-Authenticate"]

    async def test_basic_with_another_user_name_a_wrong_password_or_an_access_token(self, store: Store) -> None:
        gate = Gate(store, Served("entra", basic=True))
        assert "user name" in detail(await gate.refused(basic("admin", "mcp_wrong")))
        answer = await gate.refused(basic("entra", "mcp_wrong"))
        assert answer.headers["WWW-Authenticate"].endswith(', Basic realm="manciple", charset="UTF-8"')
        assert (await gate.refused(basic("entra", access_token(store)))).status == 401

    async def test_an_address_outside_the_providers_networks_whatever_its_token(self, store: Store) -> None:
        gate = Gate(store, Served("entra", allow=[ip_network("203.0.113.0/24")]), Served("okta"))
        answer = await gate.refused(f"Bearer {issue(store)}")
        assert answer.status == 403
        assert "add it to the provider's allow" in detail(answer)
        assert await gate.admit("", "okta", public=True) == Admitted()

    async def test_no_refusal_repeats_what_was_sent(self, store: Store, gate: Gate) -> None:
        secret = issue(store, "okta")
        for sent in (f"Bearer {secret}", secret, f"Token {secret}", f"{secret} {secret}", basic("entra", secret)):
            answer = await gate.refused(sent)
            assert secret.encode() not in answer.body
            assert secret not in str(answer.headers)


class TestTheEndOfAToken:
    async def test_a_revocation_by_another_process_shows_within_a_tenth_of_a_second(
        self, store: Store, gate: Gate
    ) -> None:
        secret = issue(store)
        await gate.admit(f"Bearer {secret}")
        with Store.open(f"sqlite:///{store.backend.path}") as elsewhere:
            revoke(elsewhere, 1)
        gate.time += LOOK_SECONDS
        assert LOOK_SECONDS <= 0.1
        assert (await gate.refused(f"Bearer {secret}")).status == 401

    async def test_a_remembered_token_ends_at_the_millisecond_of_its_expiry(self, store: Store, gate: Gate) -> None:
        secret = issue(store)
        ends = gate._start + 50
        store.writer.write_now(lambda tx: tx.execute(update(TOKENS).values(expires_at=ends)))
        gate.time = 0.049
        await gate.admit(f"Bearer {secret}")
        gate.time = 0.05
        assert detail(await gate.refused(f"Bearer {secret}")).startswith("the token has expired")

    async def test_access_tokens_end_with_their_client(self, store: Store, gate: Gate) -> None:
        secret = access_token(store)
        await gate.admit(f"Bearer {secret}")
        revoke(store, 1)
        gate.time += LOOK_SECONDS
        assert "get another at the token endpoint" in detail(await gate.refused(f"Bearer {secret}"))


class TestItsCost:
    async def test_a_token_in_use_is_looked_up_ten_times_a_second_at_most(
        self, store: Store, gate: Gate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret, looks = issue(store), list[int]()
        known = tokens.known
        monkeypatch.setattr(tokens, "known", lambda connection: (looks.append(1), known(connection))[1])
        for number in range(1000):
            gate.time = number / 1000
            await gate.admit(f"Bearer {secret}")
        assert 1 <= len(looks) <= 10

    async def test_its_use_is_noted_once_a_minute_on_reads_too(self, store: Store, gate: Gate) -> None:
        secret, noted = issue(store), list[int]()
        store.writer.on_commit.append(lambda: noted.append(1))
        for _ in range(100):
            await gate.admit(f"Bearer {secret}")
        [token] = listed(store)
        assert token.last_used_at is not None
        assert len(noted) <= 2  # the note, and the empty write that waited for it
        first = token.last_used_at
        store.writer.write_now(lambda tx: tx.execute(update(TOKENS).values(last_used_at=first - 60_000)))
        gate.time = 60
        await gate.admit(f"Bearer {secret}")
        assert (listed(store)[0].last_used_at or 0) >= first


class TestTheRate:
    async def test_who_is_too_fast_is_told_when_to_come_again(self, store: Store) -> None:
        gate = Gate(store, Served("entra", rate=10), Served("okta"))
        secret, other = issue(store), issue(store, "okta")
        for _ in range(20):
            await gate.admit(f"Bearer {secret}")
        answer = await gate.refused(f"Bearer {secret}")
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "1"
        assert detail(answer).startswith("more than 10 requests a second: send slower")
        await gate.admit(f"Bearer {other}", "okta")
        gate.time += 1
        await gate.admit(f"Bearer {secret}")
        assert gate.waits == []

    async def test_what_is_public_counts_for_no_rate(self, store: Store) -> None:
        gate = Gate(store, Served("entra", rate=1))
        secret = issue(store)
        for _ in range(10):
            await gate.admit(f"Bearer {secret}", public=True)
        assert await gate.admit(f"Bearer {secret}") == Admitted(1)

    async def test_requests_without_a_good_credential_use_up_nobodys_rate(self, store: Store) -> None:
        gate = Gate(store, Served("entra", rate=1))
        secret = issue(store)
        for _ in range(50):
            await gate.refused("Bearer mcp_wrong")
        assert await gate.admit(f"Bearer {secret}") == Admitted(1)


class TestFailedAttempts:
    async def test_they_wait_and_a_good_token_from_the_same_address_never_does(self, store: Store, gate: Gate) -> None:
        secret = issue(store)
        for _ in range(UNSLOWED + 2):
            await gate.refused("Bearer mcp_wrong")
        assert len(gate.waits) == 2
        await gate.admit(f"Bearer {secret}")
        assert len(gate.waits) == 2

    async def test_refused_addresses_and_tokens_of_others_wait_as_well(self, store: Store) -> None:
        gate = Gate(store, Served("entra", allow=[]), Served("okta"))
        secret = issue(store)
        for _ in range(UNSLOWED):
            await gate.refused()
        assert gate.waits == []
        await gate.refused(f"Bearer {secret}", "okta")
        await gate.refused()
        assert len(gate.waits) == 2


class TestAtTheListener:
    async def test_a_token_without_the_word_bearer_is_logged_with_its_tolerance(
        self, listener: Listener, store: Store, token: str
    ) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
            answer = await client.get("/scim/entra/v2/Users", headers={"Authorization": token})
        assert answer.status_code == 200
        [(headers, sent)] = kept_headers(store)
        assert headers["x-manciple-tolerances"] == "bearer-word-missing"
        assert sent["authorization"] == MASK

    async def test_no_part_of_a_credential_is_logged_however_it_is_sent(
        self, listener: Listener, store: Store, token: str
    ) -> None:
        sent = (f"Token {token}", f"{token} {token}", f"{token}, Bearer {token}", basic("entra", token))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
            for header in sent:
                await client.get("/scim/entra/v2/Users", headers={"Authorization": header})
        assert [kept["authorization"] for _, kept in kept_headers(store)] == [MASK, MASK, MASK, f"Basic {MASK}"]

    async def test_who_is_too_fast_gets_429_which_is_in_the_log(self, store: Store, token: str) -> None:
        listener = Listener(store, [Served("entra", rate=1)], "https://x", allow=ANYWHERE)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(listener),
            base_url="http://test/scim/entra/v2",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            answers = [await client.get("/Users") for _ in range(4)]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["retry-after"] == "1"
        assert len(kept_headers(store)) == 4


def kept_headers(store: Store) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The headers of the answer and of the request, of each exchange in the log."""
    store.writer.write_now(lambda tx: None)
    columns = (tables.ExchangeBody.response_headers, tables.ExchangeBody.request_headers)
    with store.read() as connection:
        rows = connection.execute(select(*columns).order_by(tables.ExchangeBody.exchange)).all()
    return [(orjson.loads(answered), orjson.loads(asked)) for answered, asked in rows]
