import hashlib

import pytest
from sqlalchemy import select, update

from core.store import Store, Transaction, tables, tokens
from core.store.tokens import DAY, TooManyTokens

TOKENS = tables.Token.metadata.tables["tokens"]


def issue(store: Store, provider: str = "entra", expires_at: int | None = None) -> str:
    return store.writer.write_now(lambda tx: tokens.issue(tx, provider, "ada", expires_at))


def only(store: Store) -> tokens.Token:
    with store.read() as connection:
        [token] = tokens.listing(connection)
    return token


def found(store: Store, secret: str, provider: str = "entra", now: int = 0) -> tokens.Token | None:
    with store.read() as connection:
        return tokens.find(connection, provider, secret, now)


def test_only_the_digest_and_the_first_characters_of_a_secret_are_kept(store: Store) -> None:
    secret = issue(store)
    assert secret.startswith("mcp_")
    assert len(secret) == 4 + 43
    with store.read() as connection:
        [row] = connection.execute(select(TOKENS)).all()
    assert row.digest == hashlib.sha256(secret.encode()).digest()
    assert row.prefix == secret[:8]
    assert secret not in map(str, row)


def test_a_token_is_found_by_its_secret_and_by_no_other(store: Store) -> None:
    first, second = issue(store), issue(store)
    token, other = found(store, first), found(store, second)
    assert token is not None
    assert other is not None
    assert (token.prefix, other.prefix) == (first[:8], second[:8])
    assert token.id != other.id
    assert found(store, first[:-1]) is None
    assert found(store, "") is None
    assert found(store, "\udcff") is None


def test_a_token_opens_its_own_provider_only(store: Store) -> None:
    assert found(store, issue(store, "entra"), "okta") is None


def test_a_token_ends_at_its_expiry(store: Store) -> None:
    secret = issue(store, expires_at=1000)
    assert found(store, secret, now=999) is not None
    assert found(store, secret, now=1000) is None


def test_a_revoked_token_is_no_longer_found_and_is_still_listed(store: Store) -> None:
    secret = issue(store)
    token = only(store)
    assert store.writer.write_now(lambda tx: tokens.revoke(tx, token.id))
    assert found(store, secret) is None
    assert only(store).revoked_at is not None
    assert not store.writer.write_now(lambda tx: tokens.revoke(tx, token.id))


def test_a_third_live_token_is_refused_with_the_remedy(store: Store) -> None:
    first, second = issue(store), issue(store)
    with pytest.raises(TooManyTokens, match="revoke one of them first") as refusal:
        issue(store)
    assert first[:8] in str(refusal.value)
    assert second not in str(refusal.value)
    issue(store, "okta")


def test_revoked_and_expired_tokens_make_room_for_new_ones(store: Store) -> None:
    issue(store, expires_at=1)
    issue(store)
    issue(store)
    with store.read() as connection:
        newest = tokens.listing(connection)[-1]
    store.writer.write_now(lambda tx: tokens.revoke(tx, newest.id))
    issue(store)
    with store.read() as connection:
        assert len(tokens.listing(connection, "entra")) == 4
        assert tokens.listing(connection, "okta") == []


def test_a_use_is_noted_at_most_once_a_minute(store: Store) -> None:
    issue(store)
    token = only(store).id

    def uses(tx: Transaction) -> list[bool]:
        noted = [tokens.note_use(tx, token), tokens.note_use(tx, token)]
        for age in (59_999, 60_000):
            tx.execute(update(TOKENS).values(last_used_at=tx.now - age))
            noted.append(tokens.note_use(tx, token))
        return noted

    assert store.writer.write_now(uses) == [True, False, False, True]


def test_tokens_that_expire_within_some_days_are_told_from_the_rest(store: Store) -> None:
    now = 10**13  # far ahead of any clock, so that no token is dead when issued
    for provider, expires_at in (("past", now), ("soon", now + 7 * DAY), ("later", now + 7 * DAY + 1), ("never", None)):
        issue(store, provider, expires_at)
    with store.read() as connection:
        assert [token.provider for token in tokens.expiring(connection, 7, now)] == ["soon"]
