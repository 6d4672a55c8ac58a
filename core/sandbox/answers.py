"""Answers that every simulated Data Center product gives: JSON, and the pages that filters put in its place."""

from collections.abc import Mapping

import orjson
from starlette.responses import HTMLResponse, PlainTextResponse, Response


class Json(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The document as bytes."""
        return orjson.dumps(content)


class Instead(Exception):
    """An answer given in place of the one the endpoint would give."""

    def __init__(self, response: Response, message: str = "") -> None:
        super().__init__(message)
        self.response = response


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
