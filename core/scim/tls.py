"""The listener's certificate: a context made of it, and every way in which it can be wrong told apart."""

import ssl
from pathlib import Path

from core.scim.errors import ListenerError


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """A server's context for TLS 1.2 and newer; Entra speaks 1.2.

    :raises ListenerError: when the certificate or its key cannot be used; the message names the setting.
    """
    for name, path in (("tls_cert", cert), ("tls_key", key)):
        _check_readable(name, path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])

    def encrypted() -> str:
        # Without this, OpenSSL would ask for the passphrase on the terminal.
        raise ListenerError(
            f"listener.tls_key: {key} is encrypted: give a key without a passphrase, readable by manciple only"
        )

    try:
        context.load_cert_chain(cert, key, password=encrypted)
    except ssl.SSLError as error:
        raise ListenerError(_explained(error, cert, key)) from error
    return context


def _check_readable(name: str, path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise ListenerError(
            f"listener.{name}: {path} cannot be read ({error.strerror}): correct the path or the file's permissions"
        ) from error


def _explained(error: ssl.SSLError, cert: Path, key: Path) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"listener.tls_key: {key} is not the key of {cert}: give the key that the certificate was made with"
    if b"-----BEGIN CERTIFICATE-----" not in cert.read_bytes():
        return f"listener.tls_cert: {cert} holds no certificate in PEM form: convert it, with those of its issuers"
    return f"listener.tls_key: {cert} and {key} cannot be used ({error.reason}): give both in PEM form"
