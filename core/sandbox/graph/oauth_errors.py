"""Refusals of the authority: an OAuth code, and Entra's own number that admins search for (AADSTS…)."""

import uuid


class OAuthRefusal(Exception):
    """An answer of the token endpoint that is an error."""

    def __init__(self, status: int, code: str, number: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.number = number
        self.description = description

    def document(self, now: str) -> dict[str, object]:
        """The body; `now` is the time of the answer."""
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        timestamp = now.replace("T", " ")
        described = f"AADSTS{self.number}: {self.description} Trace ID: {trace} Correlation ID: {correlation}"
        return {
            "error": self.code,
            "error_description": f"{described} Timestamp: {timestamp}",
            "error_codes": [self.number],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }
