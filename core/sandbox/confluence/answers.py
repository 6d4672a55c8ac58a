"""Answers in the exact shapes of Confluence: JSON, the error document, and the pages that filters put in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from starlette.responses import HTMLResponse, PlainTextResponse, Response


class Json(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The document as bytes."""
        return orjson.dumps(content)


@dataclass(frozen=True, slots=True)
class Invalid:
    """One validation error: the message key of the product, and what it says in English."""

    key: str
    text: str


class Instead(Exception):
    """An answer given in place of the one the endpoint would give."""

    def __init__(self, response: Response, message: str = "") -> None:
        super().__init__(message)
        self.response = response


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


def page(status: int, title: str, headers: Mapping[str, str] | None = None) -> Instead:
    """An HTML page of Tomcat or of a login filter."""
    body = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Instead(HTMLResponse(body, status, headers), title)


def null_for_uri(url: str) -> Instead:
    """What the REST framework says about a path that no resource has."""
    return Instead(Json({"message": f"null for uri: {url}", "status-code": 404}, 404))


def xsrf_failed() -> Instead:
    """The XSRF filter's refusal: plain text."""
    return Instead(PlainTextResponse("XSRF check failed", 403))


def no_content() -> Response:
    """204."""
    return Response(status_code=204)
