"""The listener's certificate: what is spoken with it, and what is said of one that cannot be used."""

import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from certificates import Certificates
from cryptography.hazmat.primitives import serialization

from core.scim.errors import ListenerError
from core.scim.tls import tls_context


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> str | None:
    """The version that both agree on; raises what the server makes of the client."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    served = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname="127.0.0.1")
    for _ in range(4):
        for side in (asking, served):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return served.version()


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]
)
def test_tls_1_2_and_1_3_are_spoken(certificates: Certificates, version: ssl.TLSVersion, name: str) -> None:
    client = certificates.client()
    client.minimum_version = client.maximum_version = version
    assert shake_hands(tls_context(certificates.cert, certificates.key), client) == name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_1_1_is_refused(certificates: Certificates) -> None:
    client = certificates.client()
    client.set_ciphers("ALL:@SECLEVEL=0")
    client.minimum_version = client.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="UNSUPPORTED_PROTOCOL"):
        shake_hands(tls_context(certificates.cert, certificates.key), client)


@pytest.mark.parametrize("setting", ["tls_cert", "tls_key"])
def test_a_file_that_is_not_there_is_named(certificates: Certificates, setting: str, tmp_path: Path) -> None:
    files = {"tls_cert": certificates.cert, "tls_key": certificates.key} | {setting: tmp_path / "missing.pem"}
    with pytest.raises(
        ListenerError, match=rf"listener\.{setting}: .*missing\.pem cannot be read .*: correct the path"
    ):
        tls_context(files["tls_cert"], files["tls_key"])


def test_a_certificate_that_is_none_is_named(certificates: Certificates) -> None:
    certificates.cert.write_text("hello")
    with pytest.raises(ListenerError, match=r"listener\.tls_cert: .*cert\.pem holds no certificate in PEM form"):
        tls_context(certificates.cert, certificates.key)


def test_a_key_that_is_none_is_named(certificates: Certificates) -> None:
    certificates.key.write_text("hello")
    with pytest.raises(ListenerError, match=r"listener\.tls_key: .*key\.pem cannot be used"):
        tls_context(certificates.cert, certificates.key)


def test_the_key_of_another_certificate_is_named(certificates: Certificates, tmp_path: Path) -> None:
    other = Certificates(tmp_path / "other")
    with pytest.raises(ListenerError, match=r"listener\.tls_key: .*key\.pem is not the key of .*cert\.pem"):
        tls_context(certificates.cert, other.key)


def test_an_encrypted_key_is_named_and_no_passphrase_asked_for(certificates: Certificates) -> None:
    key = serialization.load_pem_private_key(certificates.key.read_bytes(), None)
    sealed = serialization.BestAvailableEncryption(b"passphrase")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    certificates.key.write_bytes(pem)
    with pytest.raises(ListenerError, match=r"listener\.tls_key: .*key\.pem is encrypted"):
        tls_context(certificates.cert, certificates.key)
