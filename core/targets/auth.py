"""How a request says who sends it: one value per scheme, whose secret never shows in a representation.

There are no sessions and no cookies: Atlassian's "secure administrator session" applies to those, and an expired
token must show at once instead of living on in a session.
"""

from base64 import b64encode
from dataclasses import dataclass, field

from core.targets.protocol import CredentialFailed


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A personal access token or OAuth 2.0 access token (RFC 6750 section 2.1)."""

    token: str = field(repr=False)

    def header(self) -> str:
        """The value of the `Authorization` header.

        :raises CredentialFailed: when the token has characters that no token has.
        """
        if not self.token or not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise CredentialFailed(
                "The token is empty or holds spaces, line breaks or other characters that no token has.",
                remedy="Copy it again into the place that the target's credential names.",
            )
        return f"Bearer {self.token}"


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """User name and password (RFC 7617), sent as UTF-8."""

    user: str
    password: str = field(repr=False)

    def header(self) -> str:
        """The value of the `Authorization` header."""
        return "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")


Auth = BearerAuth | BasicAuth
