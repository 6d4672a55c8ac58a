"""What `[provider.graph]` says: whose directory is read over Microsoft Graph, as whom, which part of it, and how often.

Needs nothing of Graph's libraries: a console that shows the settings does not load them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.credentials import SecretReference
from core.planning.rules import AttributeCheck

Cloud = Literal["global", "us", "us-dod", "china"]
GraphScope = Literal["assigned", "all"]


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """One `[provider.graph]`. Of the credentials at most one is given; none is a sign-in from the command line."""

    tenant: str = ""
    """The tenant's id, or one of its verified domains."""
    client_id: str = ""
    """The application (client) id of the app registration that reads."""
    credential: SecretReference | None = None
    """Its client secret."""
    certificate: Path | None = None
    """PEM or PKCS #12 of the certificate that it signs in with, its key included."""
    certificate_password: SecretReference | None = None
    """What protects the certificate's file; nothing where nothing does."""
    managed_identity: bool = False
    """Whether this machine has an identity in Azure that reads; `client_id` then chooses one of several."""
    workload_identity: Path | None = None
    """The file with the token of a federated workload, as Kubernetes keeps it."""
    token: SecretReference | None = None
    """A ready access token; for the sandbox."""
    cloud: Cloud = "global"
    base_url: str | None = None
    """Instead of the cloud's own Graph, without the version and a slash at the end; for the sandbox."""
    application: str | None = None
    """Application id of the enterprise application whose assigned users and groups are meant by `assigned`."""
    scope: GraphScope | tuple[str, ...] = "assigned"
    """Or the names of groups: these, and their members."""
    nested: bool = False
    """Whether members of groups inside a group in scope count as members of that one."""
    guests: bool = True
    where: tuple[AttributeCheck, ...] = ()
    """All of them must hold for a user to be in scope; attributes by Graph's names, or as SCIM has them."""
    details: bool = False
    """Whether users have what SCIM would not bring, too: `directory.…`, for rules."""
    every: int | None = 300
    """Seconds between two pulls of the engine; `None`: only when `manciple pull` is run."""

    @property
    def is_by_hand(self) -> bool:
        """Whether nothing signs in by itself: a pull then waits for somebody who enters a device code."""
        named = self.credential, self.certificate, self.workload_identity, self.token
        return not self.managed_identity and not any(named)
