"""A certificate is replaced without a restart, and a broken new one replaces nothing."""

import asyncio
import logging
import os
import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from certificates import Certificates
from starlette.responses import PlainTextResponse

from core.config.settings import ListenerSettings
from core.scim.certificate import LOOK_SECONDS, Certificate
from core.scim.errors import ListenerError
from core.scim.server import serving


def shown(server: ssl.SSLContext, *, named: bool = True) -> bytes | None:
    """The certificate that a client is shown, whether it names the server or not."""
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    served = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname="scim.example.com" if named else None)
    for _ in range(4):
        for side in (asking, served):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return asking.getpeercert(binary_form=True)


def in_file(path: Path) -> bytes:
    pem = path.read_text()
    end = "-----END CERTIFICATE-----\n"
    return ssl.PEM_cert_to_DER_cert(pem[: pem.index(end) + len(end)])


def renew(certificates: Certificates, tmp_path: Path) -> Certificates:
    """Put another certificate in the place of this one, as a renewal does."""
    other = Certificates(tmp_path / "other")
    for new, old in ((other.cert, certificates.cert), (other.key, certificates.key)):
        os.replace(new, old)
    return other


@pytest.mark.parametrize("named", [True, False])
def test_after_a_renewal_new_handshakes_get_the_new_certificate(
    certificates: Certificates, tmp_path: Path, named: bool
) -> None:
    certificate = Certificate(certificates.cert, certificates.key)
    before = in_file(certificates.cert)
    assert shown(certificate.context, named=named) == before
    renew(certificates, tmp_path)
    assert shown(certificate.context, named=named) == before
    certificate.look()
    assert shown(certificate.context, named=named) == in_file(certificates.cert) != before


def test_a_renewal_is_said_and_a_look_that_finds_nothing_new_is_not(
    certificates: Certificates, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    certificate = Certificate(certificates.cert, certificates.key)
    certificate.look()
    assert caplog.messages == []
    renew(certificates, tmp_path)
    certificate.look()
    certificate.look()
    assert caplog.messages == [f"the certificate {certificates.cert} was taken up"]


@pytest.mark.parametrize("broken", ["no PEM", "another key", "gone"])
def test_a_broken_new_certificate_keeps_the_old_one_and_says_once_what_is_wrong(
    certificates: Certificates, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    certificate = Certificate(certificates.cert, certificates.key)
    before = in_file(certificates.cert)
    match broken:
        case "no PEM":
            certificates.cert.write_text("hello")
        case "another key":
            os.replace(Certificates(tmp_path / "other").key, certificates.key)
        case _:
            certificates.key.unlink()
    certificate.look()
    certificate.look()
    assert shown(certificate.context) == before
    [message] = caplog.messages
    assert message.startswith("the new certificate was not taken up, the one before it stays: listener.tls_")
    assert caplog.records[0].levelno == logging.ERROR


def test_after_a_broken_one_a_good_one_is_taken_up(certificates: Certificates, tmp_path: Path) -> None:
    certificate = Certificate(certificates.cert, certificates.key)
    certificates.cert.write_text("hello")
    certificate.look()
    renew(certificates, tmp_path)
    certificate.look()
    assert shown(certificate.context) == in_file(certificates.cert)


def test_at_the_start_a_broken_one_is_an_error(certificates: Certificates) -> None:
    certificates.cert.write_text("hello")
    with pytest.raises(ListenerError):
        Certificate(certificates.cert, certificates.key)


def test_the_files_are_looked_at_at_least_once_a_minute() -> None:
    assert LOOK_SECONDS <= 60


async def test_a_server_that_is_told_takes_it_up_and_connections_that_stand_go_on(
    certificates: Certificates, tmp_path: Path
) -> None:
    settings = ListenerSettings(bind_port=0, tls_cert=certificates.cert, tls_key=certificates.key)
    told = asyncio.Event()
    before = certificates.client()
    async with (
        serving(PlainTextResponse("hello"), settings, renew=told) as url,
        httpx.AsyncClient(verify=before) as standing,
    ):
        assert (await standing.get(url)).text == "hello"
        other = renew(certificates, tmp_path)
        told.set()
        async with asyncio.timeout(10), httpx.AsyncClient(verify=other.client()) as client:
            while not await answers(client, url):
                pass
        assert (await standing.get(url)).text == "hello"
        async with httpx.AsyncClient(verify=before) as stranger:
            assert not await answers(stranger, url)


async def answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).text == "hello"
    except httpx.ConnectError:
        return False
