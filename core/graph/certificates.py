"""Whether a certificate can sign an app in, and until when: what can be seen on this machine, before Entra is asked.

Source: azure-identity, `CertificateCredential`: PEM or PKCS #12 with an RSA key, which a password may protect.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.credentials import SecretError, SecretReference
from core.graph.finding import Finding

WARN_DAYS = 30
"""Days before a certificate's end from which on it is warned of."""
_PLACE = "Put the certificate with its private key there, as PEM or PKCS #12."
_READ = "Let the user that runs manciple read it, or change certificate."
_PASSWORD = 'Write what protects the file as certificate_password, by reference: "env:NAME" or "file:/path".'
_RSA = "Make one with an RSA key (openssl req -x509 -newkey rsa:2048 …), and upload that to the app."
_RENEW = "Make a new one, upload it to the app registration, and put it in the place of this."


def certificate_finding(path: Path, secret: SecretReference | None) -> Finding:
    """How the certificate in a file is; `secret` is what protects its key."""
    try:
        password = None if secret is None else secret.resolve().encode()
        found = _loaded(path.read_bytes(), password)
    except SecretError as error:
        return Finding("certificate_password", "failed", error.message, error.remedy, is_here=True)
    except OSError as error:
        return _failed(f"{path} cannot be read: {error.strerror}.", _READ)
    except (ValueError, TypeError) as error:
        remedy = _PASSWORD if "password" in str(error).lower() else _PLACE
        return _failed(f"{path} cannot be used: {str(error).rstrip('.')}.", remedy)
    return _lasting(path, found)


def _loaded(content: bytes, password: bytes | None) -> Any:
    """The certificate in a file that has its key, too.

    :raises ValueError, TypeError: where there is none, or the password does not open it.
    """
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
    from cryptography.x509 import load_pem_x509_certificate

    if b"-----BEGIN" in content:
        certificate = load_pem_x509_certificate(content)
        load_pem_private_key(content, password)
        return certificate
    loaded = pkcs12.load_pkcs12(content, password)
    if loaded.cert is None or loaded.key is None:
        raise ValueError("there is no certificate with a key in it")
    return loaded.cert.certificate


def _lasting(path: Path, certificate: Any) -> Finding:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if not isinstance(certificate.public_key(), RSAPublicKey):
        return _failed(f"{path} has no RSA key: Entra signs apps in with RSA only.", _RSA)
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    ends = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
    if left.total_seconds() <= 0:
        return _failed(f"{path} ended on {ends}.", _RENEW)
    if left.days < WARN_DAYS:
        return Finding("certificate", "warning", f"{path} ends on {ends}.", _RENEW)
    return Finding("certificate", "ok", f"{path} is good until {ends}.")


def _failed(detail: str, remedy: str) -> Finding:
    return Finding("certificate", "failed", detail, remedy, is_here=True)
