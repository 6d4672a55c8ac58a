"""An app that signs in with a certificate: which gets in, and what is wrong with one that does not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from core.credentials import SecretReference
from core.graph.errors import GraphError
from core.graph.sign_in import credential
from core.sandbox.graph import Graph
from core.store import Store
from tests.core.graph.signing import BASIC, found, pulled
from tests.core.sandbox.graph.graph_sdk import SETTINGS, thumbprints


def certificate(path: Path, **options: Any) -> bytes:
    """A certificate with its key, as PEM in a file; returns its content."""
    issued = trustme.CA().issue_cert("engine.example", **({"key_type": trustme.KeyType.RSA} | options))
    path.write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    return path.read_bytes()


def protected(path: Path, form: str, password: bytes) -> bytes:
    """A certificate with a key that a password protects, in a file; returns it unprotected, as PEM."""
    from cryptography.hazmat.primitives import serialization as form_of
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509 import load_pem_x509_certificate

    pem = certificate(path)
    key, own = form_of.load_pem_private_key(pem, None), load_pem_x509_certificate(pem)
    shut = form_of.BestAvailableEncryption(password)
    if form == "pkcs12":
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"engine", key, own, None, shut))  # type: ignore[arg-type]
    else:
        shown = own.public_bytes(form_of.Encoding.PEM)
        path.write_bytes(key.private_bytes(form_of.Encoding.PEM, form_of.PrivateFormat.PKCS8, shut) + shown)
    return pem


async def test_a_certificate_gets_in_by_its_thumbprint(store: Store, graph: Graph, url: str, tmp_path: Path) -> None:
    path = tmp_path / "engine.pem"
    graph.settings = replace(SETTINGS, certificate_thumbprints=thumbprints(certificate(path)))
    assert len((await pulled(store, url, replace(BASIC, certificate=path)))[0]) == 3


@pytest.mark.parametrize("form", ["pem", "pkcs12"])
async def test_a_certificate_may_be_protected_by_a_password(
    store: Store, graph: Graph, url: str, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "engine.pfx"
    graph.settings = replace(SETTINGS, certificate_thumbprints=thumbprints(protected(path, form, b"open sesame")))
    settings = replace(BASIC, certificate=path, certificate_password=SecretReference("plain", "open sesame"))
    assert (await found(url, settings))["certificate"].state == "ok"
    assert len((await pulled(store, url, settings))[0]) == 3


@pytest.mark.parametrize("form", ["pem", "pkcs12"])
@pytest.mark.parametrize("password", [None, SecretReference("plain", "hunter2")], ids=["none", "wrong"])
async def test_a_password_that_opens_nothing_is_told_and_not_shown(
    graph: Graph, url: str, tmp_path: Path, form: str, password: SecretReference | None
) -> None:
    path = tmp_path / "engine.pfx"
    protected(path, form, b"open sesame")
    settings = replace(BASIC, certificate=path, certificate_password=password)
    there = await found(url, settings)
    assert there.keys() == {"certificate"}
    assert "certificate_password" in there["certificate"].remedy
    with pytest.raises(GraphError, match="certificate_password") as caught:
        credential(settings)
    assert "hunter2" not in f"{there} {caught.value}"
    assert not graph.requests


async def test_a_certificate_that_the_app_does_not_know_is_told(graph: Graph, url: str, tmp_path: Path) -> None:
    path = tmp_path / "engine.pem"
    certificate(path)
    graph.settings = replace(SETTINGS, certificate_thumbprints=frozenset({"another"}))
    there = await found(url, replace(BASIC, certificate=path))
    assert there["certificate"].state == "ok"
    assert "AADSTS700027" in there["credential"].detail
    assert "upload it, without its key" in there["credential"].remedy


async def test_a_certificate_without_an_rsa_key_is_refused_before_entra_is_asked(
    graph: Graph, url: str, tmp_path: Path
) -> None:
    path = tmp_path / "engine.pem"
    certificate(path, key_type=trustme.KeyType.ECDSA)
    there = await found(url, replace(BASIC, certificate=path))
    assert there.keys() == {"certificate"}
    assert there["certificate"].state == "failed"
    assert "RSA" in there["certificate"].remedy
    assert not graph.requests
    with pytest.raises(GraphError, match="RSA"):
        credential(replace(BASIC, certificate=path))


async def test_a_certificate_that_ended_is_told_with_the_day(url: str, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    path = tmp_path / "engine.pem"
    certificate(path, not_after=datetime(2020, 1, 31, tzinfo=UTC))
    assert (await found(url, replace(BASIC, certificate=path)))["certificate"].detail.endswith("ended on 2020-01-31.")


async def test_a_file_that_is_no_certificate_is_told(url: str, tmp_path: Path) -> None:
    path = tmp_path / "engine.pem"
    assert "cannot be read" in (await found(url, replace(BASIC, certificate=path)))["certificate"].detail
    path.write_text("no certificate")
    assert "cannot be used" in (await found(url, replace(BASIC, certificate=path)))["certificate"].detail
