"""Entra's provisioning log, read over Microsoft Graph: what Entra says that its own provisioning by SCIM did.

Source: Microsoft Graph REST API v1.0 reference, provisioningObjectSummary. The reports let an app ask five times in ten
seconds; a row appears some minutes after the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from core.graph.client import Client
from core.graph.errors import GraphError, NotThere

PAGE = 500
MOST_PAGES = 40
"""Of the newest rows."""
_STATUSES = ("success", "failure", "skipped", "warning")
Status = Literal["success", "failure", "skipped", "warning"]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One change of one object, as Entra has it."""

    at: int
    """When it ended: milliseconds since 1970-01-01 UTC."""
    action: str
    """`create`, `update`, `delete`, `stageddelete`, `disable` or `other`."""
    status: Status
    kind: str
    """`User` or `Group`, of the object in Entra."""
    source: str
    """Entra's id of it."""
    name: str
    """Its display name, else its userPrincipalName."""
    target: str = ""
    """Our id of it, as far as Entra knows that."""
    error: str = ""
    """Entra's code and reason, where it failed."""
    is_export: bool = True
    """Whether a request to us belonged to it."""
    names: tuple[str, ...] = ()
    """All that it may be called here, folded."""


async def read_log(client: Client, since: int, application: str | None) -> list[LogRow]:
    """The rows of changes that ended after `since`, in milliseconds, oldest first; of one enterprise application, or
    of all.

    :raises GraphError: when the log cannot be read.
    """
    service = None if application is None else await _service(client, application)
    moment = datetime.fromtimestamp(since / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    target: str | None = (
        f"auditLogs/provisioning?$filter=activityDateTime gt {moment}&$orderby=activityDateTime desc&$top={PAGE}"
    )
    rows: list[LogRow] = []
    for _ in range(MOST_PAGES):
        if target is None:
            break
        page = await client.get(target)
        mine = (
            row for row in page.get("value") or () if service in (None, (row.get("servicePrincipal") or {}).get("id"))
        )
        rows += map(log_row, mine)
        target = page.get("@odata.nextLink")
    # What stands at the same time keeps its order, which is the other way round by now.
    rows.reverse()
    return sorted(rows, key=lambda row: row.at)


async def _service(client: Client, application: str) -> str:
    try:
        return str((await client.get(f"servicePrincipals(appId='{application}')?$select=id"))["id"])
    except NotThere:
        remedy = "Copy the Application ID from the overview of the enterprise application in Entra."
        raise GraphError(f"The tenant has no enterprise application {application}.", remedy) from None


def log_row(document: Mapping[str, Any]) -> LogRow:
    """A row as Graph tells it."""
    source, target = document.get("sourceIdentity") or {}, document.get("targetIdentity") or {}
    told = document.get("provisioningStatusInfo") or {}
    details = source.get("details") or {}
    called = [source.get("displayName"), details.get("UserPrincipalName"), details.get("DisplayName")]
    steps = {step.get("provisioningStepType") for step in document.get("provisioningSteps") or ()}
    status = told.get("status")
    return LogRow(
        at=_milliseconds(str(document.get("activityDateTime"))),
        action=str(document.get("provisioningAction") or "other"),
        status=status if status in _STATUSES else "warning",
        kind=str(source.get("identityType") or ""),
        source=str(source.get("id") or ""),
        name=str(source.get("displayName") or details.get("UserPrincipalName") or source.get("id") or ""),
        target=str(target.get("id") or ""),
        error=_error(told.get("errorInformation")),
        is_export=status != "skipped" and "export" in steps,
        names=tuple(dict.fromkeys(str(name).casefold() for name in called if name)),
    )


def _error(told: object) -> str:
    if not isinstance(told, dict):
        return ""
    return ": ".join(str(told[name]) for name in ("errorCode", "reason") if told.get(name))


def _milliseconds(text: str) -> int:
    try:
        return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    except ValueError:
        return 0
