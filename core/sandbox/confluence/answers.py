"""Confluence's error document."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from core.sandbox.answers import Instead, Json


@dataclass(frozen=True, slots=True)
class Invalid:
    """One validation error: the message key of the product, and what it says in English."""

    key: str
    text: str


class Refusal(Instead):
    """Confluence's error document."""

    def __init__(self, status: int, message: str, errors: Sequence[Invalid] = (), *, read_only: bool = False) -> None:
        data = {
            "authorized": status not in (401, 403, 404),
            "valid": status != HTTPStatus.BAD_REQUEST,
            "allowedInReadOnlyMode": not read_only,
            "errors": [{"message": {"key": error.key, "args": [], "translation": error.text}} for error in errors],
            "successful": False,
        }
        reason = HTTPStatus(status).phrase
        document = {"statusCode": status, "data": data, "message": message, "reason": reason}
        super().__init__(Json(document, status), message)


def invalid(errors: Sequence[Invalid]) -> Refusal:
    """A refusal with its validation errors."""
    return Refusal(400, "; ".join(error.text for error in errors), errors)
