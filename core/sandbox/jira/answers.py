"""Jira's error document: messages, and errors by field."""

from collections.abc import Mapping

from core.sandbox.answers import Instead, Json


class Refusal(Instead):
    """An error in Jira's words: `errors` names fields of the request."""

    def __init__(self, status: int, message: str = "", errors: Mapping[str, str] | None = None) -> None:
        document = {"errorMessages": [message] if message else [], "errors": dict(errors or {})}
        super().__init__(Json(document, status), message)


def refuse_if(errors: Mapping[str, str]) -> None:
    """Refuse what has errors by field.

    :raises Refusal: 400.
    """
    if errors:
        raise Refusal(400, errors=errors)
