"""From the text of a filter to its condition: a reader written by hand, which says where it stopped and what to do.

filter  = { term }                          side by side means and
term    = { "-" | "not" } [ field ":" ] value { "|" value }
value   = word | "quoted words"             a word ends at a space; \\" and \\\\ stand for themselves in quotes
"""

import re
from collections.abc import Iterator

from core.filtering import fields
from core.filtering.conditions import ALL, AllOf, AnyOf, Condition, Not

LONGEST = 1000
"""Characters of a filter."""
_FIELD = re.compile(r"([A-Za-z_]+):")
_NOT = re.compile(r"not(\s+|$)", re.IGNORECASE)
_OTHER_WORDS = {
    "or": 'write several values with |, as in status:404|500, or "or" for the word',
    "and": 'terms side by side already mean and; write "and" for the word',
}


class FilterError(ValueError):
    """A filter that cannot be read: what is wrong, and where."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(f"character {position + 1}: {problem}")
        self.problem = problem
        self.position = position
        """Where in the text, from 0 on."""


def parse(text: str, now: int) -> Condition:
    """The condition that a filter stands for; an empty one holds for everything.

    `now`, in milliseconds since 1970, is what `since:` counts from.

    :raises FilterError: naming the place and what to write instead.
    """
    if len(text) > LONGEST:
        raise FilterError(f"the filter is longer than {LONGEST} characters", LONGEST)
    if "\0" in text:
        raise FilterError("a NUL character cannot be looked for: leave it out", text.index("\0"))
    terms = tuple(_Reader(text, now).terms())
    return AllOf(terms) if terms else ALL


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, now: int) -> None:
        self._text = text
        self._now = now
        self._at = 0

    def terms(self) -> Iterator[Condition]:
        """Every term of the text."""
        self._skip_spaces()
        while self._at < len(self._text):
            yield self._term()
            self._skip_spaces()

    def _term(self) -> Condition:
        negated = False
        start = self._at
        while self._took_not():
            negated = not negated
        if self._at == len(self._text) or self._text[self._at].isspace():
            raise FilterError("a term must follow, as in -status:404", start)
        term = self._positive()
        return Not(term) if negated else term

    def _took_not(self) -> bool:
        if self._text.startswith("-", self._at):
            self._at += 1
            return True
        if found := _NOT.match(self._text, self._at):
            self._at = found.end()
            return True
        return False

    def _positive(self) -> Condition:
        read, name = fields.ANYWHERE, ""
        if found := _FIELD.match(self._text, self._at):
            name = found[1]
            read = self._field(name).read
            self._at = found.end()
        values = [self._value(name, read)]
        while self._text.startswith("|", self._at):
            self._at += 1
            values.append(self._value(name, read))
        return values[0] if len(values) == 1 else AnyOf(tuple(values))

    def _field(self, name: str) -> fields.Field:
        try:
            return fields.find(name)
        except ValueError as error:
            raise FilterError(f"{error} Quote it to look for the text", self._at) from None

    def _value(self, name: str, read: fields.Read) -> Condition:
        start = self._at
        value, quoted = self._word()
        if not value:
            raise FilterError(f"{name}: needs a value" if name else "a word is missing here", start)
        if not name and not quoted and value.lower() in _OTHER_WORDS:
            raise FilterError(_OTHER_WORDS[value.lower()], start)
        try:
            return read(value, self._now)
        except ValueError as error:
            raise FilterError(f"{name}: {error}", start) from None

    def _word(self) -> tuple[str, bool]:
        """Characters up to a space or `|`, and whether any of them were quoted."""
        kept: list[str] = []
        quoted = False
        while self._at < len(self._text) and not self._text[self._at].isspace() and self._text[self._at] != "|":
            if self._text[self._at] == '"':
                quoted = True
                kept.append(self._quoted())
            else:
                kept.append(self._text[self._at])
                self._at += 1
        return "".join(kept), quoted

    def _quoted(self) -> str:
        start = self._at
        kept: list[str] = []
        self._at += 1
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character == '"':
                return "".join(kept)
            if character == "\\" and self._text[self._at : self._at + 1] in ('"', "\\"):
                character = self._text[self._at]
                self._at += 1
            kept.append(character)
        raise FilterError('the quotation begun here has no end: add "', start)

    def _skip_spaces(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
