"""What an endpoint of the simulated Graph is: where, who may call it, and what it costs."""

from collections.abc import Callable
from dataclasses import dataclass

from core.sandbox.graph.call import Call, Reply

DIRECTORY = ("Directory.Read.All",)
USERS = ("User.Read.All", *DIRECTORY)
GROUPS = ("Group.Read.All", *DIRECTORY)
MEMBERS = ("GroupMember.Read.All", *GROUPS)
APPLICATIONS = ("Application.Read.All", *DIRECTORY)
ORGANISATION = ("Organization.Read.All", *DIRECTORY)
DOMAINS = ("Domain.Read.All", *DIRECTORY)
LICENCES = ("LicenseAssignment.Read.All", "Organization.Read.All", *DIRECTORY)
REPORTS = ("AuditLog.Read.All",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. `path` is below the version; `{name}` stands for one segment."""

    method: str
    path: str
    handler: Callable[[Call], Reply]
    permissions: tuple[str, ...] = ()
    """Any of these lets a client in; none is everybody with a token."""
    units: int = 1
    """Resource units, before the query changes them."""
    report: bool = False
    """Whether it belongs to the reports, which count requests instead of units and name missing permissions."""
