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
        ("zz", 2, ("zz", 2)),
        ("", 0, ("", 0)),
        ("status:4", 8, ("status:4", 8)),
    ],
)
def test_a_name_is_completed_when_only_one_field_goes_on_so(text: str, caret: int, result: tuple[str, int]) -> None:
    assert completed(text, caret) == result
