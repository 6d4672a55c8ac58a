"""A simulated Microsoft Graph: the authority that gives tokens, and the part of `/v1.0` that reading a tenant needs.

`Graph.of_company(directory)` is the tenant of the company that the simulated Entra pushes; `Graph()` is an empty one.
`.app` is served with `core.sandbox.serving`, `.tenant` is edited as administrators do, `.quirks` switches on what
makes reading hard, and `.requests` and `.units` tell what a client asked for.
"""

from core.sandbox.graph.objects import (
    DEFAULT_ACCESS,
    AppRole,
    Assignment,
    Group,
    OtherObject,
    ServicePrincipal,
    Sku,
    User,
)
from core.sandbox.graph.provisioning_row import ProvisioningRow
from core.sandbox.graph.quirks import NO_QUIRKS, ROUGH, Quirks
from core.sandbox.graph.seeding import E5, ENTERPRISE_APP, F1
from core.sandbox.graph.settings import READ_PERMISSIONS, Settings
from core.sandbox.graph.simulator import Graph
from core.sandbox.graph.tenant import Tenant

__all__ = [
    "DEFAULT_ACCESS",
    "E5",
    "ENTERPRISE_APP",
    "F1",
    "NO_QUIRKS",
    "READ_PERMISSIONS",
    "ROUGH",
    "AppRole",
    "Assignment",
    "Graph",
    "Group",
    "OtherObject",
    "ProvisioningRow",
    "Quirks",
    "ServicePrincipal",
    "Settings",
    "Sku",
    "Tenant",
    "User",
]
