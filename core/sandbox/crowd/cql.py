"""The part of Crowd Query Language that searches for users and groups need: comparisons joined by `and` and `or`.

`email = "x@example.com" and (active = true or name = j*)`; `*` stands for anything, texts are compared without case.
Source: Crowd's documentation, "Crowd Query Language".
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import translate

Entity = Mapping[str, str]
"""Field → value."""
Condition = Callable[[Entity], bool]

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|(?P<mark>[()=<>])|(?P<word>[^\s()=<>"\']+))'
)


class NotUnderstood(ValueError):
    """The text is no query, or asks for a field that there is not."""


def condition(text: str, fields: frozenset[str]) -> Condition:
    """Whether an entity is one that the query asks for; an empty query asks for all.

    :raises NotUnderstood: when it is no query about these fields.
    """
    if not text.strip():
        return lambda entity: True
    reading = _Reading(_tokens(text), fields)
    found = reading.alternatives()
    if reading.tokens:
        raise NotUnderstood(f"Unexpected '{reading.tokens[0]}'")
    return found


class _Reading:
    """What is left to read of a query."""

    def __init__(self, tokens: list[str], fields: frozenset[str]) -> None:
        self.tokens = tokens
        self._fields = fields

    def alternatives(self) -> Condition:
        """What `or` joins."""
        found = [self._together()]
        while self._sees("or"):
            self.tokens.pop(0)
            found.append(self._together())
        return lambda entity: any(each(entity) for each in found)

    def _together(self) -> Condition:
        """What `and` joins."""
        found = [self._comparison()]
        while self._sees("and"):
            self.tokens.pop(0)
            found.append(self._comparison())
        return lambda entity: all(each(entity) for each in found)

    def _comparison(self) -> Condition:
        if self._sees("("):
            self.tokens.pop(0)
            found = self.alternatives()
            if self._next() != ")":
                raise NotUnderstood("A ) is missing")
            return found
        field, mark, wanted = self._next(), self._next(), _plain(self._next())
        if field not in self._fields or mark not in "=<>":
            raise NotUnderstood(f"Cannot compare '{field}'")
        if mark == "=":
            pattern = re.compile(translate(wanted.lower().replace("[", "[[]").replace("?", "[?]")), re.DOTALL)
            return lambda entity: pattern.match(entity[field].lower()) is not None
        if mark == "<":
            return lambda entity: entity[field].lower() < wanted.lower()
        return lambda entity: entity[field].lower() > wanted.lower()

    def _sees(self, word: str) -> bool:
        return bool(self.tokens) and self.tokens[0].lower() == word

    def _next(self) -> str:
        if not self.tokens:
            raise NotUnderstood("The query ends too early")
        return self.tokens.pop(0)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotUnderstood(f"Cannot read '{text[at:].strip()}'")
        found.append(match.group().strip())
        at = match.end()
    return found


def _plain(token: str) -> str:
    """A value without its quotes."""
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "\"'" else token
