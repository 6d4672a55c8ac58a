"""`$filter` as far as the directory and the provisioning log document it, compiled to a function.

Source: Microsoft Graph, "Use the $filter query parameter". A quote within a string is doubled. Directory properties
are compared without regard to case; `ne`, `not`, `endsWith` and comparisons with null are advanced queries.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.sandbox.graph.errors import bad_request, unsupported_query

Predicate = Callable[[Any], bool]
Reader = Callable[[str], Callable[[Any], Any]]
"""Gives for a property's name what reads it off an item."""

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),:]|[^\s(),:']+(?::[^\s(),:']+)*)")
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "gt": lambda left, right: left is not None and left > right,
    "ge": lambda left, right: left is not None and left >= right,
    "lt": lambda left, right: left is not None and left < right,
    "le": lambda left, right: left is not None and left <= right,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled filter."""

    matches: Predicate
    advanced: bool
    """Whether it needs `ConsistencyLevel: eventual` and `$count=true`."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a collection lets a filter do."""

    reader: Reader
    functions: frozenset[str] = frozenset({"startswith", "endswith"})
    folds: bool = True
    """Compares without regard to case."""


def compile_filter(text: str, dialect: Dialect) -> Filter:
    """Compile a filter.

    :raises Refusal: 400 for what is no filter, or none that this collection takes.
    """
    return _Parser(text, dialect).parse()


class _Parser:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0
        self._dialect = dialect
        self._advanced = False

    def parse(self) -> Filter:
        matches = self._or(self._dialect.reader)
        if self._next != len(self._tokens):
            raise self._wrong()
        return Filter(matches, self._advanced)

    def _or(self, reader: Reader) -> Predicate:
        parts = [self._and(reader)]
        while self._accept("or"):
            parts.append(self._and(reader))
        return parts[0] if len(parts) == 1 else lambda item: any(part(item) for part in parts)

    def _and(self, reader: Reader) -> Predicate:
        parts = [self._term(reader)]
        while self._accept("and"):
            parts.append(self._term(reader))
        return parts[0] if len(parts) == 1 else lambda item: all(part(item) for part in parts)

    def _term(self, reader: Reader) -> Predicate:
        if self._accept("not"):
            self._advanced = True
            inner = self._term(reader)
            return lambda item: not inner(item)
        if self._accept("("):
            inner = self._or(reader)
            self._expect(")")
            return inner
        name = self._take()
        if name.lower() in _FUNCTIONS and self._peek() == "(":
            return self._function(name.lower(), reader)
        if name.endswith("/any") and self._peek() == "(":
            return self._any(reader(name.removesuffix("/any")))
        return self._comparison(reader(name))

    def _function(self, name: str, reader: Reader) -> Predicate:
        if name not in self._dialect.functions:
            raise unsupported_query(f"Unsupported or invalid query filter clause specified: function '{name}'.")
        self._advanced |= name == "endswith"
        self._expect("(")
        read = reader(self._take())
        self._expect(",")
        wanted = self._folded(self._literal())
        self._expect(")")
        test = _FUNCTIONS[name]
        return lambda item: isinstance(found := self._folded(read(item)), str) and test(found, str(wanted))

    def _any(self, read: Callable[[Any], Any]) -> Predicate:
        self._expect("(")
        variable = self._take()
        if ":" in variable:  # written without a space, the variable and what follows are one token
            variable, _, rest = variable.partition(":")
            self._next -= 1
            self._tokens[self._next] = rest
        else:
            self._expect(":")
        inner = self._or(lambda name: _element(variable, name))
        self._expect(")")
        return lambda item: any(inner(element) for element in read(item) or ())

    def _comparison(self, read: Callable[[Any], Any]) -> Predicate:
        operator = self._take().lower()
        if operator == "in":
            return self._in(read)
        if operator not in _COMPARISONS:
            raise self._wrong()
        wanted = self._folded(self._literal())
        self._advanced |= operator == "ne" or wanted is None
        compare = _COMPARISONS[operator]
        return lambda item: compare(self._folded(read(item)), wanted)

    def _in(self, read: Callable[[Any], Any]) -> Predicate:
        self._expect("(")
        wanted = {self._folded(self._literal())}
        while self._accept(","):
            wanted.add(self._folded(self._literal()))
        self._expect(")")
        return lambda item: self._folded(read(item)) in wanted

    def _literal(self) -> Any:
        token = self._take()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        constants = {"true": True, "false": False, "null": None}
        return constants.get(token.lower(), token)

    def _folded(self, value: Any) -> Any:
        return value.casefold() if self._dialect.folds and isinstance(value, str) else value

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        if self._next >= len(self._tokens):
            raise self._wrong()
        self._next += 1
        return self._tokens[self._next - 1]

    def _accept(self, token: str) -> bool:
        found = self._peek().lower() == token
        self._next += found
        return found

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise self._wrong()

    def _wrong(self) -> Exception:
        return bad_request(f"Invalid filter clause: Syntax error at position {self._next} in '{self._text}'.")


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise bad_request(f"Invalid filter clause: There is an unterminated string literal in '{text}'.")
        tokens.append(match[1])
        position = match.end()
    return tokens


def _element(variable: str, name: str) -> Callable[[Any], Any]:
    own, _, path = name.partition("/")
    if own != variable:
        raise bad_request(f"Invalid filter clause: Could not find a property named '{own}'.")
    return (lambda element: element) if not path else lambda element: element.get(path)
