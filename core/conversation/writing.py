"""A recording as the lines of its file (the format is that of the replay suite: one JSON document per line)."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.conversation.cast import Cast, Given, cast_of
from core.conversation.fakes import Fakes
from core.conversation.kept import NAMES, PLACES, Kept, kept
from core.conversation.masking import Masking
from core.exchange import Exchange
from core.redaction import MASK
from core.scim.paths import CORE_SCHEMA

_SENT = ("accept", "content-type", "user-agent")
"""Headers that a server may answer to differently."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What became of the exchanges."""

    lines: tuple[str, ...]
    exchanges: int
    left_out: Mapping[str, int]
    """How many could not be kept, by the reason."""
    is_masked: bool
    """Whether the log had masked values already, which therefore are not in their shape."""


def recording_of(exchanges: Iterable[Exchange], idp: str, source: random.Random | None = None) -> Recording:
    """The recording of one provider's inbound exchanges, in the order in which they came.

    The log has them in the order of its commits, and reads do not wait for theirs.
    """
    replayable, left_out = kept(sorted(exchanges, key=lambda exchange: exchange.at))
    cast = cast_of(replayable)
    masking = Masking(Fakes(source), {ident: f"{{{{{name}}}}}" for ident, name in cast.placeholders.items()})
    client = _common_headers(replayable)
    head = {
        "idp": idp,
        "about": "Recorded from real traffic; names, addresses, numbers and ids are stand-ins",
        "client": client,
        "given": [_given(given, cast, masking) for given in cast.given],
    }
    documents = [head, *_calls(replayable, cast, masking, client)]
    lines = tuple(json.dumps(document, ensure_ascii=False) for document in documents)
    masked = any(MASK in line for line in lines)
    return Recording(lines, len(replayable), Counter(left_out), masked)


def _given(given: Given, cast: Cast, masking: Masking) -> dict[str, Any]:
    name = cast.placeholders[given.ident]
    shown = masking.text(given.name, NAMES[given.kind].lower()) if given.name is not None else f"given {name}"
    body = {"schemas": [CORE_SCHEMA[given.kind]], NAMES[given.kind]: shown}
    return {"as": name, "path": PLACES[given.kind], "body": body}


def _common_headers(exchanges: Sequence[Kept]) -> dict[str, str]:
    """What the client sends most often, of each header."""
    common: dict[str, str] = {}
    for name in _SENT:
        counted = Counter(exchange.headers[name] for exchange in exchanges if name in exchange.headers)
        if counted:
            common[name] = counted.most_common(1)[0][0]
    return common


def _calls(
    exchanges: Sequence[Kept], cast: Cast, masking: Masking, client: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    versions = _Seen("version", "headers.etag")
    cursors = _Seen("cursor", "nextCursor")
    wanted = _wanted(exchanges)
    for exchange in exchanges:
        headers = {name: exchange.headers[name] for name in _SENT if exchange.headers.get(name) != client.get(name)
                   and name in exchange.headers}  # fmt: skip
        for name in ("if-match", "if-none-match"):
            if name in exchange.headers:
                headers[name] = versions.replaced(exchange.headers[name])
        call: dict[str, Any] = {"method": exchange.method, "path": cursors.replaced(masking.target(exchange.path))}
        call |= {"headers": headers} if headers else {}
        call |= {"body": masking.body(exchange.body)} if exchange.has_body else {}
        call["expect"] = {"status": exchange.status}
        capture = _captured(exchange, cast)
        capture |= versions.seen(exchange.answer_headers.get("etag"), wanted)
        answer = exchange.answer if isinstance(exchange.answer, dict) else {}
        capture |= cursors.seen(answer.get("nextCursor"), wanted)
        yield call | ({"capture": capture} if capture else {})


def _captured(exchange: Kept, cast: Cast) -> dict[str, str]:
    name = cast.placeholders.get(exchange.created.lower())
    return {name: "id"} if exchange.created and name is not None else {}


def _wanted(exchanges: Sequence[Kept]) -> str:
    """All that requests give back of earlier answers, besides ids."""
    conditions = (exchange.headers.get(name, "") for exchange in exchanges for name in ("if-match", "if-none-match"))
    return "\n".join((*conditions, *(exchange.path for exchange in exchanges if "cursor=" in exchange.path)))


class _Seen:
    """Values of answers that the client gives back as they are: each gets a name where it does."""

    def __init__(self, name: str, place: str) -> None:
        self._name = name
        self._place = place
        self._names: dict[str, str] = {}

    def seen(self, value: Any, wanted: str) -> dict[str, str]:
        """Capture a value of an answer that a request gives back."""
        if not isinstance(value, str) or not value or value not in wanted:
            return {}
        name = self._names.get(value) or f"{self._name}-{len(self._names) + 1}"
        self._names[value] = name
        return {name: self._place}

    def replaced(self, text: str) -> str:
        """A text with the values that were seen replaced by their names, the longest first."""
        for value in sorted(self._names, key=len, reverse=True):
            text = text.replace(value, f"{{{{{self._names[value]}}}}}")
        return text
