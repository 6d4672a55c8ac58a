import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from engine_stub import StubEngine
from running import CONFIG, Run

from core.sandbox.confluence import Confluence
from core.sandbox.serving import serve_in_thread
from core.store import Store, tokens

SECRET = "pat-very-secret"


@pytest.fixture
def site(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Confluence]:
    """A simulated Confluence that the configuration's target leads to, with a good token."""
    confluence = Confluence.with_defaults()
    with serve_in_thread(confluence.app) as url:
        config.write_text(CONFIG.format(url=url))
        monkeypatch.setenv("WIKI_TOKEN", confluence.issue_token())
        yield confluence


def edit(config: Path, before: str, after: str) -> None:
    assert before in config.read_text()
    config.write_text(config.read_text().replace(before, after))


def found(document: dict[str, Any], part: str, subject: str) -> dict[str, Any]:
    (item,) = (item for item in document["items"] if (item["part"], item["subject"]) == (part, subject))
    return dict(item)


def test_everything_in_order_is_0(run: Run, site: Confluence, store: Store) -> None:
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@host"))
    result = run("check")
    assert (result.code, result.err) == (0, "")
    assert "credential: Confluence knows the credential as admin." in result.out
    assert "warning" not in result.out
    assert run("check", "--json").document["ok"] is True


def test_it_changes_nothing(run: Run, site: Confluence, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    result = run("check")
    assert result.code == 0
    assert "is made at the first start" in result.out
    assert site.effects == []
    assert sorted(tmp_path.iterdir()) == before


def test_a_provider_without_a_token_is_a_warning_with_its_remedy(run: Run, site: Confluence, config: Path) -> None:
    result = run("check", "--json")
    item = found(result.document, "provider", "token")
    assert result.code == 0
    assert (item["state"], item["remedy"]) == (
        "warning",
        f"Run: manciple token issue entra --config {config}",
    )


@pytest.mark.parametrize(("days", "state"), [(29, "warning"), (31, "ok"), (-1, "warning")])
def test_a_token_that_expires_soon_or_has_is_a_warning(
    days: int, state: str, run: Run, site: Confluence, store: Store
) -> None:
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@host", tx.now + days * tokens.DAY))
    result = run("check", "--json")
    assert result.code == 0
    assert found(result.document, "provider", "token")["state"] == state


def test_a_token_that_replaces_an_expiring_one_ends_the_warning(run: Run, site: Confluence, store: Store) -> None:
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@host", tx.now + tokens.DAY))
    store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "ada@host"))
    assert found(run("check", "--json").document, "provider", "token")["state"] == "ok"


# The configuration


def test_all_problems_of_the_configuration_come_at_once(run: Run, config: Path) -> None:
    edit(config, "public_url", "publik_url")
    edit(config, 'kind = "confluence"', 'kind = "conflunce"')
    result = run("check")
    assert result.code == 2
    assert "listener.publik_url: unknown key" in result.out
    assert '"conflunce"' in result.out or "'conflunce'" in result.out
    assert result.error == f"manciple: 2 checks of 2 failed in {config}"


def test_problems_of_the_configuration_are_a_document_too(run: Run, config: Path) -> None:
    edit(config, "public_url", "publik_url")
    document = run("check", "--json").document
    assert document["ok"] is False
    assert [(item["part"], item["subject"], item["state"]) for item in document["items"]] == [
        ("configuration", "listener.publik_url", "failed")
    ]


def test_a_secret_in_the_file_is_a_warning_and_not_shown(run: Run, site: Confluence, config: Path) -> None:
    edit(config, "env:WIKI_TOKEN", SECRET)
    result = run("check")
    assert "the secret itself stands in the file" in result.out
    assert SECRET not in result.out + result.err


# The store and the listener


def test_a_store_of_a_newer_manciple_fails(run: Run, site: Confluence, store: Store) -> None:
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    result = run("check", "--json")
    assert result.code == 1
    assert "newer manciple" in found(result.document, "store", "url")["detail"]


def test_a_store_whose_folder_is_missing_fails_with_the_remedy(run: Run, site: Confluence, config: Path) -> None:
    edit(config, "sqlite:///manciple.db", "sqlite:////nowhere/at/all.db")
    result = run("check", "--json")
    item = found(result.document, "store", "url")
    assert result.code == 2
    assert (item["detail"], item["remedy"]) == (
        "/nowhere/at is not there.",
        "Create /nowhere/at, or change [store] url.",
    )


