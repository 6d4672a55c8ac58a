"""Exchanges as an HTTP Archive, which browsers and most HTTP tools read (HAR 1.2, w3c/web-performance, "HAR spec").

The log has no secret in clear; what could still hold one, a form or a header that a product answered with, is masked
once more, since such a file is made to be given away. What the format has no place for stands in `_manciple`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.config.settings import Settings
from core.curl import address_of
from core.exchange import Exchange
from core.redaction import redact_body, redact_headers, redact_path

_HTTP = "HTTP/1.1"
_UNKNOWN = -1
"""What HAR says where a number is not known."""
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def har(exchanges: Iterable[tuple[int, Exchange]], settings: Settings) -> Iterator[str]:
    """The archive of exchanges with their numbers in the log, piece by piece, so that none is held in memory."""
    creator = json.dumps({"name": "manciple", "version": version("manciple")})
    yield f'{{"log": {{"version": "1.2", "creator": {creator}, "entries": ['
    for place, (number, exchange) in enumerate(exchanges):
        yield (",\n" if place else "\n") + json.dumps(_entry(number, exchange, settings), ensure_ascii=False)
    yield "\n]}}\n"


def _entry(number: int, exchange: Exchange, settings: Settings) -> dict[str, Any]:
    milliseconds = exchange.duration / 1000
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.at / 1000, UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(exchange, settings),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.outcome,
        "_manciple": {
            "id": number,
            "direction": exchange.direction,
            "party": exchange.party,
            "subject": exchange.subject,
            "client": exchange.client,
            "run": exchange.run,
            "change": exchange.change,
            "cause": exchange.cause,
        },
    }


def _request(exchange: Exchange, settings: Settings) -> dict[str, Any]:
    headers = redact_headers(exchange.request_headers.items())
    path = redact_path(exchange.path)
    document = {
        "method": exchange.method,
        "url": _base(exchange, settings) + path,
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(urlsplit(path).query, keep_blank_values=True)
        ],
        "headersSize": _UNKNOWN,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        kind = headers.get("content-type", _JSON)
        document["postData"] = {"mimeType": kind, "text": _shown(exchange.request_body, kind)}
    return document


def _response(exchange: Exchange) -> dict[str, Any]:
    headers = redact_headers(exchange.response_headers.items())
    kind = headers.get("content-type", _JSON)
    return {
        "status": exchange.status or 0,
        "statusText": _phrase(exchange.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(headers),
        "content": {
            "size": len(exchange.response_body),
            "mimeType": kind,
            "text": _shown(exchange.response_body, kind),
        },
        "redirectURL": headers.get("location", ""),
        "headersSize": _UNKNOWN,
        "bodySize": len(exchange.response_body),
    }


def _base(exchange: Exchange, settings: Settings) -> str:
    """Where its party is; a name that is nobody's (RFC 6761) where the configuration no longer has it."""
    address = address_of(exchange, settings)
    return address.url.rstrip("/") if address is not None else f"http://{exchange.party}.invalid"


def _pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _shown(body: bytes, kind: str) -> str:
    if kind.partition(";")[0].strip().lower() == _FORM:
        return redact_path("?" + body.decode("utf-8", "replace"))[1:]
    return redact_body(body, "full").decode("utf-8", "replace")


def _phrase(status: int | None) -> str:
    try:
        return HTTPStatus(status or 0).phrase
    except ValueError:
        return ""
