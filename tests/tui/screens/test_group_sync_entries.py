"""Edits of mappings: what is written, and that what means the same stays as it is written."""

from typing import Any

from tui.forms.draft import Draft
from tui.screens.group_sync_entries import added, entries, keeping_toggled, removed, toggled, uses
from tui.screens.group_sync_fields import MAP
from tui.screens.group_sync_rows import Listed, Named, names_of
from tui.widgets.window_source import Row

ONE: dict[str, Any] = {"idp": "Engineering", "target": ["wiki-users"]}
TWO: dict[str, Any] = {"idp": ["A", "B"], "target": "b", "keep_existing_members": False}


def draft(*maps: dict[str, Any]) -> Draft:
    return Draft("wiki", {"name": "wiki", "groups": {"map": list(maps)}})


def test_a_name_is_put_in_and_taken_out_and_what_is_as_before_is_no_edit() -> None:
    more = toggled(draft(ONE, TWO), 0, "idp", "Sales")
    assert entries(more)[0].value == {"idp": ("Engineering", "Sales"), "target": ["wiki-users"]}
    assert [each.is_edited for each in entries(more)] == [True, False]
    back = toggled(more, 0, "idp", "SALES")
    assert not back.is_edited
    assert entries(toggled(draft(ONE), 0, "target", "x"))[0].target == ("wiki-users", "x")


def test_one_name_alone_stands_by_itself_and_none_is_an_empty_list() -> None:
    assert entries(toggled(draft(TWO), 0, "idp", "A"))[0].value["idp"] == "B"
    assert entries(toggled(draft(ONE), 0, "idp", "engineering"))[0].value["idp"] == ()


def test_keeping_others_is_written_where_it_is_not_the_default() -> None:
    assert entries(keeping_toggled(draft(ONE), 0))[0].value == {**ONE, "keep_existing_members": False}
    assert "keep_existing_members" not in entries(keeping_toggled(draft(TWO), 0))[0].value
    assert not keeping_toggled(keeping_toggled(draft(ONE), 0), 0).is_edited


def test_mappings_are_added_last_and_removed_one_by_one() -> None:
    more = added(draft(ONE), ["Sales"], ["a", "b"])
    assert [each.key for each in entries(more)][1] == (frozenset({"sales"}), frozenset({"a", "b"}))
    assert not removed(more, 1).is_edited
    assert removed(draft(ONE), 0).value(MAP) is None


def test_what_is_no_mapping_at_all_is_passed_over() -> None:
    assert entries(Draft("wiki", {"groups": {"map": "x"}})) == ()
    assert entries(draft({"idp": 1, "target": ["a", 2]}))[0].names("target") == ("a",)


def test_it_is_known_in_how_many_mappings_a_name_is() -> None:
    assert uses(entries(draft(ONE, TWO, {"idp": ["a", "A"], "target": "x"})), "idp") == {
        "engineering": 1,
        "a": 2,
        "b": 1,
    }


def test_names_of_the_mapping_come_first_and_only_those_with_all_the_words() -> None:
    listed = Listed(entries(draft(ONE, TWO)), None, creates=False)
    assert names_of(listed, "idp", 1, "") == ["A", "B", "Engineering"]
    assert names_of(listed, "idp", 0, "ENG ring") == ["Engineering"]


def test_of_very_many_names_only_the_rows_in_sight_are_made() -> None:
    made: list[int] = []

    def row(number: int, name: str) -> Row:
        made.append(number)
        return Row(number, ())

    source = Named([str(number) for number in range(100_000)], row)
    assert [each.id for each in source.window_ending(source.head(), 3)] == [99_998, 99_999, 100_000]
    assert [each.id for each in source.window(50_000, 2)] == [50_000, 50_001]
    assert [each.id for each in source.window_ending(2, 5)] == [1, 2]
    assert source.window(100_001, 4) == []
    assert len(made) == 7
