"""What an administrator of the tenant can change while the simulated Graph runs."""

from dataclasses import dataclass
from typing import Literal

CloudName = Literal["global", "us", "us-dod", "china"]

GRAPH_HOSTS: dict[CloudName, str] = {
    "global": "https://graph.microsoft.com",
    "us": "https://graph.microsoft.us",
    "us-dod": "https://dod-graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}
"""The Graph of each national cloud, which is also the audience of its tokens."""
LOGIN_HOSTS: dict[CloudName, str] = {
    "global": "https://login.microsoftonline.com",
    "us": "https://login.microsoftonline.us",
    "us-dod": "https://login.microsoftonline.us",
    "china": "https://login.chinacloudapi.cn",
}
"""The authority of each national cloud. Microsoft's libraries take none that is not https, so it is always named."""

READ_PERMISSIONS = frozenset({"User.Read.All", "Group.Read.All", "Application.Read.All"})
"""What a pull needs, least first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The app registration of the client, and the cloud that the tenant lives in."""

    tenant_id: str = "72f988bf-0000-4000-8000-00000000c0de"
    client_id: str = "11111111-2222-4333-8444-555555555555"
    client_secret: str = "not-a-secret-of-the-sandbox"
    certificate_thumbprints: frozenset[str] = frozenset()
    """Of the certificates that sign assertions: SHA-1 or SHA-256 of the DER form in base64url, unpadded;
    empty takes any."""
    federated_subjects: frozenset[str] = frozenset()
    """Subjects of the workload identities that the app trusts, such as a service account; empty takes any."""
    permissions: frozenset[str] = READ_PERMISSIONS | {
        "AuditLog.Read.All",
        "Domain.Read.All",
        "Organization.Read.All",
    }
    """Application permissions with admin consent. Tokens carry those of the moment in which they were issued."""
    anonymous: bool = False
    """Who comes without a token is let in with these permissions; no real Graph does that."""
    cloud: CloudName = "global"
    base_url: str | None = None
    """What links begin with, such as `https://graph.microsoft.com`; None takes what the client called."""
    token_seconds: int = 3599
    """How long an access token is good."""
    organisation: str = "Contoso"
    """The display name of the tenant."""
