"""Refusals as Graph words them: a status, a code, a sentence, and the ids by which support finds the request."""

from collections.abc import Mapping
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def document(self, date: str, request_id: str, client_request_id: str) -> dict[str, object]:
        """The body; `date` is without a zone, as Graph writes it."""
        inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def bad_request(message: str) -> Refusal:
    """400: what the request asks cannot be understood."""
    return Refusal(400, "BadRequest", message)


def unsupported_query(message: str) -> Refusal:
    """400: what the request asks is understood and not offered."""
    return Refusal(400, "Request_UnsupportedQuery", message)


def not_found(object_id: str) -> Refusal:
    """404: there is no such object, or none that is visible yet."""
    message = f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present."
    return Refusal(404, "Request_ResourceNotFound", message)


def no_segment(segment: str) -> Refusal:
    """400: there is nothing under this path."""
    return bad_request(f"Resource not found for the segment '{segment}'.")


def unauthenticated(message: str, claims: str = "") -> Refusal:
    """401: the access token is missing, unknown or over; with `claims`, a new one must be asked for with these."""
    challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    challenge += f', error="insufficient_claims", claims="{claims}"' if claims else ""
    return Refusal(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})


def denied() -> Refusal:
    """403: the token has none of the permissions that the directory wants here."""
    return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def permission_missing(permissions: tuple[str, ...]) -> Refusal:
    """403: the reporting service names the permissions that it wants."""
    named = ",".join(permissions)
    message = f"Calling principal does not have required MSGraph permissions {named}"
    return Refusal(403, "Authentication_MSGraphPermissionMissing", message)
