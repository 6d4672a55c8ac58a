"""Why Entra gives no access token, by the number that it says, and what an admin does about it.

Source: Microsoft identity platform, "Microsoft Entra authentication and authorization error codes" (AADSTS).
"""

import re
from collections.abc import Mapping

from core.config.graph_settings import GraphSettings
from core.graph.errors import SignInFailed
from core.targets.error_text import one_line

_NUMBER = re.compile(r"AADSTS(\d+)")
_REGISTRATIONS = "Entra admin center > Identity > Applications > App registrations"
_TENANT = (
    "The tenant {tenant!r} is not known there: copy the Directory (tenant) ID from the app registration's overview, "
    "and look whether cloud = {cloud!r} is the tenant's cloud."
)
_CLIENT = (
    "The tenant has no app {client!r}: copy the Application (client) ID from the app registration's overview, and look "
    "whether tenant is the one that it was registered in."
)
_SECRET = (
    f"The client secret is wrong: enter its Value, not its Secret ID; Entra shows it only once, so make a new one in "
    f"{_REGISTRATIONS} > {{client}} > Certificates & secrets."
)
_EXPIRED = f"The client secret has expired: make a new one in {_REGISTRATIONS} > {{client}} > Certificates & secrets."
_CERTIFICATE = (
    f"The certificate is not one of the app's: upload it, without its key, in {_REGISTRATIONS} > {{client}} > "
    f"Certificates & secrets > Certificates."
)
_FEDERATED = (
    f"The app trusts no such workload: compare issuer and subject in {_REGISTRATIONS} > {{client}} > Certificates & "
    f"secrets > Federated credentials."
)
_CLOCK = "What was presented is out of its time: compare this machine's clock, and renew the token file."
_CLOUD = "Graph of cloud = {cloud!r} is not known there: look which cloud the tenant lives in."
_PUBLIC = f"Allow it: {_REGISTRATIONS} > {{client}} > Authentication > Allow public client flows."
_POLICY = "A conditional access policy of the tenant forbids it: let this app or address through, or use a certificate."
_CONSENT = f"Nobody consented yet: {_REGISTRATIONS} > {{client}} > API permissions > Grant admin consent."
_AGAIN = "Run the command again, and sign in within the time that it shows."
_REMEDIES: Mapping[str, str] = {
    "90002": _TENANT,
    "900023": _TENANT,
    "50059": _TENANT,
    "700016": _CLIENT,
    "7000215": _SECRET,
    "7000222": _EXPIRED,
    "700027": _CERTIFICATE,
    "700024": _CLOCK,
    "50027": _CLOCK,
    "70021": _FEDERATED,
    "700213": _FEDERATED,
    "700211": _FEDERATED,
    "500011": _CLOUD,
    "7000218": _PUBLIC,
    "53003": _POLICY,
    "50105": _POLICY,
    "65001": _CONSENT,
    "70020": _AGAIN,
    "70019": _AGAIN,
}
_OTHERWISE = "Check tenant, client_id, cloud and the credential in [provider.graph]."
_NO_IDENTITY = (
    "This machine has no managed identity that answers: assign one in Azure > the machine > Identity, give its "
    "client_id where it has several, or sign in with a certificate."
)


_NO_AUTHORITY = "Unable to get authority configuration"
"""How the library itself says that a tenant is not there."""


def refused(text: str, settings: GraphSettings) -> SignInFailed:
    """The error that what azure-identity says amounts to."""
    said = one_line(text.partition("\n")[0].partition("Trace ID")[0].partition(" Authority would typically")[0])
    found = _NUMBER.search(text)
    remedy = _REMEDIES.get(found[1], _OTHERWISE) if found else _OTHERWISE
    if _NO_AUTHORITY in text:
        remedy = _TENANT
    elif found is None and settings.managed_identity:
        remedy = _NO_IDENTITY
    known = {"tenant": settings.tenant, "client": settings.client_id, "cloud": settings.cloud}
    return SignInFailed(f"Entra gives no access token: {said}", remedy.format(**known))
