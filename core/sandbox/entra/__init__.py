"""A simulated Microsoft Entra provisioning service that pushes over SCIM as the real one does.

It follows the service's documented and observed behaviour, wrong habits included, and is never taught a habit that
would suit the target.
"""

from core.sandbox.entra.client import ConnectionTest, EntraClient
from core.sandbox.entra.memory import ProvisionedGroup, ProvisionedUser, Snapshot
from core.sandbox.entra.pacing import PACED, UNPACED, Pacing
from core.sandbox.entra.report import CycleReport, Failure, Progress, Step
from core.sandbox.entra.wire import Dialect

__all__ = [
    "PACED",
    "UNPACED",
    "ConnectionTest",
    "CycleReport",
    "Dialect",
    "EntraClient",
    "Failure",
    "Pacing",
    "Progress",
    "ProvisionedGroup",
    "ProvisionedUser",
    "Snapshot",
    "Step",
]
