import pytest

from core.filtering import FIELDS, completed, hint


def test_an_empty_bar_lists_every_field() -> None:
    assert hint("", 0).split() == [f"{field.name}:" for field in FIELDS]


def test_a_begun_name_lists_the_fields_that_begin_so() -> None:
    assert hint("-s", 2) == "status: subject: since:"


def test_a_typed_field_shows_its_help_and_examples() -> None:
    assert "status:404|4xx|500-599|none" in hint("ada -status:4", 13)


def test_the_hint_is_about_the_place_of_the_caret() -> None:
    assert hint("took:>1s status:4", 4) == "took:"
    assert "took:>1s" in hint("took:>1s status:4", 8)


def test_a_word_that_begins_no_field_lists_them_all_and_an_unknown_field_nothing() -> None:
    assert hint("zzz", 3) == hint("", 0)
    assert hint("zzz:1", 5) == ""


@pytest.mark.parametrize(
    ("text", "caret", "result"),
    [
        ("st", 2, ("status:", 7)),
        ("ada -me", 7, ("ada -method:", 12)),
        ("me ada", 2, ("method: ada", 7)),
        ("s", 1, ("s", 1)),
        ("p", 1, ("pa", 2)),
        ("zz", 2, ("zz", 2)),
        ("", 0, ("", 0)),
        ("status:zz", 9, ("status:zz", 9)),
    ],
)
def test_a_name_is_completed_as_far_as_all_fields_that_go_on_so_agree(
    text: str, caret: int, result: tuple[str, int]
) -> None:
    assert completed(text, caret) == result


SEEN = {"party": ("entra", "wiki", "wiki-test"), "subject": ("Ada Lovelace", "ada@example.com", 'o"dd', "b\x1b[m")}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        *(("party:e", "party:entra"), ("-party:entra|w", "-party:entra|wiki"), ("party:x", "party:x")),
        *(("is:s", "is:slow"), ("status:5", "status:5xx"), ("method:p", "method:p"), ("METHOD:pat", "METHOD:patch")),
        *(
            ("subject:ada ", "subject:ada "),
            ("subject:ada", "subject:ada"),
            ("subject:ada@", "subject:ada@example.com"),
        ),
        *(('subject:"Ada ', 'subject:"Ada Lovelace"'), ("subject:o", "subject:o"), ("subject:b", "subject:b")),
        *(("zzz:1", "zzz:1"), ("took:>1", "took:>1")),
    ],
)
def test_a_value_is_completed_from_what_is_known_and_what_was_seen(text: str, result: str) -> None:
    assert completed(text, len(text), SEEN) == (result, len(result))


def test_the_values_that_go_on_so_are_listed_behind_the_help() -> None:
    assert hint("party:w", 7, SEEN) == "provider or target, by its whole name: party:entra   seen: wiki, wiki-test"
    assert "seen" not in hint("party:x", 7, SEEN)
    many = {"party": [f"p{number}" for number in range(20)]}
    assert hint("party:", 6, many).endswith("p7, ...")
