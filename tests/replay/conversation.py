"""Reads a recorded conversation (`README.md` says how one is written) into checked values."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_HEAD = {"idp", "about", "given", "client"}
_CALL = {"note", "method", "path", "headers", "body", "text", "unanswered", "expect", "capture"}
_EXPECT = {"status", "body", "headers", "empty"}
_END = {"store", "tolerances"}


@dataclass(frozen=True)
class Call:
    """One request, and what its answer must be like."""

    line: int
    method: str
    path: str
    headers: dict[str, str]
    content: bytes | None
    expect: dict[str, Any]
    capture: dict[str, str]
    unanswered: bool


@dataclass(frozen=True)
class Restart:
    """The engine stops, and another one opens the same store."""


@dataclass(frozen=True)
class Conversation:
    """What one identity provider sent, and what must have come of it."""

    name: str
    given: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    steps: list[Call | Restart] = field(default_factory=list)
    store: dict[str, Any] | None = None
    tolerances: list[str] | None = None


def read(path: Path) -> Conversation:
    """The conversation in a file; a key that the format does not know is an error, lest a check be lost by a slip."""
    lines = [(number, json.loads(text)) for number, text in enumerate(path.read_text().splitlines(), 1) if _says(text)]
    head, steps, end = lines[0][1], list[Call | Restart](), dict[str, Any]()
    _check(head, _HEAD, path, 1)
    for number, line in lines[1:]:
        if line == {"restart": True}:
            steps.append(Restart())
        elif "method" in line:
            steps.append(_call(line, number, path))
        else:
            _check(line, _END, path, number)
            end |= line
    return Conversation(
        path.stem, head.get("given", []), head.get("client", {}), steps, end.get("store"), end.get("tolerances")
    )


def _says(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("#")


def _call(line: dict[str, Any], number: int, path: Path) -> Call:
    _check(line, _CALL, path, number)
    _check(line["expect"], _EXPECT, path, number)
    content = line["text"].encode() if "text" in line else None
    if "body" in line:
        content = json.dumps(line["body"], ensure_ascii=False).encode()
    return Call(
        number,
        line["method"],
        line["path"],
        line.get("headers", {}),
        content,
        line["expect"],
        line.get("capture", {}),
        line.get("unanswered", False),
    )


def _check(line: dict[str, Any], known: set[str], path: Path, number: int) -> None:
    assert line.keys() <= known, f"{path.name}:{number}: unknown keys {sorted(line.keys() - known)}"