def test_an_address_that_another_program_has_fails(run: Run, site: Confluence, config: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        edit(config, "127.0.0.1:0", f"127.0.0.1:{other.getsockname()[1]}")
        result = run("check", "--json")
    item = found(result.document, "listener", "bind")
    assert result.code == 2
    assert "Address already in use" in item["detail"]
    assert "Change [listener] bind" in item["remedy"]


def test_an_address_that_the_engine_of_this_store_has_is_in_order(
    run: Run, site: Confluence, config: Path, engine: StubEngine
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        edit(config, "127.0.0.1:0", f"127.0.0.1:{other.getsockname()[1]}")
        result = run("check", "--json")
    assert result.code == 0
    assert "An engine of this store listens" in found(result.document, "listener", "bind")["detail"]


def test_an_address_that_this_machine_has_not_fails(run: Run, site: Confluence, config: Path) -> None:
    edit(config, "127.0.0.1:0", "192.0.2.1:8440")
    result = run("check", "--json")
    assert result.code == 2
    assert found(result.document, "listener", "bind")["state"] == "failed"


def test_listening_to_everybody_without_tls_is_a_warning(run: Run, site: Confluence, config: Path) -> None:
    edit(config, 'bind = "127.0.0.1:0"', 'bind = "0.0.0.0:0"')
    item = found(run("check", "--json").document, "listener", "tls_cert")
    assert (item["state"], item["detail"]) == ("warning", "Tokens cross the network unencrypted.")


def test_a_public_url_without_tls_is_a_warning(run: Run, site: Confluence, config: Path) -> None:
    edit(config, "https://scim.example.com", "http://scim.example.com")
    assert found(run("check", "--json").document, "listener", "public_url")["state"] == "warning"


@pytest.fixture
def tls(config: Path, tmp_path: Path) -> Callable[[bytes, bytes], None]:
    """Puts a certificate and a key into the configuration."""

    def put(certificate: bytes, key: bytes) -> None:
        (tmp_path / "cert.pem").write_bytes(certificate)
        (tmp_path / "key.pem").write_bytes(key)
        edit(config, "[listener]", '[listener]\ntls_cert = "cert.pem"\ntls_key = "key.pem"')

    return put


def test_certificate_and_key_that_fit_are_in_order(
    run: Run, site: Confluence, tls: Callable[[bytes, bytes], None]
) -> None:
    issued = trustme.CA().issue_cert("scim.example.com")
    tls(issued.cert_chain_pems[0].bytes(), issued.private_key_pem.bytes())
    result = run("check", "--json")
    assert result.code == 0
    assert found(result.document, "listener", "tls_cert")["state"] == "ok"


def test_a_key_of_another_certificate_fails(run: Run, site: Confluence, tls: Callable[[bytes, bytes], None]) -> None:
    authority = trustme.CA()
    one, other = authority.issue_cert("scim.example.com"), authority.issue_cert("scim.example.com")
    tls(one.cert_chain_pems[0].bytes(), other.private_key_pem.bytes())
    result = run("check", "--json")
    assert result.code == 2
    assert "cannot be used for TLS" in found(result.document, "listener", "tls_cert")["detail"]


def test_a_certificate_that_is_not_there_fails(
    run: Run, site: Confluence, tls: Callable[[bytes, bytes], None], tmp_path: Path
) -> None:
    tls(b"", b"")
    (tmp_path / "cert.pem").unlink()
    result = run("check", "--json")
    assert result.code == 2
    assert "No such file or directory" in found(result.document, "listener", "tls_cert")["detail"]


# The targets


def test_a_credential_that_cannot_be_had_fails_with_its_remedy(
    run: Run, site: Confluence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WIKI_TOKEN")
    result = run("check", "--json")
    item = found(result.document, "target", "credential")
    assert result.code == 2
    assert (item["name"], item["state"]) == ("wiki", "failed")
    assert item["remedy"] == "Set WIKI_TOKEN where manciple is started."


def test_a_credential_that_is_not_accepted_fails_and_is_not_shown(
    run: Run, site: Confluence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", SECRET)
    result = run("check")
    assert result.code == 4
    assert "failed   credential:" in result.out
    assert SECRET not in result.out + result.err
    assert result.error.startswith("manciple: 1 check of ")


def test_a_target_that_does_not_answer_fails(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_TOKEN", SECRET)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        config.write_text(CONFIG.format(url=f"http://127.0.0.1:{closed.getsockname()[1]}"))
        result = run("check", "--json")
    assert result.code == 4
    assert found(result.document, "target", "connection")["state"] == "failed"


def test_a_credential_file_that_is_not_there_is_a_fault_of_the_configuration(
    run: Run, site: Confluence, config: Path
) -> None:
    edit(config, "env:WIKI_TOKEN", "file:nowhere")
    result = run("check", "--json")
    assert result.code == 2
    assert found(result.document, "target", "credential")["state"] == "failed"


def test_every_target_is_looked_at_though_another_fails(
    run: Run, site: Confluence, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = config.read_text().partition("[[target]]")[2].replace('"wiki"', '"docs"').replace("WIKI_TOKEN", "DOCS")
    config.write_text(f"{config.read_text()}[[target]]{second}")
    document = run("check", "--json").document
    states = {item["name"]: item["state"] for item in document["items"] if item["subject"] == "credential"}
    assert states == {"wiki": "ok", "docs": "failed"}


def test_a_configuration_without_targets_is_in_order(run: Run, config: Path) -> None:
    config.write_text(config.read_text().partition("[[target]]")[0])
    assert run("check").code == 0
