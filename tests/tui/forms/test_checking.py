"""What is wrong with a draft is said at the field that it is about."""

from pathlib import Path

from core.config.problems import Problem
from tui.forms.checking import by_field, checked, not_values, on_rows
from tui.forms.draft import Draft
from tui.forms.field import Field

MATCH = ("users", "username", "match")


def problem(key: str) -> Problem:
    return Problem(Path("config.toml"), 3, key, "this is wrong", "Write it right")


def test_a_draft_without_problems_gives_its_rules() -> None:
    found = checked(Draft("wiki", {"users": {"create": False}}))
    assert not found.rules.users.create
    assert found.problems == {}


def test_a_wrong_value_is_said_at_its_key() -> None:
    found = checked(Draft("wiki", {}).with_value(MATCH, "(?=x)").with_value(("users", "grace"), "soon"))
    assert found.rules.users.grace == 0, "the default stands for what cannot be read"
    assert set(found.problems) == {MATCH, ("users", "grace")}


def test_of_several_tables_the_one_that_is_wrong_is_named() -> None:
    leads = ({"to": ("manager",)}, {"to": ("somebody",)})
    found = checked(Draft("tracker", {}).with_value(("users", "lead"), leads))
    assert [path[:4] for path in found.problems] == [("users", "lead", 1, "to")]


def test_a_problem_of_a_part_is_shown_where_there_is_a_row() -> None:
    rows = [("brakes", "deactivate"), ("users", "protect")]
    said = on_rows({("brakes", "deactivate", "percent"): "too many", ("url",): "no URL"}, rows)
    assert said == {("brakes", "deactivate"): "too many", ("url",): "no URL"}


def test_problems_of_a_file_find_their_fields_and_others_are_told_whole() -> None:
    fields = [Field(("schedule", "every"), "Every", "Help.", "text")]
    said = by_field([problem("target.schedule.every"), problem("store.url")], fields)
    assert said[("schedule", "every")] == "this is wrong. Write it right."
    assert said[()] == "config.toml:3: store.url: this is wrong. Write it right."


def test_a_text_that_is_no_value_of_its_kind_is_said_at_its_field() -> None:
    field = Field(("users", "missed_reads"), "Missed reads", "Help.", "number", 2)
    said = not_values([field], Draft("wiki", {}).with_text(field.path, "two"))
    assert said == {field.path: "'two' is not a whole number. Write digits alone, like 2."}
