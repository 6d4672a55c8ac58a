"""What an error answer says, as one clear sentence, whatever its shape.

Every Atlassian product has its own (Confluence `message`, Jira `errorMessages` and `errors`, Bitbucket `errors[]`,
Crowd `reason`, SCIM `detail`), and proxies and login filters before them answer in HTML, plain text or nothing. The
text is made safe to show: one line, no control characters, bounded.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import orjson

from core.targets.answer import Answer

LONGEST_TEXT = 300
_DEEPEST = 10
_LONGEST_SCANNED = 8 * 1024
"""Bytes of a page that are searched: its title stands at its beginning."""

_IGNORED_HTML = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_HEADLINE = re.compile(r"<(title|h1|message)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def error_text(answer: Answer) -> str:
    """What the answer says about the error; empty where it says nothing."""
    try:
        texts = list(_texts(orjson.loads(answer.body)))
    except orjson.JSONDecodeError:
        texts = [_plain(answer.body)]
    return one_line(" ".join(dict.fromkeys(text for text in texts if text)))


def error_code(answer: Answer) -> str:
    """The product's own word for the error: the exception of Bitbucket's first error without its package, Crowd's
    `reason`; empty where there is none."""
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return ""
    errors = document.get("errors") if isinstance(document, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    name = first.get("exceptionName") if isinstance(first, dict) else None
    reason = document.get("reason") if isinstance(document, dict) else None
    found = next((each for each in (name, reason) if isinstance(each, str)), "")
    return one_line(found).rpartition(".")[2]


def one_line(text: str) -> str:
    """The text without control characters and line breaks, cut at `LONGEST_TEXT` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def _plain(body: bytes) -> str:
    text = body[:_LONGEST_SCANNED].decode("utf-8", errors="replace")
    if "<" not in text:
        return text
    text = _IGNORED_HTML.sub(" ", text)
    headlines = [unescape(_TAG.sub(" ", found)).strip() for _, found in _HEADLINE.findall(text)]
    return next((headline for headline in headlines if headline), "") or unescape(_TAG.sub(" ", text))


def _texts(document: Any, depth: int = 0) -> Iterator[str]:
    """The sentences in an error document, the most telling first."""
    if isinstance(document, str):
        yield document
    elif depth > _DEEPEST:
        return
    elif isinstance(document, list):
        for item in document[:20]:
            yield from _texts(item, depth + 1)
    elif isinstance(document, dict):
        yield from _object_texts(document, depth + 1)


def _object_texts(document: dict[str, Any], depth: int) -> Iterator[str]:
    for key in ("errorMessages", "message", "translation", "detail", "error_description", "error"):
        yield from _texts(document.get(key), depth)
    yield from _field_texts(document.get("errors"), depth)
    data = document.get("data")
    if isinstance(data, dict):
        yield from _texts(data.get("errors"), depth)
    told = any(document.get(key) for key in ("message", "translation", "detail", "error", "errorMessages", "errors"))
    if not told:
        yield from (str(document[key]) for key in ("reason", "key") if isinstance(document.get(key), str))


def _field_texts(errors: Any, depth: int) -> Iterator[str]:
    """Jira's `errors` names fields, Bitbucket's is a list with a `context` each."""
    if isinstance(errors, dict):
        yield from (f"{field}: {text}" for field, text in errors.items() if isinstance(text, str))
        return
    for item in errors if isinstance(errors, list) else ():
        context = item.get("context") if isinstance(item, dict) else None
        yield from (f"{context}: {text}" if isinstance(context, str) else text for text in _texts(item, depth))
