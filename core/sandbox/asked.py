"""What every simulated product reads off a request in the same way."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

import orjson
from starlette.requests import Request

from core.sandbox.answers import Instead, page


class Asked(NamedTuple):
    """The part of `ProductCall` that the request tells, in its order."""

    base: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    accept: str


def asked(request: Request, configured: str | None, context: str) -> Asked:
    """What the request tells.

    All links carry the configured base URL; where that is None, what the client called, with the context path.
    """
    return Asked(
        configured or f"{request.url.scheme}://{request.url.netloc}{context}",
        {name: unquote(value) for name, value in request.path_params.items()},
        dict(request.query_params),
        request.headers.get("accept", ""),
    )


def json_of(request: Request, content: bytes, malformed: Instead) -> object:
    """The body as a JSON document.

    :raises Instead: 415 for another media type; `malformed` for what is no JSON.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise page(415, "HTTP Status 415 – Unsupported Media Type")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise malformed from error
