"""On which line each key of a TOML document stands, so that an error can point at it.

`tomllib` keeps no positions, and `tomlkit` gives none. This scanner reads the text a second time, after `tomllib` has
accepted it, and therefore checks nothing: on a text that is not TOML its answer has no meaning.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

KeyPath = tuple[str | int, ...]
"""Keys from the top of the document down; a number is a position in an array, from 0."""

_TOKEN = re.compile(
    r'''
      (?P<string>   """(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?\'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' )
    | (?P<comment>  \#[^\n]* )
    | (?P<newline>  \n )
    | (?P<space>    [ \t\r]+ )
    | (?P<mark>     [\[\]{}=,.] )
    | (?P<bare>     [^\s\[\]{}=,."'\#]+ )
    ''',
    re.VERBOSE | re.DOTALL,
)

_Token = tuple[str, str, int]
"""Kind, text, line. Marks have themselves as their kind."""


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, of every key, table header and array element of `text`, which must be valid TOML."""
    return _Scanner(text).lines


def header_lines(text: str) -> Sequence[tuple[KeyPath, int]]:
    """Each header, `[table]` or `[[table]]`, from top to bottom, with its line; `text` must be valid TOML."""
    return _Scanner(text).headers


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        token = match.group()
        kind = match.lastgroup or ""
        if kind not in ("space", "comment"):
            yield (token if kind == "mark" else kind), token, line
        line += token.count("\n")


class _Scanner:
    """A reader of tokens, always one ahead. Each method reads one construct of the grammar and stops behind it."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.headers: list[tuple[KeyPath, int]] = []
        self._tokens = _tokens(text)
        self._next = next(self._tokens, None)
        self._tables: dict[KeyPath, int] = {}
        """How many tables each array of tables has so far."""
        self._document()

    def _take(self) -> _Token:
        if self._next is None:
            raise ValueError("the text is not valid TOML: it ends too early")
        token, self._next = self._next, next(self._tokens, None)
        return token

    def _sees(self, *kinds: str) -> bool:
        return self._next is not None and self._next[0] in kinds

    def _skip(self, *kinds: str) -> None:
        while self._sees(*kinds):
            self._take()

    def _document(self) -> None:
        table: KeyPath = ()
        while self._next is not None:
            if self._sees("newline"):
                self._take()
            elif self._sees("["):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        line = self._take()[2]
        is_array = self._sees("[")
        self._skip("[")
        path = self._key((), line)
        self._skip("]")
        if is_array:
            # `_key` led to the array's last table, where there is one; this header opens the next.
            array = path[:-1] if path and isinstance(path[-1], int) else path
            self._tables[array] = self._tables.get(array, 0) + 1
            path = (*array, self._tables[array] - 1)
        self.lines[path] = line
        self.headers.append((path, line))
        return path

    def _key(self, table: KeyPath, line: int) -> KeyPath:
        """A key, dotted or not. Tables on its way are noted too, where it is the first to name them."""
        path = table
        while True:
            path = (*path, _name(self._take()))
            self.lines.setdefault(path, line)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
            if not self._sees("."):
                return path
            self._take()

    def _pair(self, table: KeyPath) -> None:
        line = self._next[2] if self._next else 0
        path = self._key(table, line)
        self._take()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        else:
            # A number or date is several tokens: `1979-05-27 07:32:00.5`.
            self._skip("bare", "string", ".")

    def _array(self, path: KeyPath) -> None:
        self._take()
        index = 0
        self._skip("newline")
        while self._next is not None and not self._sees("]"):
            element = (*path, index)
            self.lines[element] = self._next[2]
            self._value(element)
            self._skip("newline", ",")
            index += 1
        self._skip_one("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        self._skip("newline")
        while self._next is not None and not self._sees("}"):
            self._pair(path)
            self._skip("newline", ",")
        self._skip_one("}")

    def _skip_one(self, kind: str) -> None:
        if self._sees(kind):
            self._take()


def _name(token: _Token) -> str:
    """A key's name without its quotes and escapes."""
    kind, text, _ = token
    if kind == "bare":
        return text
    name = tomllib.loads(f"name = {text}")["name"]
    return str(name)
