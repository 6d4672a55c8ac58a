"""One row of the provisioning log: what Entra's own provisioning did to one object in one change.

Source: Microsoft Graph REST API v1.0 reference, provisioningObjectSummary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.sandbox.graph.objects import ServicePrincipal, new_id

Action = Literal["create", "update", "delete", "stageddelete", "disable", "other"]
Status = Literal["success", "failure", "skipped", "warning"]


@dataclass(frozen=True, slots=True)
class ProvisioningRow:
    """A change as Entra saw it; the defaults are a user that was updated without trouble."""

    source_id: str
    """Object id of the user or group in Entra."""
    source_name: str
    target_id: str = ""
    """Id of the resource at the SCIM endpoint, as far as Entra knows it."""
    action: Action = "update"
    status: Status = "success"
    kind: Literal["User", "Group"] = "User"
    error_code: str = ""
    reason: str = ""
    at: str | None = None
    """When the change ended; None is now."""
    job_id: str = "scim.0a1b2c3d"
    cycle_id: str = "00000000-0000-4000-8000-0000000000c1"
    milliseconds: int = 412
    modified: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Property → value before and after."""

    def document(self, tenant_id: str, application: ServicePrincipal | None, now: str) -> dict[str, object]:
        """The row as Graph shows it."""
        app = {"id": application.id, "displayName": application.display_name} if application else None
        return {
            "id": new_id(),
            "activityDateTime": self.at or now,
            "tenantId": tenant_id,
            "jobId": self.job_id,
            "cycleId": self.cycle_id,
            "changeId": new_id(),
            "provisioningAction": self.action,
            "durationInMilliseconds": self.milliseconds,
            "provisioningStatusInfo": {"status": self.status, "errorInformation": self._error()},
            "sourceSystem": {"id": "entra", "displayName": "Microsoft Entra ID", "details": {}},
            "targetSystem": {"id": "scim", "displayName": "customappsso", "details": {}},
            "sourceIdentity": {
                "id": self.source_id, "displayName": self.source_name, "identityType": self.kind, "details": {},
            },
            "targetIdentity": {
                "id": self.target_id, "displayName": "", "identityType": self._schema(), "details": {},
            },
            "provisioningSteps": self._steps(),
            "modifiedProperties": [
                {"displayName": name, "oldValue": before, "newValue": after}
                for name, (before, after) in self.modified.items()
            ],
            "servicePrincipal": app,
            "initiatedBy": {
                "id": "", "displayName": "Microsoft Entra Provisioning Service", "initiatorType": "system",
            },
        }  # fmt: skip

    def _error(self) -> dict[str, object] | None:
        if not self.error_code:
            return None
        return {
            "errorCode": self.error_code,
            "reason": self.reason,
            "additionalDetails": None,
            "errorCategory": "failure",
            "recommendedAction": "",
        }

    def _steps(self) -> list[dict[str, object]]:
        ended = {"import": "success", "matching": "success", "export": self.status}
        return [
            {
                "name": f"Entry{step.capitalize()}{self.action.capitalize()}",
                "provisioningStepType": step,
                "status": status,
                "description": f"{self.kind} '{self.source_name}': {step} ended with {status}",
                "details": {},
            }
            for step, status in ended.items()
        ]

    def _schema(self) -> str:
        if self.kind == "Group":
            return "urn:ietf:params:scim:schemas:core:2.0:Group"
        return "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
