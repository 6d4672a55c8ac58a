"""Whose certificates a target may show."""

import ssl
from pathlib import Path

import httpx

from core.targets.protocol import Unavailable


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """The authorities in `ca_file` alone; without one the system's, and those that come with the HTTP library.

    :raises Unavailable: when the file cannot be read or holds no certificate.
    """
    if ca_file is not None:
        try:
            return ssl.create_default_context(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise Unavailable(f"ca_file {ca_file} cannot be used: {error}.", remedy="Put a PEM file there.") from None
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
