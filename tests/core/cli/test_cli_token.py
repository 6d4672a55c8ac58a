from datetime import datetime
from pathlib import Path

import pytest
from running import Run

from core.store import Store, Transaction, audit, tokens
from core.store.clock import now_ms


def issue(store: Store, provider: str = "entra", expires_at: int | None = None) -> str:
    return store.writer.write_now(lambda tx: tokens.issue(tx, provider, "ada@host", expires_at))


def trail(store: Store) -> list[audit.Entry]:
    with store.read() as connection:
        return audit.newest(connection, 10)


def test_a_token_is_shown_once_with_what_to_enter_at_the_idp(run: Run, store: Store) -> None:
    result = run("token", "issue", "entra")
    secret = next(line.strip() for line in result.out.splitlines() if line.startswith("  mcp_"))
    with store.read() as connection:
        assert tokens.find(connection, "entra", secret, now_ms()) is not None
    assert result.code == 0
    assert "tenant or base URL   https://scim.example.com/scim/entra/v2" in result.out
    assert secret not in run("token", "list").out


def test_its_json_has_provider_token_and_expiry(run: Run) -> None:
    document = run("token", "issue", "entra", "--json").document
    days = (datetime.fromisoformat(document["expires"]).timestamp() * 1000 - now_ms()) / tokens.DAY
    assert list(document) == ["provider", "token", "expires"]
    assert document["provider"] == "entra"
    assert document["token"].startswith("mcp_")
    assert 364.9 < days <= 365


def test_a_token_may_never_expire(run: Run) -> None:
    assert run("token", "issue", "entra", "--expires", "never", "--json").document["expires"] is None
    assert "valid until it is revoked" in run("token", "issue", "entra", "--expires", "never").out


def test_issuing_and_revoking_is_in_the_audit_trail_without_the_secret(run: Run, store: Store) -> None:
    secret = run("token", "issue", "entra", "--json").document["token"]
    run("token", "revoke", "1")
    revoked, issued = trail(store)
    assert (issued.action, issued.subject) == ("token issue", "entra")
    assert (revoked.action, revoked.subject) == ("token revoke", "entra")
    assert "@" in issued.who
    assert secret not in f"{issued.detail} {revoked.detail}"
    assert secret[:8] in issued.detail


def test_an_oauth_client_is_shown_once_with_all_that_is_to_be_entered(run: Run, store: Store) -> None:
    result = run("token", "issue", "entra", "--oauth")
    secret = next(line.strip() for line in result.out.splitlines() if line.startswith("  mcs_"))
    with store.read() as connection:
        [client] = tokens.known(connection)
    assert result.code == 0
    assert (client.token.kind, client.has(tokens.digest_of(secret))) == ("client", True)
    assert "tenant or base URL   https://scim.example.com/scim/entra/v2" in result.out
    assert "token endpoint       https://scim.example.com/scim/entra/oauth/token" in result.out
    assert f"client identifier    {client.token.prefix}" in result.out
    assert secret not in run("token", "list").out


def test_the_json_of_an_oauth_client_has_id_secret_endpoint_and_expiry(run: Run) -> None:
    document = run("token", "issue", "entra", "--oauth", "--expires", "never", "--json").document
    assert list(document) == ["provider", "client_id", "client_secret", "token_endpoint", "expires"]
    assert document["client_id"].startswith("mci_")
    assert document["client_secret"].startswith("mcs_")
    assert document["token_endpoint"] == "https://scim.example.com/scim/entra/oauth/token"
    assert document["expires"] is None


def test_two_tokens_and_two_oauth_clients_may_live_and_no_third(run: Run) -> None:
    for arguments in ([], ["--oauth"]):
        assert [run("token", "issue", "entra", *arguments).code for _ in range(3)] == [0, 0, 1]


def test_the_list_tells_the_kinds_apart(run: Run, store: Store) -> None:
    issue(store)
    client_id = run("token", "issue", "entra", "--oauth", "--json").document["client_id"]
    assert [item["kind"] for item in run("token", "list", "--json").document["items"]] == ["bearer", "client"]
    _, token, client = run("token", "list").out.splitlines()
    assert token.split()[2] == "token"
    assert client.split()[2:4] == ["OAuth", client_id]


