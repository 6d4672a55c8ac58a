"""Every key of a document has a line, and it is the right one."""

import tomllib
from collections.abc import Iterator

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.positions import KeyPath, key_lines

DOCUMENT = '''\
# [not.a.header]
plain = 1 # [nor.this]
"quoted key".inner = { list = [1, 2.5, { deep = "}" }], "esc\\u0061ped" = 1979-05-27 07:32:00.5 }
'literal' = """several
["lines"] = of "text""""
[table.below]
list = [
  "a", # comment, with a comma
  'b',
]
[[array]]
first = "# no comment"
[array.table]
key = -inf
[[array.inner]]
key = 1
[[array.inner]]
key = 2
[[array]]
dotted.key = 1e5
strings = [\'\'\'it\'s\'\'\', "a\\"b", "", \'\']
[[other]]
[[array]]
empty = {}
last = []'''


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from paths(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from paths(below, (*path, index))


def test_every_path_of_the_document_has_a_line_and_nothing_else_has() -> None:
    assert set(key_lines(DOCUMENT)) == set(paths(tomllib.loads(DOCUMENT)))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("plain",), 2),
        (("quoted key", "inner", "list", 2, "deep"), 3),
        (("quoted key", "inner", "escaped"), 3),
        (("literal",), 4),
        (("table",), 6),
        (("table", "below"), 6),
        (("table", "below", "list"), 7),
        (("table", "below", "list", 1), 9),
        (("array", 0), 11),
        (("array", 0, "table", "key"), 14),
        (("array", 0, "inner", 1, "key"), 18),
        (("array", 1), 19),
        (("array", 1, "dotted", "key"), 20),
        (("array", 1, "strings", 3), 21),
        (("other", 0), 22),
        (("array", 2, "last"), 25),
    ],
)
def test_a_key_has_the_line_it_stands_on(path: KeyPath, line: int) -> None:
    assert key_lines(DOCUMENT)[path] == line


def test_line_ends_of_windows_count_once() -> None:
    assert key_lines("a = 1\r\n\r\n[b]\r\nc = 2\r\n")[("b", "c")] == 4


_texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
_scalars = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | _texts | st.dates() | st.datetimes()
_values = st.recursive(
    _scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(_texts, below, max_size=3), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_texts, _values, max_size=4), st.booleans())
def test_any_document_has_a_line_for_each_of_its_keys(document: dict[str, object], multiline: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    parsed = tomllib.loads(text)
    lines = key_lines(text)
    assert set(lines) == set(paths(parsed))
    assert set(lines.values()) <= set(range(1, text.count("\n") + 2))
