import pytest
from sqlalchemy import func, select, update

from core.store import Store, Transaction, oauth_clients, tables, tokens
from core.store.oauth_clients import ACCESS_SECONDS, LIVE_ACCESS_AT_MOST, Granted, IssuedClient
from core.store.tokens import TooManyTokens

TOKENS = tables.Token.metadata.tables["tokens"]
FAR = 10**13
"""Milliseconds, far ahead of any clock."""


def issue(store: Store, provider: str = "entra", expires_at: int | None = None) -> IssuedClient:
    return store.writer.write_now(lambda tx: oauth_clients.issue_client(tx, provider, "ada", expires_at))


def client(store: Store) -> tokens.Token:
    with store.read() as connection:
        return next(each for each in tokens.listing(connection) if each.kind == "client")


def granted(store: Store) -> Granted:
    found = client(store)
    return store.writer.write_now(lambda tx: oauth_clients.grant(tx, found))


def opens(store: Store, secret: str, now: int = 0) -> bool:
    with store.read() as connection:
        return tokens.find(connection, "entra", secret, now) is not None


def access_tokens(store: Store) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).where(TOKENS.c.kind == "access")).scalar_one()


def test_only_the_digest_of_the_secret_is_kept_and_the_client_id_to_know_it_by(store: Store) -> None:
    issued = issue(store)
    with store.read() as connection:
        [row] = connection.execute(select(TOKENS)).all()
    assert (row.kind, row.prefix, row.digest) == ("client", issued.client_id, tokens.digest_of(issued.secret))
    assert issued.secret not in map(str, row)


def test_a_clients_secret_opens_nothing_by_itself(store: Store) -> None:
    assert not opens(store, issue(store).secret)


def test_an_access_token_opens_its_provider_for_an_hour(store: Store) -> None:
    issue(store)
    access = granted(store)
    assert access.seconds == ACCESS_SECONDS == 3600
    with store.read() as connection:
        ends = connection.execute(select(TOKENS.c.expires_at).where(TOKENS.c.kind == "access")).scalar_one()
    assert opens(store, access.token, now=ends - 1)
    assert not opens(store, access.token, now=ends)


def test_secrets_are_short_enough_for_entras_government_cloud(store: Store) -> None:
    assert len(issue(store).secret) < 200
    assert len(granted(store).token) < 200


def test_an_access_token_ends_when_its_client_expires(store: Store) -> None:
    issue(store)

    def grant_in_the_last_minute(tx: Transaction) -> Granted:
        tx.execute(update(TOKENS).values(expires_at=tx.now + 60_000))
        [known] = tokens.listing(tx.connection)
        return oauth_clients.grant(tx, known)

    assert store.writer.write_now(grant_in_the_last_minute).seconds == 60


def test_an_access_token_ends_when_its_client_is_revoked(store: Store) -> None:
    issue(store)
    access, number = granted(store), client(store).id
    assert store.writer.write_now(lambda tx: tokens.revoke(tx, number))
    assert not opens(store, access.token)


def test_a_third_live_client_is_refused_and_bearer_tokens_do_not_count(store: Store) -> None:
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada"))
    first, _ = issue(store), issue(store)
    with pytest.raises(TooManyTokens, match="2 live OAuth clients") as refusal:
        issue(store)
    assert first.client_id in str(refusal.value)
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada"))


def test_expired_access_tokens_are_deleted_when_a_new_one_is_made(store: Store) -> None:
    issue(store)
    granted(store)
    store.writer.write_now(lambda tx: tx.execute(update(TOKENS).where(TOKENS.c.kind == "access").values(expires_at=1)))
    granted(store)
    assert access_tokens(store) == 1


def test_a_client_that_asks_for_a_token_with_each_request_keeps_the_newest_only(store: Store) -> None:
    issue(store)
    first = granted(store)
    for _ in range(LIVE_ACCESS_AT_MOST):
        last = granted(store)
    assert access_tokens(store) == LIVE_ACCESS_AT_MOST
    assert opens(store, last.token)
    assert not opens(store, first.token)


def test_admins_see_clients_in_the_listing_and_no_access_tokens(store: Store) -> None:
    issue(store, expires_at=FAR)
    granted(store)
    with store.read() as connection:
        assert [each.kind for each in tokens.listing(connection)] == ["client"]
        assert [each.kind for each in tokens.expiring(connection, 7, FAR - 1)] == ["client"]


def test_the_use_of_an_access_token_is_a_use_of_its_client(store: Store) -> None:
    issue(store)
    granted(store)
    with store.read() as connection:
        access = next(each.token.id for each in tokens.known(connection) if each.token.kind == "access")
    assert store.writer.write_now(lambda tx: tokens.note_use(tx, access))
    assert client(store).last_used_at is not None
