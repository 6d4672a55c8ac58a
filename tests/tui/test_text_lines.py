from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.plain import plain
from tui.text_lines import Kind, TextLine, folded, shown

TEXT = st.text(st.sampled_from('ab \x1b\n山é👩\u200d💻\u0301:"{,'), max_size=60)
KINDS = st.sampled_from(["plain", "dim", "bad", "header", "json"])


@given(TEXT, KINDS, st.integers(2, 20))
def test_the_folds_of_a_line_are_the_line_made_plain_and_each_fits(text: str, kind: Kind, width: int) -> None:
    line = TextLine(text, kind)
    pieces = ["".join(part for _, part in shown(line, fold)) for fold in folded([line], width)]
    assert "".join(pieces) == plain(text)
    assert all(cell_len(piece) <= width for piece in pieces)
    assert all(piece.isprintable() or "\u200d" in piece for piece in pieces)


def test_sentences_are_cut_between_words_and_values_where_the_line_is_full() -> None:
    text = "one two three"

    def pieces(kind: Kind) -> list[str]:
        return [text[fold.start : fold.end] for fold in folded([TextLine(text, kind)], 9)]

    assert pieces("plain") == ["one two ", "three"]
    assert pieces("json") == ["one two t", "hree"]


def test_an_empty_line_takes_a_line() -> None:
    assert len(folded([TextLine(""), TextLine("a")], 10)) == 2


def test_a_part_of_a_line_keeps_the_style_that_it_has_in_the_whole() -> None:
    line = TextLine('"name": "a long value"', "json")
    first, second = folded([line], 12)
    assert list(shown(line, first)) == [("key", '"name"'), ("sign", ": "), ("string", '"a l')]
    assert list(shown(line, second)) == [("string", 'ong value"')]


def test_a_header_is_its_name_and_its_value() -> None:
    assert list(TextLine("etag: W/1", "header").parts()) == [("key", "etag"), ("plain", ": W/1")]