def test_an_oauth_client_is_revoked_by_its_id(run: Run, store: Store) -> None:
    client_id = run("token", "issue", "entra", "--oauth", "--json").document["client_id"]
    assert run("token", "revoke", client_id).out == f"Revoked OAuth client 1 ({client_id}) of entra.\n"
    assert next(entry.detail for entry in trail(store)) == client_id


@pytest.mark.parametrize("expires", ["tomorrow", "365", "-1d", "0d", ""])
def test_a_wrong_expiry_is_refused(expires: str, run: Run) -> None:
    result = run("token", "issue", "entra", f"--expires={expires}")
    assert result.code == 2
    assert result.error.startswith("manciple: --expires: ")


def test_an_unknown_provider_is_refused_with_those_that_are_known(run: Run) -> None:
    result = run("token", "issue", "okta")
    assert (result.code, result.error) == (2, "manciple: there is no provider 'okta': known are entra")


def test_a_third_live_token_is_refused(run: Run, store: Store) -> None:
    first, second = issue(store), issue(store)
    result = run("token", "issue", "entra")
    assert result.code == 1
    assert f"({first[:8]} and {second[:8]}): revoke one of them first" in result.error


def test_the_list_has_every_token_with_its_state(run: Run, store: Store) -> None:
    issue(store)
    issue(store, expires_at=1000)
    store.writer.write_now(lambda tx: tokens.revoke(tx, 1))
    items = run("token", "list", "--json").document["items"]
    assert [(item["id"], item["state"], item["expires"]) for item in items] == [
        (1, "revoked", None),
        (2, "expired", "1970-01-01T00:00:01.000Z"),
    ]
    header, first, _ = run("token", "list").out.splitlines()
    assert header.split()[:2] == ["ID", "PROVIDER"]
    assert first.split()[:2] == ["1", "entra"]


def test_an_empty_list_says_what_to_do(run: Run, store: Store, config: Path) -> None:
    assert run("token", "list").out == f"No tokens yet. Issue one: manciple token issue PROVIDER --config {config}\n"
    assert run("token", "list", "--json").document == {"items": []}


def test_a_token_is_revoked_by_its_number_or_its_beginning(run: Run, store: Store) -> None:
    first, second = issue(store), issue(store)
    assert run("token", "revoke", "1").out == f"Revoked token 1 ({first[:8]}…) of entra.\n"
    assert run("token", "revoke", second[:7]).out == f"Revoked token 2 ({second[:8]}…) of entra.\n"
    assert run("token", "revoke", "2").out == f"Nothing to do: token 2 ({second[:8]}…) of entra was revoked before.\n"
    with store.read() as connection:
        assert all(token.revoked_at for token in tokens.listing(connection))


@pytest.mark.parametrize("text", ["7", "mcp_nope", "", "x"])
def test_a_token_that_is_unknown_is_refused_and_what_was_typed_not_repeated(
    text: str, run: Run, store: Store, config: Path
) -> None:
    issue(store)
    result = run("token", "revoke", text)
    assert (result.code, result.error) == (
        2,
        f"manciple: no token has this number or beginning: see `manciple token list --config {config}`",
    )


@pytest.mark.parametrize("text", ["m", "mcp_"])
def test_the_beginning_of_every_token_ends_none(text: str, run: Run, store: Store) -> None:
    first = issue(store)
    result = run("token", "revoke", text)
    assert result.code == 2
    assert "every token begins like this: give its number" in result.err
    second = issue(store)
    result = run("token", "revoke", text)
    assert result.code == 2
    assert "several tokens begin like this" in result.err
    assert [line.split()[:4] for line in result.err.splitlines()[2:]] == [
        ["1", f"{first[:8]}…", "entra", "live"],
        ["2", f"{second[:8]}…", "entra", "live"],
    ]
    with store.read() as connection:
        assert not any(token.revoked_at for token in tokens.listing(connection))


def test_a_beginning_that_several_have_is_refused_with_their_list(run: Run, store: Store) -> None:
    def same_beginning(tx: Transaction) -> None:
        tokens.issue(tx, "entra", "ada@host")
        tokens.issue(tx, "entra", "ada@host")
        tx.connection.exec_driver_sql("UPDATE tokens SET prefix = 'mcp_aaaa'")

    store.writer.write_now(same_beginning)
    result = run("token", "revoke", "mcp_aaaa")
    assert result.code == 2
    assert "several tokens begin like this: give the number of one of them" in result.err
    assert [line.split()[0] for line in result.err.splitlines()[1:]] == ["ID", "1", "2"]
