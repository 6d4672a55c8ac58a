"""A certificate for 127.0.0.1 as files, and its authority."""

import ssl
from pathlib import Path

import trustme


class Certificates:
    """`cert.pem` and `key.pem` in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.authority = trustme.CA()
        issued = self.authority.issue_cert("127.0.0.1")
        self.cert, self.key = folder / "cert.pem", folder / "key.pem"
        self.cert.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        self.key.write_bytes(issued.private_key_pem.bytes())

    def client(self) -> ssl.SSLContext:
        """A context that trusts the authority."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context
