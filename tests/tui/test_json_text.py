import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.json_text import laid_out, looks_like_json, tokens

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


def test_members_and_elements_stand_on_lines_of_their_own() -> None:
    assert laid_out('{"a":1,"b":{},"c":[1,{"d":"x, {y}"}],"e":[]}') == [
        "{",
        '  "a": 1,',
        '  "b": {},',
        '  "c": [',
        "    1,",
        "    {",
        '      "d": "x, {y}"',
        "    }",
        "  ],",
        '  "e": []',
        "}",
    ]


@given(JSON)
def test_what_is_laid_out_is_what_the_standard_library_lays_out(document: object) -> None:
    compact = json.dumps(document, separators=(",", ":"))
    assert "\n".join(laid_out(compact)) == json.dumps(document, indent=2)


@given(JSON)
def test_numbers_and_names_stay_as_they_were_sent(document: object) -> None:
    sent = json.dumps(document)
    assert json.loads("\n".join(laid_out(sent))) == document


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"a":"cut of', ["{", '  "a": "cut of']),
        ('{"a":[1,{"b', ["{", '  "a": [', "    1,", "    {", '      "b']),
        ("}}]", ["}", "}", "]"]),
        ("{1e400 007, nonsense}", ["{", "  1e400007,", "  nonsense", "}"]),
        ("", []),
    ],
)
def test_what_is_no_json_is_laid_out_as_far_as_it_goes(text: str, lines: list[str]) -> None:
    assert laid_out(text) == lines


def test_very_deep_documents_keep_room_for_their_text() -> None:
    lines = laid_out("[" * 1000 + "1" + "]" * 1000)
    assert len(lines) == 2001
    assert max(map(len, lines)) < 60


@given(st.text())
def test_the_tokens_of_a_line_are_the_line(line: str) -> None:
    assert "".join(text for _, text in tokens(line)) == line


def test_tokens_tell_names_from_texts_and_values() -> None:
    assert list(tokens('  "a": "b: c", ')) == [
        *(("sign", "  "), ("key", '"a"'), ("sign", ": "), ("string", '"b: c"'), ("sign", ", ")),
    ]
    assert list(tokens("-1.5e3,")) == [("value", "-1.5e3"), ("sign", ",")]


@pytest.mark.parametrize(("text", "json_like"), [('{"a"', True), ("  [1]", True), ("<html>", False), ("", False)])
def test_json_is_known_by_its_beginning(text: str, json_like: bool) -> None:
    assert looks_like_json(text) is json_like
