"""Which exchanges of the log can be replayed at all, and what each of them says."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.exchange import Exchange

Kind = Literal["User", "Group"]
PLACES: Mapping[Kind, str] = {"User": "/Users", "Group": "/Groups"}
NAMES: Mapping[Kind, str] = {"User": "userName", "Group": "displayName"}

NO_BODY = 'their bodies were not kept: record with [log] bodies = "redacted"'
CUT = "their bodies were cut, or are no JSON"
CIRCUMSTANCE = "their answers depend on tokens, limits or the state of the engine (401, 403, 408, 413, 429, 5xx)"
UNANSWERED = "they were never answered"
_CIRCUMSTANCES = frozenset((401, 403, 408, 413, 429))
_BODIED = frozenset(("POST", "PUT", "PATCH"))


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange that can be replayed."""

    method: str
    path: str
    """With the query, as sent."""
    headers: Mapping[str, str]
    """In lower case."""
    status: int
    body: Any
    """As JSON; `None` where there was none, or null."""
    has_body: bool
    answer: Any
    """As JSON; `None` where it had none, or it was not kept."""
    answer_headers: Mapping[str, str]
    """In lower case."""

    @property
    def place(self) -> tuple[Kind | None, str]:
        """The kind of resource that the path is about, and the id in it, which may be empty."""
        parts = [part for part in self.path.partition("?")[0].split("/") if part]
        kinds: Mapping[str, Kind] = {"users": "User", "groups": "Group"}
        kind = kinds.get(parts[0].lower()) if parts else None
        return kind, parts[1] if kind is not None and len(parts) == 2 and parts[1] != ".search" else ""

    @property
    def created(self) -> str:
        """The id of what it made; empty where it made nothing."""
        if self.method != "POST" or self.status != 201 or self.place[0] is None:
            return ""
        ident = self.answer.get("id") if isinstance(self.answer, dict) else None
        return str(ident or self.answer_headers.get("location", "").rsplit("/", 1)[-1])

    @property
    def resources(self) -> Iterator[dict[str, Any]]:
        """The resources that the answer shows."""
        if not isinstance(self.answer, dict) or self.status >= 400:
            return
        listed = self.answer.get("Resources")
        for each in listed if isinstance(listed, list) else [self.answer]:
            if isinstance(each, dict) and isinstance(each.get("id"), str):
                yield each


def kept(exchanges: Iterable[Exchange]) -> tuple[list[Kept], Counter[str]]:
    """The inbound exchanges that can be replayed, in their order; and how many cannot, by the reason."""
    result, left_out = list[Kept](), Counter[str]()
    for exchange in exchanges:
        reason = _reason_against(exchange)
        if reason:
            left_out[reason] += 1
        else:
            result.append(_kept(exchange))
    return result, left_out


def _reason_against(exchange: Exchange) -> str:
    if exchange.status is None:
        return UNANSWERED
    if exchange.status in _CIRCUMSTANCES or exchange.status >= 500:
        return CIRCUMSTANCE
    length = _lowered(exchange.request_headers).get("content-length", "")
    if not exchange.request_body:
        sent = exchange.method in _BODIED and (length not in ("", "0") or exchange.status < 400)
        return NO_BODY if sent else ""
    return "" if _is_json(exchange.request_body) else CUT


def _kept(exchange: Exchange) -> Kept:
    assert exchange.status is not None
    return Kept(
        method=exchange.method,
        path=exchange.path,
        headers=_lowered(exchange.request_headers),
        status=exchange.status,
        body=json.loads(exchange.request_body) if exchange.request_body else None,
        has_body=bool(exchange.request_body),
        answer=json.loads(exchange.response_body) if _is_json(exchange.response_body) else None,
        answer_headers=_lowered(exchange.response_headers),
    )


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
