"""What Entra makes of an answer that it did not want: an error code, and when it gives up on the whole job.

The codes are those of its provisioning log, so that an admin recognises them. Source: Microsoft, "How to analyze
the provisioning logs" and "Application provisioning in quarantine status".
"""

from typing import Any

import httpx

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
MULTIPLE_ENTRIES = "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"
DUPLICATE_TARGETS = "DuplicateTargetEntries"
ENTRY_CONFLICT = "EntryConflict"
INVALID_ANCHOR = "InvalidAnchor"
UNAUTHORIZED = "Unauthorized"
TIMEOUT = "Timeout"
PROTOCOL_ERROR = "WebExceptionProtocolError"
UNRESOLVED_REFERENCE = "referenceResolution"
"""Not a code but the name of the step at which Entra stops: a manager or member was not provisioned either."""

QUARANTINE_EXCEPTION = "EncounteredQuarantineException"
QUARANTINE_PROPORTION = "EncounteredEscrowProportionThreshold"

_CODES = {
    400: "UnprocessableEntity",
    401: UNAUTHORIZED,
    403: "InsufficientRights",
    405: "MethodNotAllowed",
    409: "Conflict",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    501: "NotImplemented",
}


class ProvisioningError(Exception):
    """One object could not be provisioned; it is sent again in the next cycle."""

    def __init__(self, code: str, detail: str, *, request: str = "", status: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.request = request
        self.status = status

    @property
    def transient(self) -> bool:
        """Whether the target may well answer the same request in the next cycle."""
        return self.status == 429 or (self.status or 0) >= 500 or self.code in (TIMEOUT, PROTOCOL_ERROR)


def refusal(request: str, response: httpx.Response) -> ProvisioningError:
    """Return the error that an unwanted response stands for, with the SCIM error's own detail if it has one."""
    status = response.status_code
    code = "InternalServerError" if status >= 500 else INCOMPATIBLE
    detail = scim_detail(response) or f"The target answered {status} {response.reason_phrase}".rstrip()
    return ProvisioningError(_CODES.get(status, code), detail, request=request, status=status)


def scim_detail(response: httpx.Response) -> str:
    """Return the `detail` (else the `scimType`) of a SCIM error body, or nothing (RFC 7644 §3.12)."""
    try:
        body: Any = response.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    return str(body.get("detail") or body.get("scimType") or "")


def quarantine_reason(attempts: int, failures: int, reference_failures: int) -> str | None:
    """Return why a cycle with these counts puts the job in quarantine, or None.

    At least 5,000 failures that are more than 40 % of what was attempted, or more than 40,000; failures of references
    (managers, members) count only towards an absolute limit of 60,000.
    """
    many = failures >= 5_000 and (failures > 0.4 * attempts or failures > 40_000)
    return QUARANTINE_PROPORTION if many or failures + reference_failures > 60_000 else None
